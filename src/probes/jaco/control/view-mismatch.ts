import type { ClusterStatus, Suffrage } from './status-fact.ts';

/** A member that is missing in one of the two lists. */
export type Mismatch = { readonly member: string; readonly kind: 'raft-without-node' | 'node-without-raft' };

/**
 * The differences between raft's servers and the node list that a leader shows
 * (docs/jaco-daemon/raft.md#cluster-status). Followers show no servers, which is not a difference.
 */
export function mismatches({
  nodes,
  suffrages,
  omitted,
}: {
  readonly nodes: readonly { readonly hostname: string }[];
  readonly suffrages: readonly Suffrage[];
  readonly omitted: number;
}): readonly Mismatch[] {
  if (suffrages.length === 0 || omitted > 0) return [];
  const listed = new Set(nodes.map((node) => node.hostname));
  const servers = new Set(suffrages.map((server) => server.hostname));
  return [
    ...suffrages
      .filter((server) => !listed.has(server.hostname))
      .map((server) => ({ member: server.hostname, kind: 'raft-without-node' }) as const),
    ...nodes
      .filter((node) => !servers.has(node.hostname))
      .map((node) => ({ member: node.hostname, kind: 'node-without-raft' }) as const),
  ];
}

/**
 * Whether a status may be transitional: no leader, a leader without a member list, or lists that a join changes one by
 * one.
 */
export function isTransitional(status: ClusterStatus): boolean {
  if (!status.initialized) return false;
  return status.leader === '' || status.nodes.length === 0 || mismatches(status).length > 0;
}
