import type { Json } from './json.ts';
import type { NextStep } from './next-step.ts';

/**
 * Why a probe could not give its fact. None of these alone is a fault of the product. `denied`: this process lacks a
 * right. `timeout`: the probe's own deadline passed. `budget`: the run's time is over. `silent`: connected, but no
 * answer came. `hung-up`: the peer closed the connection without an answer. `refused`: nothing listens. `absent`: the
 * file or name does not exist. `unreadable`: the answer is not understood. `missing-tool`: a program is not installed.
 * `withheld`: the probe did not ask, because asking would have changed something or given a wrong answer. `crashed`: a
 * bug of the doctor.
 */
export type FailureWhy =
  | 'denied'
  | 'timeout'
  | 'budget'
  | 'silent'
  | 'hung-up'
  | 'refused'
  | 'absent'
  | 'unreadable'
  | 'missing-tool'
  | 'withheld'
  | 'crashed';

/**
 * A probe's failure. `phase` is the step that failed (connect, tls, read, parse, …); `root` names the probe in which it
 * began. `next` is what would let the probe succeed, if it is not what the class `why` suggests.
 */
export type Failure = {
  readonly why: FailureWhy;
  readonly phase: string;
  readonly detail: string;
  readonly root: string;
  readonly next?: NextStep;
};

/** The result of a probe: its fact, a failure, or the reason why the fact does not apply here. */
export type Outcome<T extends Json = Json> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'not-applicable'; readonly reason: string };

/** The result that a probe's own code returns. The engine fills in a missing root. */
export type Result<T extends Json = Json> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: Omit<Failure, 'root'> & { readonly root?: string } }
  | { readonly kind: 'not-applicable'; readonly reason: string };

/** A fact as a result. */
export function value<const T extends Json>(fact: T): { readonly kind: 'value'; readonly value: T } {
  return { kind: 'value', value: fact };
}

/**
 * A failure as a result. `because` names the probe in which the failure began, if this probe did not run because of it.
 * Rows that read this probe are then blocked by the finding that explains the other one.
 */
export function failed(
  why: FailureWhy,
  phase: string,
  detail: string,
  because?: { readonly name: string } | null,
  next?: NextStep,
): Extract<Result, { kind: 'failed' }> {
  const failure = { why, phase, detail, ...(next === undefined ? {} : { next }) };
  return { kind: 'failed', failure: because ? { ...failure, root: because.name } : failure };
}

/** The fact does not apply here. This is not a failure. */
export function notApplicable(reason: string): Extract<Result, { kind: 'not-applicable' }> {
  return { kind: 'not-applicable', reason };
}

/** The outcome, in a replay, of a fact that the recording's version did not collect. */
export const notCollected = notApplicable('the version that made this recording did not collect it');

/** The value of an outcome, or null if there is none, for readers that do not need the reason. */
export function factOf<T extends Json>(outcome: Outcome<T>): T | null {
  return outcome.kind === 'value' ? outcome.value : null;
}
