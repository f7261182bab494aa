import type { CausesOf, Placeholder, ValuesOf } from '../catalog/generated/details.ts';
import type { Id } from '../catalog/generated/ids.ts';
import type { Failure, Outcome } from './outcome.ts';

/** What every finding says, whatever its id. */
type Seen<I extends Id, Key extends string> = {
  readonly id: I;
  /** The node, deployment, domain, … concerned; null where the id says it all. */
  readonly subject: string | null;
  /** Where it is, if the subject is no node: what is done about it is done there. */
  readonly node?: string;
  /** What was seen, a sentence each, in words of the host. */
  readonly evidence: readonly string[];
  /** Set where this finding is milder than its id as a rule is; a warning is never made worse. */
  readonly severity?: 'warn';
  /** Facts read by this check whose failure this finding explains: rows that need them are blocked by it. */
  readonly explains?: readonly Key[];
};

/** Which cause of an id was seen, so that only its steps are printed. Never, if the catalogue gives the id no causes. */
export type Cause<I extends Id> = I extends keyof CausesOf ? CausesOf[I] : never;

type Filled<Name extends string> = { readonly [N in Name]?: string };

/** Values for the placeholders of an id's steps, such as the port or the program that holds it. */
export type Values<I extends Id> = Filled<Placeholder> & (I extends keyof ValuesOf ? Filled<ValuesOf[I]> : unknown);

/** What a finding gives beside its id. A table, because TypeScript infers no id through a type that is computed from it. */
type Details = { [I in Id]: { readonly id: I; readonly cause?: Cause<I>; readonly values?: Values<I> } };

/**
 * One fault that a check found. The catalogue says what the id means, how bad it is and how to fix it; the finding says only
 * what was seen on this host. A cause or value that the catalogue does not give the id does not compile.
 */
export type Finding<I extends Id = Id, Key extends string = string> = Seen<I, Key> &
  ({ readonly cause?: never; readonly values?: Filled<Placeholder> } | Details[I]);

/** A finding as it goes on from the check that made it: cause and values are plain words. */
export type AnyFinding = Seen<Id, string> & {
  readonly cause?: string;
  readonly values?: { readonly [name: string]: string };
};

/** A target of a fan-out that could not be judged. `root` names the probe whose failure is the reason, if one is. */
export type NotJudged = { readonly subject: string; readonly reason: string; readonly root?: string };

/** What a check concluded. Findings, unjudged targets, evidence and notes may stand together. */
export type Judgement<I extends Id = Id, Key extends string = string> =
  | {
      readonly kind: 'judged';
      readonly findings: readonly Finding<I, Key>[];
      readonly evidence: readonly string[];
      readonly notes: readonly string[];
      readonly notJudged: readonly NotJudged[];
    }
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      /** The probe's failure behind the reason, if one is: the row is blocked where a finding explains it. */
      readonly failure: Failure | null;
      readonly evidence: readonly string[];
      readonly notes: readonly string[];
    };

type Extras = {
  readonly evidence?: readonly string[];
  readonly notes?: readonly string[];
  readonly notJudged?: readonly NotJudged[];
};

/** The claim holds. Notes say what looks odd and is not, and when it would stop being normal. */
export function pass(evidence: readonly string[], extras: Omit<Extras, 'evidence'> = {}): Judgement<never, never> {
  return judged([], { ...extras, evidence });
}

/** What was found wrong, root first. An empty list is a pass with the given evidence. */
export function judged<const I extends Id, const Key extends string = never>(
  findings: readonly Finding<I, Key>[],
  extras: Extras = {},
): Judgement<I, NoInfer<Key>> {
  const { evidence = [], notes = [], notJudged = [] } = extras;
  return { kind: 'judged', findings, evidence, notes, notJudged };
}

/** Could not be determined, and why: what hung, was refused or unreadable, which right or tool is missing. */
export function unknown(
  reason: string,
  extras: Omit<Extras, 'notJudged'> & { readonly failure?: Failure } = {},
): Judgement<never, never> {
  const { evidence = [], notes = [], failure = null } = extras;
  return { kind: 'unknown', reason, failure, evidence, notes };
}

/** Could not be determined for want of this fact; the row is blocked where a finding explains why it is not there. */
export function unknownBecause(outcome: Exclude<Outcome, { readonly kind: 'value' }>): Judgement<never, never> {
  return outcome.kind === 'failed'
    ? unknown(outcome.failure.detail, { failure: outcome.failure })
    : unknown(outcome.reason);
}
