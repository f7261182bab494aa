import { createHash } from 'node:crypto';
import { type Node, NodeStatus, type NodeSuffrage, SuffrageKind, type Timestamp } from '../../wire/jaco.ts';

/** A member's heartbeat: sent with its clock off by `skewMs`, last seen at `at` (ms), or never (no cgroup v2). */
export type Heartbeat =
  | { readonly kind: 'beating'; readonly skewMs: number }
  | { readonly kind: 'stopped'; readonly at: number }
  | { readonly kind: 'never' };

/** One entry of the replicated member list. A `suffrage` of null is a Node entry that raft no longer has. */
export type Member = {
  hostname: string;
  /** Raft `ip:port`. */
  address: string;
  /**
   * gRPC `ip:port`; empty on a bootstrap node that has not published itself (docs/jaco-daemon/raft.md#grpc-address).
   */
  grpcAddress: string;
  /** ms since the epoch */
  joinedAt: number;
  suffrage: 'voter' | 'nonvoter' | null;
  heartbeat: Heartbeat;
  status: NodeStatus;
  wireguard: Buffer;
};

/** Interval of heartbeats, in ms: the default of `node_status_interval`. */
export const HEARTBEAT_MS = 30_000;

export function newMember(hostname: string, address: string, grpcAddress: string, joinedAt: number): Member {
  return {
    hostname,
    address,
    grpcAddress,
    joinedAt,
    suffrage: 'nonvoter',
    heartbeat: { kind: 'beating', skewMs: 0 },
    status: NodeStatus.READY,
    wireguard: createHash('sha256').update(`wireguard ${hostname}`).digest(),
  };
}

/** The time of the last heartbeat of a member, in ms, by its own clock; null if never. */
export function lastBeat(member: Member, now: number): number | null {
  const { heartbeat } = member;
  switch (heartbeat.kind) {
    case 'beating': {
      // Each member has its own phase within the interval.
      const phase = member.wireguard.length > 0 ? member.wireguard.readUInt16BE(0) % HEARTBEAT_MS : 0;
      return Math.max(now - ((now + phase) % HEARTBEAT_MS) + heartbeat.skewMs, member.joinedAt);
    }
    case 'stopped':
      return heartbeat.at;
    case 'never':
      return null;
  }
}

/**
 * The Node message for a member, like in every capture: no fingerprint, no status details
 * (docs/jaco-daemon/control.md#hidden-state).
 */
export function toNode(member: Member, now: number): Node {
  const beat = lastBeat(member, now);
  return {
    hostname: member.hostname,
    address: member.address,
    serverCertFingerprint: Buffer.alloc(0),
    wireguardPubkey: member.wireguard,
    status: member.status,
    statusDetails: {},
    joinedAt: timestamp(member.joinedAt),
    grpcAddress: member.grpcAddress,
    cpuPressure: beat === null ? 0 : 0.0547,
    memoryPressure: beat === null ? 0 : 0.0271,
    lastPressureAt: beat === null ? undefined : timestamp(beat),
  };
}

export function toSuffrage(member: Member): NodeSuffrage | null {
  if (member.suffrage === null) return null;
  const kind = member.suffrage === 'voter' ? SuffrageKind.VOTER : SuffrageKind.NONVOTER;
  return { hostname: member.hostname, kind };
}

/** The number of voters in a cluster of this size (docs/jaco-daemon/raft.md#voters). */
export function voterTarget(members: number): number {
  return members >= 7 ? 7 : members % 2 === 0 ? Math.max(members - 1, 0) : members;
}

/** ms since the epoch as a wire timestamp */
export function timestamp(ms: number): Timestamp {
  const seconds = Math.floor(ms / 1000);
  return { seconds: String(seconds), nanos: Math.round((ms - seconds * 1000) * 1e6) };
}
