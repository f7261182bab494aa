import { check } from '../../src/engine/check.ts';
import { judged, pass, unknown } from '../../src/engine/finding.ts';
import { formatTime } from '../../src/engine/format.ts';
import { attempt } from '../../src/engine/probe.ts';
import { clusterStatus } from '../../src/probes/jaco/control/cluster-status.ts';
import { type RaftLines, raftLines } from '../../src/probes/jaco/journal/raft-lines.ts';
import { knownLeader } from '../../src/probes/jaco/raft/known-leader.ts';
import { membership } from '../../src/probes/jaco/raft/membership.ts';
import { peerStatuses } from '../../src/probes/jaco/raft/peer-status.ts';
import { quorumState } from '../../src/probes/jaco/raft/quorum-state.ts';
import { type StableStatus, stableStatus } from '../../src/probes/jaco/raft/stable-status.ts';
import { addressFault } from './raft-leader/address-fault.ts';
import { leaderSplit, namedLeaders } from './raft-leader/named-leaders.ts';

export default check({
  name: 'raft-leader',
  group: 'raft',
  where: 'anywhere',
  title: 'every node that answers reports the same leader',
  reads: {
    cluster: clusterStatus,
    settled: stableStatus,
    peers: peerStatuses,
    membership,
    quorum: quorumState,
    lines: raftLines,
    leader: attempt(knownLeader),
  },
  finds: ['no_leader', 'leader_view_split', 'leader_address_unknown'],
  applies: ({ cluster }) => cluster.initialized || 'jacod reports that it is uninitialized',
  judge({ settled, peers, membership, quorum, lines, leader }, now) {
    const { last } = settled;
    const views = namedLeaders(last, peers);
    if (last.leader === '') {
      const because = leader.kind === 'failed' ? leader.failure : ({ kind: 'again' } as const);
      if (membership.kind !== 'unknown' || quorum.kind === 'lost')
        return unknown('no leader is known here; another check reports the reason', because);
      const evidence = [
        describeSamples(settled),
        ...(last.nodes.length === 0
          ? ['this node lists no members: it was restarted while no leader was elected']
          : []),
        ...(views.others.length === 0
          ? []
          : [`these members answer and know no leader either: ${views.others.map((view) => view.name).join(', ')}`]),
        ...fullDiskEvidence(lines),
      ];
      const isEmpty = last.nodes.length === 0;
      const texts = isEmpty
        ? {
            title: 'no leader is elected, and this node was restarted without one',
            meaning:
              'A daemon that starts while no leader is elected lists no members. Nothing is lost: the lists fill again after an election, for which the other members are needed.',
          }
        : {};
      const cause = isEmpty ? 'restarted-empty' : 'all-answer';
      return judged([{ id: 'no_leader', subject: null, ...texts, evidence, cause, explains: ['leader'] }]);
    }
    const split = leaderSplit(views);
    const address = addressFault(last, now);
    const findings = [...(split === null ? [] : [split]), ...(address.finding === null ? [] : [address.finding])];
    const notes = [...settledNotes(settled), ...address.notes];
    const agreeing = views.others.filter((view) => view.leader === views.here).length;
    const evidence = [
      `${views.here} is the leader according to this node and ${agreeing} of ${views.others.length} others that answer`,
    ];
    return findings.length === 0 ? pass(evidence, { notes }) : judged(findings, { notes });
  },
});

/** The time of all samples, in s. */
function spanOf({ samples }: StableStatus): string {
  return ((samples.at(-1)?.atMs ?? 0) / 1000).toFixed(1);
}

function describeSamples(settled: StableStatus): string {
  const { samples, lost } = settled;
  const withLeader = samples.filter((sample) => sample.leader !== '').length;
  const outcome =
    withLeader === 0 ? 'none showed a leader' : `${withLeader} showed a leader, which was lost by the next sample`;
  return `${samples.length} samples within ${spanOf(settled)} s: ${outcome}${lost === null ? '' : `; then: ${lost}`}`;
}

function fullDiskEvidence({ noSpaceAtMs }: RaftLines): readonly string[] {
  return noSpaceAtMs === null ? [] : [`the daemon logged at ${formatTime(noSpaceAtMs)}: no space left on device`];
}

/** An election that had just ended is normal. */
function settledNotes({ samples }: StableStatus): readonly string[] {
  const first = samples.findIndex((sample) => sample.leader !== '');
  const later = samples.slice(first + 1).some((sample) => sample.leader === '');
  if (first <= 0) return [];
  const when = ((samples[first]?.atMs ?? 0) / 1000).toFixed(1);
  return [
    `the first sample showed no leader, and the one ${when} s later did: an election or a start had just ended${later ? ', and the leader was lost once more' : ''}`,
  ];
}
