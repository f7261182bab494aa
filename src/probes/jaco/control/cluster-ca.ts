import { failed, type Outcome, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { readText } from '../../io/files.ts';
import { parseCertificates } from '../../io/tls.ts';
import { type DataDir, dataDir } from '../daemon/data-dir.ts';
import { probe } from '../jaco-probe.ts';

/** The CA that verifies operator ports. */
export type ClusterCa = {
  readonly path: string;
  /** Whether the user named the file, or it is the default of this node or of JACO's CLI. */
  readonly from: 'given' | 'node' | 'default';
  /** Only the certificates of the file; a key in it is not kept. */
  readonly pem: string;
  /** SHA-256, `AB:CD:…`, one for each certificate. */
  readonly fingerprints: readonly string[];
};

/** The file that JACO's CLI reads by default (docs/jaco-daemon/control.md#cli-transport). */
const DEFAULT_CA_PATH = '/var/lib/jaco/node/ca.crt';

/**
 * Most certificates in one file, because each is compared with every port's certificate. A host's own bundle has three
 * times as many.
 */
const MAX_CERTIFICATES = 50;

/** The cluster's CA: the given file, else this node's own, else the CLI's default. `denied` if it may not be read. */
export const clusterCa = probe({
  name: 'jaco.cluster-ca',
  where: 'anywhere',
  right: 'root or user jaco',
  after: { data: attempt(dataDir) },
  deadlineMs: 1_000,
  async collect({ settings }, { data }): Promise<Result<ClusterCa>> {
    return readCa(settings.caCert, data);
  },
});

/** Reads the given CA file, else that of the node with the data directory `data`, else the CLI's default. */
export async function readCa(given: string | null, data: Outcome<DataDir> | null): Promise<Result<ClusterCa>> {
  const own = data?.kind === 'value' ? `${data.value.path}/node/ca.crt` : null;
  const path = given ?? own ?? DEFAULT_CA_PATH;
  const read = await readText(path);
  if (read.kind === 'failed') return read;
  const certificates = parseCertificates(read.text);
  if (certificates.length === 0) return failed('unreadable', 'parse', `${path}: no certificate in PEM`);
  if (certificates.length > MAX_CERTIFICATES)
    return failed(
      'unreadable',
      'parse',
      `${path}: ${certificates.length} certificates, but a cluster has one CA; put it alone into a file`,
    );
  return value({
    path,
    from: given !== null ? 'given' : own !== null ? 'node' : 'default',
    pem: certificates.map((one) => one.toString()).join(''),
    fingerprints: certificates.map((one) => one.fingerprint256),
  });
}
