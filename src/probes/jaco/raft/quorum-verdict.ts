import type { ClusterStatus } from '../control/status-fact.ts';
import type { Quorum } from './quorum.ts';
import { voterTarget } from './voter-target.ts';

/** The catalogue's causes of `quorum_lost`. */
export type LostCause = 'members-silent' | 'lone-survivor' | 'member-removed' | 'restarted-empty';

/** Whether a cluster without a leader could elect one. `seen` says how that is known, a sentence each. */
export type QuorumVerdict =
  | {
      readonly kind: 'lost';
      readonly cause: LostCause;
      readonly silent: readonly string[];
      readonly removed: string | null;
      readonly seen: readonly string[];
    }
  /** Enough votes answer: something else keeps them from electing. */
  | { readonly kind: 'enough' }
  | { readonly kind: 'unclear'; readonly why: string };

/** Judges a view without a leader. */
export function quorumVerdict(status: ClusterStatus, quorum: Quorum): QuorumVerdict {
  if (quorum.basis === 'none') return ofPeersOnly(quorum);
  return quorum.basis === 'policy' ? ofMembers(status, quorum) : ofVoters(status, quorum);
}

/** The voters are known by name. */
function ofVoters(
  status: ClusterStatus,
  { basis, voters, up, down, need, count, voiceless, removed, ...open }: Quorum,
): QuorumVerdict {
  const unclear = [...open.unclear, ...open.unreached];
  if (up.length >= need) return { kind: 'enough' };
  if (up.length + unclear.length >= need) return { kind: 'unclear', why: `it depends on ${unclear.join(', ')}` };
  const members = status.nodes.map((node) => node.hostname);
  const absent = down.find((name) => members.length > 0 && !members.includes(name));
  // Among 3, 5 or 7 members everybody votes: one that answers and may not was demoted by a removal (live C1.2).
  const demoted = voiceless.filter((name) => members.includes(name));
  const unseated = voterTarget(members.length) === members.length && demoted.length > 0;
  const cause =
    members.length === 0
      ? 'restarted-empty'
      : absent !== undefined || unseated
        ? 'member-removed'
        : members.length === 2
          ? 'lone-survivor'
          : 'members-silent';
  const source =
    basis === 'candidacy' ? 'this node asked all who have a vote' : 'the configuration this node opened at its start';
  const seen = [
    `${count} have a vote: ${voters.join(', ')} (${source}); ${need} are needed, ${up.length} answer`,
    ...(absent === undefined ? [] : [`${absent} is no member any more and still has a vote`]),
    ...(unseated ? [`${demoted.join(', ')} answers and has no vote, which a removal took`] : []),
  ];
  const gone = cause === 'member-removed' ? (absent ?? removed ?? down[0] ?? null) : null;
  return { kind: 'lost', cause, silent: down, removed: gone, seen };
}

/** Only how many vote is known, by JACO's policy. */
function ofMembers(
  status: ClusterStatus,
  { up, down, count, need, removed, selfVoiceless, ...open }: Quorum,
): QuorumVerdict {
  const unclear = [...open.unclear, ...open.unreached];
  const members = status.nodes.length + status.omitted;
  if (down.length === 0) {
    if (unclear.length > 0) return { kind: 'unclear', why: `it depends on ${unclear.join(', ')}` };
    if (removed === null) return { kind: 'enough' };
    const seen = [
      `all ${members} members answer, and the last change was the removal of ${removed}, which raft may still count`,
    ];
    return { kind: 'lost', cause: 'member-removed', silent: [removed], removed, seen };
  }
  const worst = count - Math.min(down.length, count);
  if (worst >= need && up.length < need && unclear.length > 0)
    return { kind: 'unclear', why: `it depends on ${unclear.join(', ')}` };
  if (worst > need) return { kind: 'enough' };
  const cause =
    members === 2 ? 'lone-survivor' : selfVoiceless && count === members ? 'member-removed' : 'members-silent';
  const policy = `${members} members have ${count} voter${count === 1 ? '' : 's'} by JACO's policy and need ${need}; ${up.length} of the members answer${up.length === 1 ? 's' : ''}`;
  // With just enough left they would elect within 1.3 s: that they do not shows that a vote they count on is missing.
  const inferred =
    worst === need
      ? [`they ought to be just enough and elect nobody, so ${down.join(', ')} holds a vote that they need`]
      : [];
  const voiceless = selfVoiceless ? ['raft says that this node has no vote'] : [];
  return {
    kind: 'lost',
    cause,
    silent: down,
    removed: cause === 'member-removed' ? (down[0] ?? null) : null,
    seen: [policy, ...inferred, ...voiceless],
  };
}

/** No list at all: a restarted node whose log cannot be read knows only whom it joined. */
function ofPeersOnly({ voters, up, down }: Quorum): QuorumVerdict {
  if (voters.length === 0) return { kind: 'unclear', why: 'this node lists no members, and nothing here tells of any' };
  if (down.length < voters.length)
    return {
      kind: 'unclear',
      why: `this node lists no members; of those it joined, ${up.join(', ') || 'none'} answers`,
    };
  const seen = [`this node lists no members since its restart; it joined by ${down.join(', ')}: no answer from there`];
  return { kind: 'lost', cause: 'restarted-empty', silent: down, removed: null, seen };
}
