import type { NextStep } from '../../../src/engine/next-step.ts';
import { nextStepOf } from '../../../src/engine/next-step-of.ts';
import type { IssueFacts, IssueOutcomes } from './issue-facts.ts';

/** One sign of an issue. Times are in ms since the epoch. */
export type Sign = {
  /** The subject, as the check of the symptom names it: a deployment, a service, a name server; null for the node. */
  readonly about: string | null;
  readonly evidence: readonly string[];
  /** What the issue does to the subject, as one sentence; null if only its log lines are seen. */
  readonly impact: string | null;
  /** When the object with the fault was created; null if no object has the fault, or if the time is unknown. */
  readonly madeAtMs: number | null;
};

/** The result of looking for a signature. */
export type SignatureResult =
  | { readonly kind: 'signs'; readonly signs: readonly Sign[] }
  /** A fact failed, with the probe in which the failure began. */
  | { readonly kind: 'not-judged'; readonly reason: string; readonly next: NextStep; readonly root: string }
  /** A fact does not exist here, such as a journal without systemd. */
  | { readonly kind: 'not-here' };

/** Looks for a signature. `now` is the clock of the run. */
export type Signature = (facts: IssueOutcomes, now: number) => SignatureResult;

/** Declares a signature over these facts. An empty list means that it is absent. */
export function signature<const K extends keyof IssueFacts>(
  needs: readonly K[],
  see: (facts: Pick<IssueFacts, K>, now: number) => readonly Sign[],
): Signature {
  return (facts, now) => {
    const values: Partial<IssueFacts> = {};
    for (const need of needs) {
      const outcome = facts[need];
      if (outcome.kind === 'failed')
        return {
          kind: 'not-judged',
          reason: outcome.failure.detail,
          next: nextStepOf(outcome.failure),
          root: outcome.failure.root,
        };
      if (outcome.kind === 'not-applicable') return { kind: 'not-here' };
      values[need] = outcome.value as IssueFacts[K];
    }
    return { kind: 'signs', signs: see(values as Pick<IssueFacts, K>, now) };
  };
}
