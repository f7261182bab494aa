import { value } from '../../../engine/outcome.ts';
import { derive } from '../../../engine/probe.ts';
import type { ClusterStatus, Member } from '../control/status-fact.ts';
import { type RaftLines, raftLines } from '../journal/raft-lines.ts';
import { type LeaderView, leaderViews, longestLogView } from './leader-views.ts';
import { type LocalNode, localNode } from './local-node.ts';
import { type Peer, peerName } from './peer-answer.ts';
import { peerStatuses } from './peer-status.ts';
import { ownershipOf } from './peer-targets.ts';
import { stableStatus } from './stable-status.ts';

/** This node's membership in its cluster, from all facts. */
export type Membership =
  /** Listed by this node, or by a peer that knows a leader. */
  | { readonly kind: 'member'; readonly members: number }
  /** Its daemon joined under another name. `old` is null if that name is unknown. */
  | { readonly kind: 'renamed'; readonly old: string | null; readonly sign: RenameEvidence }
  /** It joined under a name that was in use: it has a leader but no state. */
  | { readonly kind: 'newcomer'; readonly address: string | null }
  /** Another daemon answers at the address of this name in the list. */
  | { readonly kind: 'rival'; readonly address: string; readonly own: string }
  /** Peers that have a leader do not list it. */
  | {
      readonly kind: 'removed';
      readonly tellers: readonly string[];
      readonly leader: string;
      /** The peer that is the leader; null if it was not reached itself. */
      readonly leaderName: string | null;
      readonly leaderGrpc: string | null;
    }
  /** Listed as a node, but not a raft server. */
  | { readonly kind: 'outside-raft'; readonly teller: string }
  | { readonly kind: 'unknown' };

/** How a rename is known. Raft addresses are `host:port`. */
export type RenameEvidence =
  /** The data directory has a certificate for the old name and none for the new one. */
  | { readonly kind: 'certificate'; readonly dataDir: string | null }
  /** The servers that are known here list this host's raft address under the old name. */
  | { readonly kind: 'raft-address'; readonly address: string | null }
  /** A peer lists this host's raft address under the old name. */
  | { readonly kind: 'peer'; readonly peer: string; readonly address: string | null }
  /** It follows a leader, and no member has its name. */
  | { readonly kind: 'not-listed'; readonly leader: string; readonly members: number }
  /** It has raft state, no leader and no members, and serves the bootstrap certificate. */
  | { readonly kind: 'bootstrap-certificate' }
  /** It serves the bootstrap certificate, and only its own heartbeat stopped. */
  | { readonly kind: 'heartbeat-stopped'; readonly ageMs: number };

export const membership = derive({
  name: 'jaco.standing',
  from: { settled: stableStatus, peers: peerStatuses, host: localNode, lines: raftLines },
  derive: ({ settled, peers, host, lines }, now) =>
    value(
      host.vantage === 'outside'
        ? remoteMembership(settled.last, peers.peers, host, now)
        : membershipOf(settled.last, peers.peers, host, lines),
    ),
});

/** Over the network, a name that only the daemon's files could show is not guessed. */
function remoteMembership(status: ClusterStatus, peers: readonly Peer[], host: LocalNode, now: number): Membership {
  const led = leaderViews(peers);
  if (!status.initialized) return { kind: 'unknown' };
  return (
    remoteRename(status, host, now) ??
    newcomer(status, led, host) ??
    (host.named
      ? (removed(status, led, peers) ?? outsideRaft(status, led, host) ?? member(status, led, host))
      : null) ?? {
      kind: 'unknown',
    }
  );
}

function membershipOf(status: ClusterStatus, peers: readonly Peer[], host: LocalNode, lines: RaftLines): Membership {
  if (!status.initialized) return { kind: 'unknown' };
  const led = leaderViews(peers);
  return (
    renamed(status, led, host, lines) ??
    newcomer(status, led, host) ??
    rival(status, peers, host) ??
    removed(status, led, peers) ??
    outsideRaft(status, led, host) ??
    member(status, led, host) ?? { kind: 'unknown' }
  );
}

