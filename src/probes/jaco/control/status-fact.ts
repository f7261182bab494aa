import { clean, compareText } from '../../../engine/text.ts';
import type { ClusterStatusResponse, Node, NodeSuffrage, Timestamp } from '../../../wire/jaco.ts';

/** A member in the replicated list. Times in ms since the epoch, from the member's own clock; null if never set. */
export type Member = {
  readonly hostname: string;
  /** Its raft address, `host:port`, by which {@link ClusterStatus} names the leader. */
  readonly address: string;
  /**
   * Its gRPC address; empty for the first node until it has published itself (docs/jaco-daemon/raft.md#grpc-address).
   */
  readonly grpcAddress: string;
  readonly status: MemberStatus;
  /** The daemon's reason for that status; null if it gives none. */
  readonly statusReason: string | null;
  /** Base64; empty if the node has no mesh. */
  readonly wireguardPubkey: string;
  readonly joinedAtMs: number | null;
  /**
   * Null if the node cannot read cgroup v2, which means no data and not "down" (docs/jaco-daemon/raft.md#heartbeats).
   */
  readonly lastPressureAtMs: number | null;
};

export type MemberStatus = 'unspecified' | 'joining' | 'ready' | 'isolation_unavailable' | 'drain_timeout' | 'other';

/** A raft server; only the leader lists them. */
export type Suffrage = { readonly hostname: string; readonly kind: 'voter' | 'nonvoter' | 'other' };

/**
 * Cluster.Status of one node (docs/jaco-daemon/raft.md#cluster-status). Lists are sorted, because the daemon's order
 * changes at each call.
 */
export type ClusterStatus = {
  readonly initialized: boolean;
  /** The leader's raft address; empty if this node knows none. */
  readonly leader: string;
  /** Last log entry, committed or not; an unsigned 64-bit number. */
  readonly raftIndex: string;
  readonly nodes: readonly Member[];
  readonly suffrages: readonly Suffrage[];
  /** Members beyond {@link MAX_MEMBERS}, which are not in `nodes`. */
  readonly omitted: number;
};

/** Most members that are kept of one answer. */
export const MAX_MEMBERS = 2_000;

/** The answer as a fact: bounded, cleaned, sorted, without wire types. */
export function statusFact(response: ClusterStatusResponse): ClusterStatus {
  return {
    initialized: response.initialized,
    leader: clean(response.leader, 260),
    raftIndex: clean(response.raftIndex, 20),
    nodes: response.nodes.slice(0, MAX_MEMBERS).map(memberFact).sort(byHostname),
    suffrages: suffragesOf(response.suffrages),
    omitted: Math.max(0, response.nodes.length - MAX_MEMBERS),
  };
}

/** Raft's servers as a fact, sorted. */
export function suffragesOf(servers: readonly NodeSuffrage[]): readonly Suffrage[] {
  return servers
    .slice(0, MAX_MEMBERS)
    .map(({ hostname, kind }): Suffrage => {
      return { hostname: clean(hostname, 253), kind: kind === 1 ? 'voter' : kind === 2 ? 'nonvoter' : 'other' };
    })
    .sort(byHostname);
}

/** Orders by name, like all lists of facts. */
export function byHostname(a: { readonly hostname: string }, b: { readonly hostname: string }): number {
  return compareText(a.hostname, b.hostname);
}

const MEMBER_STATUSES: readonly MemberStatus[] = [
  'unspecified',
  'joining',
  'ready',
  'isolation_unavailable',
  'drain_timeout',
];

/** One entry of the member list as a fact. */
export function memberFact(node: Node): Member {
  return {
    hostname: clean(node.hostname, 253),
    address: clean(node.address, 260),
    grpcAddress: clean(node.grpcAddress, 260),
    status: MEMBER_STATUSES[node.status] ?? 'other',
    statusReason: statusReasonOf(node.statusDetails),
    wireguardPubkey: node.wireguardPubkey.subarray(0, 64).toString('base64'),
    joinedAtMs: msOf(node.joinedAt),
    lastPressureAtMs: msOf(node.lastPressureAt),
  };
}

function statusReasonOf(details: { readonly [key: string]: string }): string | null {
  const { reason } = details;
  if (reason) return clean(reason);
  const all = Object.entries(details)
    .slice(0, 8)
    .map(([key, text]) => `${key}: ${text}`);
  return all.length === 0 ? null : clean(all.join(', '));
}

/** Ms since the epoch, for any year; null if the value is out of range. */
export function msOf(stamp: Timestamp | undefined): number | null {
  if (stamp === undefined) return null;
  const ms = Number(stamp.seconds) * 1000 + Math.floor(stamp.nanos / 1e6);
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? ms : null;
}
