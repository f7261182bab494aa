import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { tcpTarget } from '../../io/grpc/grpc.ts';
import { type Servers, servers } from '../control/servers.ts';
import type { ClusterStatus } from '../control/status-fact.ts';
import { type LocalNode, localNode } from '../raft/local-node.ts';
import { ownershipOf } from '../raft/peer-targets.ts';
import { stableStatus } from '../raft/stable-status.ts';

/** A node whose proxy is asked. `host` is a name or an address. */
export type IngressNode = {
  readonly hostname: string;
  readonly host: string;
  /**
   * `own`: this node. `member`: another one, over the cluster's own network. From outside: `given` by the user, or
   * `listed` by the cluster, which may be the address of another machine there.
   */
  readonly by: 'own' | 'member' | 'given' | 'listed';
};

export type IngressNodes = { readonly list: readonly IngressNode[]; readonly omitted: number };

/** Most nodes that are asked. */
const MAX_NODES = 32;

/**
 * The nodes of the member list with the addresses in the list. Each of them runs a proxy
 * (docs/jaco-daemon/ingress.md#routing).
 */
export const ingressNodes = derive({
  name: 'jaco.ingress-nodes',
  from: { settled: stableStatus, host: localNode, servers: attempt(servers) },
  derive: ({ settled: { last }, host, servers }) => value(ingressNodesOf(last, host, factOf(servers))),
});

/** This node first, then those that the user named, then the others by name. */
export function ingressNodesOf(
  { nodes, omitted }: ClusterStatus,
  host: LocalNode,
  asked: Servers | null,
): IngressNodes {
  const list = nodes.flatMap((member): readonly IngressNode[] => {
    const { hostname } = member;
    const ownership = ownershipOf(member, host);
    if (ownership === 'rival') return [];
    const listed = hostOf(member.grpcAddress) ?? hostOf(member.address);
    if (asked !== null) {
      const given = asked.servers.find((server) => server.hostname === hostname && server.answer.kind === 'status');
      const at = given === undefined ? null : hostOf(given.address);
      if (at !== null) return [{ hostname, host: at, by: 'given' }];
      return listed === null ? [] : [{ hostname, host: listed, by: 'listed' }];
    }
    if (ownership === 'own') return [{ hostname, host: listed ?? '127.0.0.1', by: 'own' }];
    return listed === null ? [] : [{ hostname, host: listed, by: 'member' }];
  });
  const order = { own: 0, given: 1, member: 2, listed: 2 } as const;
  const sorted = list.toSorted((a, b) => order[a.by] - order[b.by]);
  return { list: sorted.slice(0, MAX_NODES), omitted: Math.max(0, sorted.length - MAX_NODES) + omitted };
}

function hostOf(address: string): string | null {
  return tcpTarget(address)?.host ?? null;
}