function renamed(
  status: ClusterStatus,
  led: readonly LeaderView[],
  host: LocalNode,
  lines: RaftLines,
): Membership | null {
  const { hostname, certificates, raftAddress } = host;
  if (status.nodes.some((node) => node.hostname === hostname)) return null;
  if (certificates !== null && certificates.length > 0 && !certificates.includes(hostname)) {
    const old =
      certificates.find((name) => status.nodes.some((node) => node.hostname === name)) ?? certificates[0] ?? null;
    return { kind: 'renamed', old, sign: { kind: 'certificate', dataDir: host.dataDir } };
  }
  if (certificates?.includes(hostname)) return null;
  // Not every user may list the certificates. Then the name at this host's address is used.
  const servers = status.nodes.length > 0 ? status.nodes : (lines.configuration?.servers ?? []);
  const here = raftAddress === null ? undefined : servers.find((server) => server.address === raftAddress);
  if (here !== undefined && !servers.some((server) => server.hostname === hostname))
    return {
      kind: 'renamed',
      old: here.hostname,
      sign: { kind: 'raft-address', address: raftAddress },
    };
  const source = led.find(({ view }) => view.self === null && view.nameHere !== null);
  if (source?.view.nameHere)
    return {
      kind: 'renamed',
      old: source.view.nameHere,
      sign: { kind: 'peer', peer: source.name, address: raftAddress },
    };
  // A leader sends entries only to members that it lists, so a follower that is not listed has another name.
  if (status.leader !== '' && status.nodes.length > 0)
    return {
      kind: 'renamed',
      old: null,
      sign: { kind: 'not-listed', leader: status.leader, members: status.nodes.length },
    };
  return null;
}

/**
 * A heartbeat is stopped if it is older than three times every other one plus this, in ms, for any configured interval.
 */
const STOPPED_MS = 120_000;

/**
 * A renamed daemon finds no certificate for its new name and serves the bootstrap certificate
 * (docs/jaco-daemon/raft.md#renamed-host). A daemon whose files were lost does the same, but it keeps its name, so its
 * heartbeats continue.
 */
function remoteRename(
  status: ClusterStatus,
  { bootstrapLeaf, hostname, named }: LocalNode,
  now: number,
): Membership | null {
  if (bootstrapLeaf !== true) return null;
  if (status.leader === '' && status.nodes.length === 0)
    return {
      kind: 'renamed',
      old: null,
      sign: { kind: 'bootstrap-certificate' },
    };
  const age = (node: Member): number | null => (node.lastPressureAtMs === null ? null : now - node.lastPressureAtMs);
  const own = status.nodes.find((node) => named && node.hostname === hostname);
  const ownAge = own === undefined ? null : age(own);
  const others = status.nodes.filter((node) => node !== own).flatMap((node) => age(node) ?? []);
  if (status.leader === '' || ownAge === null || others.length === 0) return null;
  // If this clock is behind, the others' heartbeats are in the future.
  if (ownAge < 3 * Math.max(0, ...others) + STOPPED_MS) return null;
  return {
    kind: 'renamed',
    old: hostname,
    sign: { kind: 'heartbeat-stopped', ageMs: ownAge },
  };
}

function newcomer(status: ClusterStatus, led: readonly LeaderView[], host: LocalNode): Membership | null {
  if (status.leader === '' || status.nodes.length > 0 || status.raftIndex !== '0') return null;
  return {
    kind: 'newcomer',
    address: led.find(({ view }) => view.self !== null)?.view.self?.address ?? host.raftAddress,
  };
}

/**
 * A changed cluster_addr also leaves an old address in the list. Only an answer from there comes from another machine.
 */
function rival(status: ClusterStatus, peers: readonly Peer[], host: LocalNode): Membership | null {
  const entry = status.nodes.find((node) => ownershipOf(node, host) === 'rival');
  const answered = peers.some((peer) => peer.rival && peer.answer.kind === 'status');
  return entry !== undefined && answered && host.raftAddress !== null
    ? { kind: 'rival', address: entry.address, own: host.raftAddress }
    : null;
}

function removed(status: ClusterStatus, led: readonly LeaderView[], peers: readonly Peer[]): Membership | null {
  const first = led[0];
  if (
    status.leader !== '' ||
    first === undefined ||
    led.some(({ view }) => view.self !== null || view.nameHere !== null)
  )
    return null;
  const leads = longestLogView(led)?.name ?? null;
  const leaderPeer = peers.find((peer) => peerName(peer) === leads);
  return {
    kind: 'removed',
    tellers: led.map(({ name }) => name),
    leader: first.view.leader,
    leaderName: leads,
    leaderGrpc: leaderPeer?.grpcAddress ?? null,
  };
}

function outsideRaft(status: ClusterStatus, led: readonly LeaderView[], host: LocalNode): Membership | null {
  const source = longestLogView(led);
  if (status.leader !== '' || source === null || source.view.self === null) return null;
  return source.view.suffrages.some((server) => server.hostname === host.hostname)
    ? null
    : { kind: 'outside-raft', teller: source.name };
}

function member(status: ClusterStatus, led: readonly LeaderView[], host: LocalNode): Membership | null {
  if (status.leader !== '' && status.nodes.some((node) => node.hostname === host.hostname))
    return { kind: 'member', members: status.nodes.length + status.omitted };
  const source = led.find(({ view }) => view.self !== null);
  return source === undefined ? null : { kind: 'member', members: source.view.members };
}
