import type { RecognisedIssue } from '../../../src/catalog/generated/releases.ts';
import type { NextStep } from '../../../src/engine/next-step.ts';
import type { JudgedRelease } from '../../../src/probes/jaco/journal/running-release.ts';
import { affectedBy, type Certainty } from '../../../src/probes/jaco/release/includes-release.ts';
import { parseRelease } from '../../../src/probes/jaco/release/release.ts';
import type { IssueOutcomes } from './issue-facts.ts';
import type { Sign } from './signature.ts';
import { SIGNATURES } from './signatures.ts';

/** The releases by which issues are judged. */
export type Releases = { readonly node: JudgedRelease; readonly leader: JudgedRelease };

/** The result for one issue. */
export type IssueVerdict =
  /** The release and the signature are both present. */
  | {
      readonly kind: 'seen';
      readonly issue: RecognisedIssue;
      readonly signs: readonly Sign[];
      readonly by: JudgedRelease;
    }
  /** The signature is seen, and the release may or may not have the issue. */
  | {
      readonly kind: 'maybe';
      readonly issue: RecognisedIssue;
      readonly signs: readonly Sign[];
      readonly by: JudgedRelease;
    }
  /** Its release, without its signature; `looked` is false if the signature cannot be looked for from here. */
  | { readonly kind: 'latent'; readonly issue: RecognisedIssue; readonly looked: boolean }
  /** A fact of its signature failed, and the release may have it. */
  | {
      readonly kind: 'not-judged';
      readonly issue: RecognisedIssue;
      readonly reason: string;
      readonly next: NextStep;
      readonly root: string;
    }
  /** Its signature, although the release holds the fix: the plain symptom, or a daemon that is older than its file. */
  | { readonly kind: 'fixed'; readonly issue: RecognisedIssue; readonly by: JudgedRelease }
  | { readonly kind: 'absent' };

/** Judges one issue: the release and the signature must both match (docs/jaco-daemon/releases.md#known-issues). */
export function judgeIssue(
  issue: RecognisedIssue,
  releases: Releases,
  facts: IssueOutcomes,
  now: number,
): IssueVerdict {
  const by = issue.decides === 'leader' ? releases.leader : releases.node;
  const affected = affectedBy(by.version, {
    since: issue.since === null ? null : parseRelease(issue.since),
    fixed: parseRelease(issue.fixed),
  });
  const result = SIGNATURES[issue.signature](facts, now);
  switch (result.kind) {
    case 'not-judged':
      return affected === 'no' ? { kind: 'absent' } : { ...result, issue };
    case 'not-here':
      return affected === 'yes' ? { kind: 'latent', issue, looked: false } : { kind: 'absent' };
    case 'signs': {
      const { signs } = result;
      if (signs.length === 0) return affected === 'yes' ? { kind: 'latent', issue, looked: true } : { kind: 'absent' };
      return withSigns(issue, affected, signs, by);
    }
  }
}

function withSigns(
  issue: RecognisedIssue,
  affected: Certainty,
  signs: readonly Sign[],
  by: JudgedRelease,
): IssueVerdict {
  if (affected === 'yes') return { kind: 'seen', issue, signs, by };
  if (affected === 'unknown') return { kind: 'maybe', issue, signs, by };
  const left = issue.decides === 'object' ? signs.filter((sign) => isLeftBehind(sign, by)) : [];
  return left.length > 0 ? { kind: 'seen', issue, signs: left, by } : { kind: 'fixed', issue, by };
}

/** An object that was made before the daemon of the fixed release started keeps the fault. */
function isLeftBehind({ madeAtMs }: Sign, { startedAtMs }: JudgedRelease): boolean {
  return madeAtMs !== null && startedAtMs !== null && madeAtMs < startedAtMs;
}
