import { type Outcome, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { compareText } from '../../../engine/text.ts';
import type { ClusterStatus } from '../control/status-fact.ts';
import { type RaftLines, raftLines } from '../journal/raft-lines.ts';
import { CANDIDACY_MS } from '../timing.ts';
import { type LastRemoval, lastRemoval } from './last-removal.ts';
import { leaderViews, longestLogView } from './leader-views.ts';
import { type LocalNode, localNode } from './local-node.ts';
import { isRefused, livenessOf, type Peer, peerName } from './peer-answer.ts';
import { peerStatuses } from './peer-status.ts';
import { ownershipOf } from './peer-targets.ts';
import { stableStatus } from './stable-status.ts';
import { majority, voterTarget } from './voter-target.ts';

/**
 * The source of the voters: the leader's list; this node's last candidacy; the configuration in this node's raft log;
 * or only their number from JACO's policy, so that `voters` lists all members.
 */
export type VoterSource = 'leader' | 'candidacy' | 'raft-log' | 'policy' | 'none';

export type Quorum = {
  readonly basis: VoterSource;
  /** The number of votes, and the majority; 0 if unknown. */
  readonly count: number;
  readonly need: number;
  readonly voters: readonly string[];
  /**
   * Of `voters`: those that answer and are in contact; those that do not; those that could not be judged; and those
   * whose listed address cannot be reached over the network from here, which does not show their state.
   */
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly unclear: readonly string[];
  readonly unreached: readonly string[];
  /** Members that answer and have no vote; known only if the voters are. */
  readonly voiceless: readonly string[];
  /** Raft on this node logs that this node has no vote. */
  readonly selfVoiceless: boolean;
  /** The node that was removed last, if no node joined since and it is no longer a member. */
  readonly removed: string | null;
};

export const quorum = derive({
  name: 'jaco.quorum',
  from: {
    settled: stableStatus,
    peers: peerStatuses,
    host: localNode,
    lines: raftLines,
    removal: attempt(lastRemoval),
  },
  derive: ({ settled, peers, host, lines, removal }, now) =>
    value(quorumOf(settled.last, peers.peers, host, lines, removal, now)),
});

function quorumOf(
  status: ClusterStatus,
  peers: readonly Peer[],
  host: LocalNode,
  lines: RaftLines,
  removal: Outcome<LastRemoval>,
  now: number,
): Quorum {
  const { basis, voters, count } = electorate(status, peers, lines, now);
  const states = new Map(voters.map((name) => [name, voterState(name, status, peers, host)]));
  const those = (state: VoterState): readonly string[] => voters.filter((name) => states.get(name) === state);
  const answering = [host.hostname, ...peers.filter((peer) => livenessOf(peer) === 'answers').map(peerName)];
  const gone = removal.kind === 'value' ? (removal.value.removal?.hostname ?? null) : null;
  return {
    basis,
    count,
    need: count === 0 ? 0 : majority(count),
    voters,
    up: those('up'),
    down: those('down'),
    unclear: those('unclear'),
    unreached: those('unreached'),
    voiceless: basis === 'policy' || basis === 'none' ? [] : answering.filter((name) => !voters.includes(name)),
    selfVoiceless:
      status.leader === '' && lines.voicelessAtMs !== null && lines.voicelessAtMs > (lines.candidacy?.atMs ?? 0),
    removed: gone !== null && !status.nodes.some((node) => node.hostname === gone) ? gone : null,
  };
}

function electorate(
  status: ClusterStatus,
  peers: readonly Peer[],
  lines: RaftLines,
  now: number,
): { basis: VoterSource; voters: readonly string[]; count: number } {
  const known = (basis: VoterSource, names: readonly string[]) => ({
    basis,
    voters: names.toSorted(compareText),
    count: names.length,
  });
  if (status.leader !== '') {
    const suffrages =
      status.suffrages.length > 0 ? status.suffrages : (longestLogView(leaderViews(peers))?.view.suffrages ?? []);
    const voters = suffrages.filter((server) => server.kind === 'voter').map((server) => server.hostname);
    if (voters.length > 0) return known('leader', voters);
  } else {
    const { candidacy, configuration } = lines;
    if (candidacy !== null && now - candidacy.atMs < CANDIDACY_MS) return known('candidacy', candidacy.voters);
    // After a restart, the node has the configuration at the end of its log. Later the configuration may have changed.
    if (configuration !== null && status.nodes.length === 0)
      return known(
        'raft-log',
        configuration.servers.filter((server) => server.voter).map((server) => server.hostname),
      );
  }
  const members = status.nodes.map((node) => node.hostname);
  if (members.length > 0)
    return { basis: 'policy', voters: members, count: voterTarget(members.length + status.omitted) };
  return { basis: 'none', voters: peers.map(peerName), count: 0 };
}

type VoterState = 'up' | 'down' | 'unclear' | 'unreached';

function voterState(name: string, status: ClusterStatus, peers: readonly Peer[], host: LocalNode): VoterState {
  const node = status.nodes.find((one) => one.hostname === name);
  if (name === host.hostname || (node !== undefined && ownershipOf(node, host) === 'own')) return 'up';
  const peer = peers.find((one) => peerName(one) === name && !one.rival);
  // It was not asked: a server that is no longer in a list, or a member beyond the limit.
  if (peer === undefined) return node === undefined ? 'down' : 'unclear';
  const life = livenessOf(peer);
  // A closed port and no leader fit together. If the cluster has a leader, the obstacle may be the network from here.
  if (life === 'unreached' && isRefused(peer) && status.leader === '') return 'down';
  if (life === 'unclear' || life === 'unreached') return life;
  if (life !== 'answers') return 'down';
  // A daemon without raft state has no vote, and one without the leader is out of its reach.
  const view = peer.answer.kind === 'status' ? peer.answer.view : null;
  return view?.initialized && (status.leader === '' || view.leader !== '') ? 'up' : 'down';
}
