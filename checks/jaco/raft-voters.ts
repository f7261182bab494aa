import { check } from '../../src/engine/check.ts';
import { type Cause, judged, pass, unknown, unknownBecause } from '../../src/engine/finding.ts';
import { formatDuration } from '../../src/engine/format.ts';
import type { NextStep } from '../../src/engine/next-step.ts';
import { attempt } from '../../src/engine/probe.ts';
import { clusterStatus } from '../../src/probes/jaco/control/cluster-status.ts';
import type { ClusterStatus, Member } from '../../src/probes/jaco/control/status-fact.ts';
import { type RaftLines, raftLines } from '../../src/probes/jaco/journal/raft-lines.ts';
import { knownLeader } from '../../src/probes/jaco/raft/known-leader.ts';
import { leaderListsNoServers, leaderViews, longestLogView } from '../../src/probes/jaco/raft/leader-views.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { peerStatuses } from '../../src/probes/jaco/raft/peer-status.ts';
import { stableStatus } from '../../src/probes/jaco/raft/stable-status.ts';
import { voterTarget } from '../../src/probes/jaco/raft/voter-target.ts';
import { VOTER_CHANGE_MS } from '../../src/probes/jaco/timing.ts';

const UPGRADE: NextStep = {
  kind: 'do',
  text: 'Run jaco-doctor explain 143 and read it: later releases promote joined nodes.',
};

export default check({
  name: 'raft-voters',
  group: 'raft',
  where: 'anywhere',
  title: 'the cluster has the intended number of voters',
  reads: {
    cluster: clusterStatus,
    settled: stableStatus,
    peers: peerStatuses,
    lines: raftLines,
    leader: attempt(knownLeader),
    host: localNode,
  },
  finds: ['voter_promotion_stalled'],
  applies: ({ cluster }) => cluster.initialized || 'jacod reports that it is uninitialized',
  judge({ settled: { last }, peers, lines, leader, host }, now) {
    if (leader.kind === 'failed') return unknownBecause(leader);
    const here = last.suffrages.length > 0;
    const servers = here ? last.suffrages : (longestLogView(leaderViews(peers.peers))?.view.suffrages ?? []);
    if (servers.length === 0) return withoutList(last, leaderListsNoServers(last, host, peers.peers));
    const voters = servers.filter((server) => server.kind === 'voter').map((server) => server.hostname);
    const spare = servers.filter((server) => server.kind !== 'voter').map((server) => server.hostname);
    // Dead members count: a dead voter keeps its vote until it is removed.
    const target = voterTarget(servers.length);
    const count = `${voters.length} of ${servers.length} members are voters (${voters.join(', ')}); ${target} are expected`;
    if (voters.length === target) {
      const notes =
        // Of two members, raft-quorum names the one without whom there is no leader.
        spare.length === 0 || servers.length === 2
          ? []
          : [
              `${spare.join(', ')} is not a voter, which is normal: a cluster with an even number of members keeps one non-voter`,
            ];
      return pass([count], { notes });
    }
    const steady = youngest(
      servers.map((server) => server.hostname),
      last.nodes,
      now,
    );
    const led = here && lines.ledAtMs !== null ? now - lines.ledAtMs : null;
    if (steady < VOTER_CHANGE_MS)
      return pass([count], {
        notes: [`a member joined ${formatDuration(steady)} ago; it becomes a voter within 10 s`],
      });
    if (led !== null && led >= 0 && led < VOTER_CHANGE_MS)
      return pass([count], {
        notes: [`this node has been the leader for only ${formatDuration(led)}; voters change within 10 s`],
      });
    const candidate = voters.length < target ? (spare[0] ?? null) : (voters.at(-1) ?? null);
    const evidence = [
      count,
      ...(Number.isFinite(steady) ? [`the last member joined ${formatDuration(steady)} ago`] : []),
      ...logEvidence(lines),
    ];
    const values = candidate === null ? {} : { candidate };
    const cause = promotionCause(lines);
    return judged([{ id: 'voter_promotion_stalled', subject: candidate, evidence, ...cause, values }]);
  },
});

/**
 * Up to v0.2.0 the leader lists no voters, and a joined node never becomes one: the first node has the only vote
 * (docs/jaco-daemon/releases.md#known-issues). With up to two members that is the intended number.
 */
function withoutList({ nodes }: ClusterStatus, answered: boolean) {
  if (!answered)
    return unknown('only the leader lists the voters, and it did not answer', { kind: 'on-node', node: null });
  const reason = 'the leader answered without a list of voters, as v0.2.0 and earlier do';
  if (voterTarget(nodes.length) > 1)
    return unknown(`${reason}; in those releases a joined node never becomes a voter`, UPGRADE);
  return pass([`${reason}: the first node is the only voter`]);
}

/** Age of the youngest of these members, in ms; infinite if no entry shows it, or if it is in the future. */
function youngest(names: readonly string[], nodes: readonly Member[], now: number): number {
  const ages = nodes
    .filter((node) => names.includes(node.hostname))
    .flatMap((node) => (node.joinedAtMs === null || node.joinedAtMs > now ? [] : [now - node.joinedAtMs]));
  return Math.min(Number.POSITIVE_INFINITY, ...ages);
}

function promotionCause({ reconcilerEnded, addVoterFailed, demoteFailed }: RaftLines): {
  cause?: Cause<'voter_promotion_stalled'>;
} {
  if (reconcilerEnded !== null) return { cause: 'loop-ended' };
  if (addVoterFailed !== null) return { cause: 'add-voter-failed' };
  return demoteFailed === null ? {} : { cause: 'demote-failed' };
}

function logEvidence({ reconcilerEnded, addVoterFailed, demoteFailed }: RaftLines): readonly string[] {
  return [
    ...(reconcilerEnded === null ? [] : [`the loop that promotes voters has stopped: ${reconcilerEnded.text}`]),
    ...(addVoterFailed === null ? [] : [`jacod logged: AddVoter failed: ${addVoterFailed.text}`]),
    ...(demoteFailed === null ? [] : [`jacod logged: DemoteVoter failed: ${demoteFailed.text}`]),
  ];
}
