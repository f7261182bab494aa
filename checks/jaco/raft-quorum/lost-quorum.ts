import type { ClusterStatus } from '../../../src/probes/jaco/control/status-fact.ts';
import type { Quorum } from '../../../src/probes/jaco/raft/quorum.ts';
import type { LostQuorum } from '../../../src/probes/jaco/raft/quorum-state.ts';

/** The catalogue's cause of `quorum_lost`. */
export function lostCause(lost: LostQuorum, { nodes, omitted }: ClusterStatus) {
  if (nodes.length === 0) return 'restarted-empty';
  if (lost.removed !== null) return 'member-removed';
  return nodes.length + omitted === 2 ? 'lone-survivor' : 'members-silent';
}

/** The evidence that votes are missing. */
export function lostEvidence(lost: LostQuorum, quorum: Quorum, status: ClusterStatus): readonly string[] {
  switch (quorum.basis) {
    case 'none':
      return [
        `this node lists no members since its restart; it joined through ${lost.silent.join(', ')}, which does not answer`,
      ];
    case 'policy':
      return memberEvidence(lost, quorum, status.nodes.length + status.omitted);
    default:
      return voterEvidence(lost, quorum);
  }
}

function voterEvidence({ absent, demoted }: LostQuorum, { basis, voters, up, need, count }: Quorum): readonly string[] {
  const source =
    basis === 'candidacy'
      ? 'as this node asked all voters'
      : 'from the configuration that this node loaded at its start';
  return [
    `${count} voters: ${voters.join(', ')} (${source}); ${need} are needed, ${up.length} answer`,
    ...(absent === null ? [] : [`${absent} is no longer a member but is still a voter`]),
    ...(demoted.length === 0 ? [] : [`${demoted.join(', ')} answers but is not a voter: a removal demoted it`]),
  ];
}

function memberEvidence(
  { removed, shortByOne }: LostQuorum,
  { up, down, count, need, selfVoiceless }: Quorum,
  members: number,
): readonly string[] {
  if (down.length === 0)
    return [`all ${members} members answer; the last change was the removal of ${removed}, which raft may still count`];
  return [
    `a cluster of ${members} members has ${count} voter${count === 1 ? '' : 's'}, and ${need} of them must answer; ${up.length} of the members answer${up.length === 1 ? 's' : ''}`,
    // With exactly enough votes they would elect a leader within 1.3 s.
    ...(shortByOne ? [`they elect no leader, so they need the vote of ${down.join(', ')}`] : []),
    ...(selfVoiceless ? ['raft reports that this node is not a voter'] : []),
  ];
}

/** Why it could not be determined whether votes are missing. */
export function unclearReason({ basis, voters, up, unclear, unreached }: Quorum): string {
  if (basis !== 'none') return `it depends on ${[...unclear, ...unreached].join(', ')}`;
  return voters.length === 0
    ? 'this node lists no members, and nothing on this host names any'
    : `this node lists no members; of the nodes it joined, ${up.join(', ') || 'none'} answers`;
}
