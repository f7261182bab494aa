import type { ClusterStatus } from '../../../src/probes/jaco/control/status-fact.ts';
import type { Quorum } from '../../../src/probes/jaco/raft/quorum.ts';
import type { LostQuorum } from '../../../src/probes/jaco/raft/quorum-state.ts';

/** The catalogue's cause of `quorum_lost`. */
export function lostCause(lost: LostQuorum, { nodes, omitted }: ClusterStatus) {
  if (nodes.length === 0) return 'restarted-empty';
  if (lost.removed !== null) return 'member-removed';
  return nodes.length + omitted === 2 ? 'lone-survivor' : 'members-silent';
}

/** How it is known that votes are missing. */
export function lostEvidence(lost: LostQuorum, quorum: Quorum, status: ClusterStatus): readonly string[] {
  switch (quorum.basis) {
    case 'none':
      return [
        `this node lists no members since its restart; it joined by ${lost.silent.join(', ')}: no answer from there`,
      ];
    case 'policy':
      return memberEvidence(lost, quorum, status.nodes.length + status.omitted);
    default:
      return voterEvidence(lost, quorum);
  }
}

function voterEvidence({ absent, demoted }: LostQuorum, { basis, voters, up, need, count }: Quorum): readonly string[] {
  const source =
    basis === 'candidacy' ? 'this node asked all who have a vote' : 'the configuration this node opened at its start';
  return [
    `${count} have a vote: ${voters.join(', ')} (${source}); ${need} are needed, ${up.length} answer`,
    ...(absent === null ? [] : [`${absent} is no member any more and still has a vote`]),
    ...(demoted.length === 0 ? [] : [`${demoted.join(', ')} answers and has no vote, which a removal took`]),
  ];
}

function memberEvidence(
  { removed, shortByOne }: LostQuorum,
  { up, down, count, need, selfVoiceless }: Quorum,
  members: number,
): readonly string[] {
  if (down.length === 0)
    return [
      `all ${members} members answer, and the last change was the removal of ${removed}, which raft may still count`,
    ];
  return [
    `${members} members have ${count} voter${count === 1 ? '' : 's'} by JACO's policy and need ${need}; ${up.length} of the members answer${up.length === 1 ? 's' : ''}`,
    // With just enough left they would elect within 1.3 s.
    ...(shortByOne
      ? [`they ought to be just enough and elect nobody, so ${down.join(', ')} holds a vote that they need`]
      : []),
    ...(selfVoiceless ? ['raft says that this node has no vote'] : []),
  ];
}

/** Why it could not be told whether votes are missing. */
export function unclearReason({ basis, voters, up, unclear, unreached }: Quorum): string {
  if (basis !== 'none') return `it depends on ${[...unclear, ...unreached].join(', ')}`;
  return voters.length === 0
    ? 'this node lists no members, and nothing here tells of any'
    : `this node lists no members; of those it joined, ${up.join(', ') || 'none'} answers`;
}
