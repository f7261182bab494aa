import { jaco } from '../../../../checks/jaco.ts';
import type { Json } from '../../../../src/engine/json.ts';
import { notApplicable, type Outcome, value } from '../../../../src/engine/outcome.ts';
import { hostAddresses } from '../../../../src/probes/host/addresses.ts';
import { listeners } from '../../../../src/probes/host/listeners.ts';
import type { Handshake, Leaf } from '../../../../src/probes/io/tls.ts';
import { memberCertificates } from '../../../../src/probes/jaco/access/member-certificates.ts';
import { ownCertificate } from '../../../../src/probes/jaco/access/own-certificate.ts';
import { type TokenAnswer, tokenAnswer } from '../../../../src/probes/jaco/access/token-answer.ts';
import { type ListedToken, tokenList } from '../../../../src/probes/jaco/access/token-list.ts';
import { clusterCa } from '../../../../src/probes/jaco/control/cluster-ca.ts';
import { clusterStatus } from '../../../../src/probes/jaco/control/cluster-status.ts';
import { servers } from '../../../../src/probes/jaco/control/servers.ts';
import type { ClusterStatus } from '../../../../src/probes/jaco/control/status-fact.ts';
import type { TlsTarget } from '../../../../src/probes/jaco/control/tls-target.ts';
import { jacodProcess } from '../../../../src/probes/jaco/daemon/jacod-process.ts';
import { knownLeader } from '../../../../src/probes/jaco/raft/known-leader.ts';
import { localNode } from '../../../../src/probes/jaco/raft/local-node.ts';
import { type Given, judgeFacts, onlyGroups, outcomeOf } from '../../scene.ts';
import { captured, hostOf, soonAfter } from './raft-scene.ts';

export const three = captured('status-leader-3');
export const NOW = soonAfter(three);
export const DAY = 86_400_000;
const PEM = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';

const leaf = (given: Partial<Leaf> = {}): Leaf => ({
  subject: 'jaco-1',
  issuer: 'JACO Cluster CA',
  dnsNames: ['jaco-1'],
  addresses: ['10.81.3.1'],
  notBeforeMs: NOW - 100 * DAY,
  notAfterMs: NOW + 3_000 * DAY,
  fingerprint: 'AA:BB',
  selfSigned: false,
  authority: '5b0f',
  signedByCa: true,
  covers: true,
  ...given,
});
export const bootstrap = {
  subject: 'jacod-bootstrap (bootstrap)',
  issuer: 'jacod-bootstrap (bootstrap)',
  selfSigned: true,
  covers: false,
};
export const target = (given: Partial<Leaf> = {}, more: Partial<TlsTarget> = {}): TlsTarget => {
  const hello: Handshake = { kind: 'hello', leaf: leaf(given), protocol: 'TLSv1.3', ms: 9 };
  return { subject: 'jaco-1', address: '10.81.3.1:7000', own: true, hearsay: false, hello, refused: null, ...more };
};

type Scene = {
  readonly targets?: readonly TlsTarget[];
  readonly ca?: Outcome;
  readonly status?: ClusterStatus | Outcome;
  readonly servers?: Outcome;
  readonly trial?: TokenAnswer | Outcome;
  readonly tokens?: readonly ListedToken[] | Outcome;
  readonly leader?: Outcome;
  readonly listening?: readonly { readonly address: string; readonly port: number; readonly program?: string | null }[];
  readonly addresses?: readonly string[];
  readonly now?: number;
};

const NONE = notApplicable('no token was given, and the control socket needs none');
export const CA = value({
  path: '/var/lib/jaco/node/ca.crt',
  from: 'node',
  pem: PEM,
  fingerprints: ['CC:DD'],
  notAfterMs: null,
});

/** The rows of group 3 over a scene: a healthy node, except for the given facts. */
export function judge(scene: Scene) {
  const { now = NOW, targets = [target()] } = scene;
  const given: Given = Object.fromEntries<Outcome>([
    [clusterStatus.name, outcomeOf((scene.status ?? three) as Json)],
    [servers.name, scene.servers ?? notApplicable('on a node')],
    [clusterCa.name, scene.ca ?? CA],
    [ownCertificate.name, value({ targets: targets.filter(({ own }) => own) } as unknown as Json)],
    [memberCertificates.name, value({ targets: targets.filter(({ own }) => !own) } as unknown as Json)],
    [localNode.name, value(hostOf('jaco-1', three) as unknown as Json)],
    [
      knownLeader.name,
      scene.leader ?? value({ address: '10.81.3.1:7001', hostname: 'jaco-1', grpcAddress: '10.81.3.1:7000' }),
    ],
    [tokenAnswer.name, outcomeOf((scene.trial ?? NONE) as Json | Outcome)],
    [
      tokenList.name,
      Array.isArray(scene.tokens ?? [])
        ? value({
            tokens: scene.tokens ?? [{ identity: 'bootstrap', revoked: false, revokedAtMs: null }],
            omitted: 0,
          } as unknown as Json)
        : (scene.tokens as Outcome),
    ],
    [hostAddresses.name, value({ addresses: [...(scene.addresses ?? ['10.81.3.1', '127.0.0.1'])] })],
    [
      jacodProcess.name,
      value({ main: { pid: 226 }, from: 'unit', socketDirPrivate: false, others: [] } as unknown as Json),
    ],
    [
      listeners.name,
      value({
        listeners: (
          scene.listening ?? [
            { address: '10.81.3.1', port: 7000 },
            { address: '10.81.3.1', port: 7001 },
          ]
        ).map((one) => ({
          protocol: 'tcp',
          uid: 999,
          program: 'jacod',
          ...one,
          pid: one.program === undefined || one.program === 'jacod' ? 226 : null,
        })),
        unix: [],
        holdersVisible: true,
      } as unknown as Json),
    ],
  ]);
  const rows = judgeFacts(onlyGroups(jaco, 'access'), given, { now });
  return { tls: rows['control-tls'], token: rows['operator-token'], exposure: rows['control-exposure'] };
}
