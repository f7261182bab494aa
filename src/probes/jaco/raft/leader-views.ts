import { compareText } from '../../../engine/text.ts';
import type { PeerView } from '../control/peer-view.ts';
import type { ClusterStatus } from '../control/status-fact.ts';
import type { Mismatch } from '../control/view-mismatch.ts';
import type { LocalNode } from './local-node.ts';
import { type Peer, peerName } from './peer-answer.ts';

/** A peer that knows a leader, and its answer. */
export type LeaderView = { readonly name: string; readonly view: PeerView };

/** The answers of peers that know a leader: only their lists are the cluster's own. */
export function leaderViews(peers: readonly Peer[]): readonly LeaderView[] {
  return peers.flatMap((peer) =>
    peer.answer.kind === 'status' && peer.answer.view.leader !== '' && peer.answer.view.members > 0
      ? [{ name: peerName(peer), view: peer.answer.view }]
      : [],
  );
}

/** How the leader's two member lists differ; null if no leader was asked. */
export function authoritativeView(
  status: ClusterStatus,
  own: readonly Mismatch[],
  led: readonly LeaderView[],
): { readonly mismatches: readonly Mismatch[]; readonly teller: string | null } | null {
  if (status.leader !== '' && status.suffrages.length > 0) return { mismatches: own, teller: null };
  const source = longestLogView(led);
  return source === null ? null : { mismatches: source.view.mismatches, teller: source.name };
}

/** The peer that is the leader, because it lists servers; if two claim it, the one with the longer log. */
export function longestLogView(led: readonly LeaderView[]): LeaderView | null {
  const claims = led.filter(({ view }) => view.suffrages.length > 0);
  return claims.toSorted((a, b) => compareIndexes(b.view.raftIndex, a.view.raftIndex))[0] ?? null;
}

/**
 * Whether a leader answered without a list of raft servers: releases up to v0.2.0 have none
 * (docs/jaco-daemon/releases.md#version-window).
 */
export function leaderListsNoServers(status: ClusterStatus, host: LocalNode, peers: readonly Peer[]): boolean {
  const { leader, nodes, suffrages } = status;
  const isHere = leader !== '' && (leader === host.raftAddress || (nodes.length === 1 && nodes[0]?.address === leader));
  if (isHere && suffrages.length === 0) return true;
  return peers.some(
    ({ raftAddress, answer }) =>
      answer.kind === 'status' &&
      answer.view.leader !== '' &&
      answer.view.leader === raftAddress &&
      answer.view.suffrages.length === 0,
  );
}

/** Orders log indexes: unsigned decimals of up to 20 digits. */
function compareIndexes(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}
