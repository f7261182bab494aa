import type { Json } from './json.ts';

/**
 * Why a probe could not give its fact. None of these is a fault of the product by itself:
 * `denied` lacks a right, `timeout` ran out of its own deadline, `budget` out of the run's, `silent` was connected to
 * and heard nothing, `hung-up` was connected to and let go without an answer, `refused` and `absent` met nobody, `unreadable` met something it does not understand,
 * `missing-tool` lacks a program on this host, `withheld` did not look because looking would have acted or lied,
 * `crashed` is a bug of the doctor.
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

/** A probe's failure. `phase` is where it stood (connect, tls, read, parse, …); `root` names the probe it began in. */
export type Failure = {
  readonly why: FailureWhy;
  readonly phase: string;
  readonly detail: string;
  readonly root: string;
};

/** What a probe gave: its fact, why there is none, or why there can be none here. */
export type Outcome<T extends Json = Json> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'not-applicable'; readonly reason: string };

/** What a probe's own code returns: an outcome whose root may be left to the engine. */
export type Result<T extends Json = Json> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: Omit<Failure, 'root'> & { readonly root?: string } }
  | { readonly kind: 'not-applicable'; readonly reason: string };

/** The fact. */
export function value<const T extends Json>(fact: T): { readonly kind: 'value'; readonly value: T } {
  return { kind: 'value', value: fact };
}

/**
 * No fact. `because` names another probe as the place where the trouble began, for a probe that did not look on
 * account of what that one saw: rows that read this probe are then blocked by whatever explains the other.
 */
export function failed(
  why: FailureWhy,
  phase: string,
  detail: string,
  because?: { readonly name: string },
): Extract<Result, { kind: 'failed' }> {
  return { kind: 'failed', failure: because ? { why, phase, detail, root: because.name } : { why, phase, detail } };
}

/** There is nothing of the kind here, and that is no trouble. */
export function notApplicable(reason: string): Extract<Result, { kind: 'not-applicable' }> {
  return { kind: 'not-applicable', reason };
}

/** The fact of an attempt, or null where there is none; for readers to whom the reason makes no difference. */
export function factOf<T extends Json>(outcome: Outcome<T>): T | null {
  return outcome.kind === 'value' ? outcome.value : null;
}
