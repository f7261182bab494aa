import type { Cause } from '../../../src/engine/finding.ts';
import type { ClusterStatus } from '../../../src/probes/jaco/control/status-fact.ts';
import type { Quorum } from '../../../src/probes/jaco/raft/quorum.ts';
import type { LostQuorum } from '../../../src/probes/jaco/raft/quorum-state.ts';

/** The catalogue's cause of `quorum_lost`. */
export function lostCause(lost: LostQuorum, { nodes, omitted }: ClusterStatus) {
  if (nodes.length === 0) return 'restarted-empty';
  if (lost.removed !== null) return 'member-removed';
  return nodes.length + omitted === 2 ? 'lone-survivor' : 'members-silent';
}

/** What is to be said of this loss, where the catalogue's texts would be false or too general. */
export function lostTexts(
  cause: Cause<'quorum_lost'>,
  { silent, shortByOne }: LostQuorum,
  { count, need }: Quorum,
): { readonly title?: string; readonly meaning?: string; readonly impact?: string } {
  const names = silent.join(', ');
  const writes = 'Running containers, ingress and DNS continue with their last state.';
  switch (cause) {
    case 'none-reachable':
      return {
        title: 'this host reaches no other member and knows no leader',
        meaning: `No answer comes from ${names}. Either the network of this host is down, or those members are down: from here, both look the same.`,
        impact: `Every write through this host fails. Whether the other members have a leader is not known. ${writes}`,
      };
    case 'lone-survivor':
      return {
        meaning: `${names} is the only voter of this cluster of two members, and does not answer. The other member cannot elect itself.`,
      };
    case 'members-silent':
      // They elect no leader, although they would be enough. A removal of a dead member demotes a running voter.
      return shortByOne
        ? {
            title: `no leader is elected without ${names}`,
            meaning: `${need} of ${count} voters must agree, and the members that answer elect no leader. So one of them has no vote, or TCP 7001 is blocked between them. JACO takes the vote of a running member if a dead one is removed from three members.`,
          }
        : {};
    default:
      return {};
  }
}

/** The evidence that votes are missing. `here` is the name of this host. */
export function lostEvidence(lost: LostQuorum, quorum: Quorum, status: ClusterStatus, here: string): readonly string[] {
  switch (quorum.basis) {
    case 'none':
      return [
        `this node lists no members since its restart; it joined through ${lost.silent.join(', ')}, and ${lost.silent.length === 1 ? 'that node does' : 'these nodes do'} not answer`,
      ];
    case 'policy':
      return status.nodes.length + status.omitted === 2 && quorum.down.length > 0
        ? [`a cluster of 2 members has 1 voter; ${here} answers and elects no leader, so it is not the voter`]
        : memberEvidence(lost, quorum, status.nodes.length + status.omitted);
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
    `${members} members, of which JACO makes ${count} voters; ${need} of them must answer; ${describeAnswering(up)}`,
    // With exactly enough votes they would elect a leader within 1.3 s.
    ...(shortByOne
      ? [
          `${up.join(', ')} elect no leader; which of them has a vote is not known, because only a leader lists the voters`,
        ]
      : []),
    ...(selfVoiceless ? ['raft reports that this node is not a voter'] : []),
  ];
}

function describeAnswering(up: readonly string[]): string {
  if (up.length === 0) return 'none answers';
  return up.length === 1 ? `only ${up[0]} answers` : `${up.join(', ')} answer`;
}

/** Why it could not be determined whether votes are missing. */
export function unclearReason({ basis, voters, up, unclear, unreached }: Quorum): string {
  if (basis !== 'none') return `it depends on ${[...unclear, ...unreached].join(', ')}`;
  return voters.length === 0
    ? 'this node lists no members, and nothing on this host names any'
    : `this node lists no members; of the nodes it joined, ${up.join(', ') || 'none'} answers`;
}
