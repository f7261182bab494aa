import { factOf, failed, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { clusterCa } from '../control/cluster-ca.ts';
import { clusterStatus } from '../control/cluster-status.ts';
import { type Servers, servers } from '../control/servers.ts';
import type { ClusterStatus } from '../control/status-fact.ts';
import { handshakeWith, type TlsTarget } from '../control/tls-target.ts';
import { probe } from '../jaco-probe.ts';
import { type LocalNode, localNode } from '../raft/local-node.ts';
import { ownershipOf } from '../raft/peer-targets.ts';

/**
 * The certificates of the operator ports that this run examines: that of this node, or those of the given servers that
 * accepted a connection.
 */
export type OwnCertificate = { readonly targets: readonly TlsTarget[] };

/**
 * A separate handshake, because gRPC's errors do not distinguish certificates
 * (docs/jaco-daemon/errors.md#transport-failures).
 */
export const ownCertificate = probe({
  name: 'jaco.own-certificate',
  where: 'anywhere',
  after: {
    status: attempt(clusterStatus),
    host: attempt(localNode),
    servers: attempt(servers),
    ca: attempt(clusterCa),
  },
  deadlineMs: 3_500,
  async collect(io, { status, host, servers: asked, ca }, signal): Promise<Result<OwnCertificate>> {
    if (asked.kind === 'value') return value({ targets: namedTargets(asked.value) });
    if (status.kind !== 'value') return status;
    if (host.kind !== 'value') return host;
    const address = ownAddress(status.value, host.value);
    if (address === null)
      return failed('absent', 'address', 'neither jacod.yaml nor the member list names its operator port');
    io.phase('tls');
    const hello = await handshakeWith(address, factOf(ca)?.pem ?? null, signal);
    return value({
      targets: [{ subject: host.value.hostname, address, own: true, hearsay: false, hello, refused: null }],
    });
  },
});

function namedTargets({ servers: asked, lead }: Servers): readonly TlsTarget[] {
  return asked.flatMap(({ address, hostname, hello, refused }) =>
    hello === null
      ? []
      : [{ subject: hostname ?? address, address, own: address === lead?.address, hearsay: false, hello, refused }],
  );
}

/** The address of this node's operator port, from its configuration or from the cluster's list. */
function ownAddress({ nodes }: ClusterStatus, host: LocalNode): string | null {
  const listed = nodes.find((node) => ownershipOf(node, host) === 'own')?.grpcAddress ?? '';
  return host.grpcAddress ?? (listed === '' ? null : listed);
}
