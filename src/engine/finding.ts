import type { CausesOf, Placeholder, ValuesOf } from '../catalog/generated/details.ts';
import type { Id } from '../catalog/generated/ids.ts';
import type { NextStep } from './next-step.ts';
import { nextStepOf } from './next-step-of.ts';
import type { Failure, Outcome } from './outcome.ts';

/** The fields of every finding, independent of its id. */
type Seen<I extends Id, Key extends string> = {
  readonly id: I;
  /** The node, deployment, domain or other object that the finding is about; null if the id needs none. */
  readonly subject: string | null;
  /** The node on which to run the steps, if the subject is not a node. */
  readonly node?: string;
  /**
   * The fault, its cause and its impact as seen here, instead of the catalogue's texts, which cover every way in which
   * the id is found.
   */
  readonly title?: string;
  readonly meaning?: string;
  readonly impact?: string;
  /** What was observed: one sentence each, with the host's own names and numbers. */
  readonly evidence: readonly string[];
  /** Set if this finding is less severe than its id usually is. A warning is never raised to a failure. */
  readonly severity?: 'warn';
  /** Findings of other checks that follow from this one. If `subject` is null, those with any subject. */
  readonly leadsTo?: readonly { readonly id: Id; readonly subject: string | null }[];
  /** Set if no other finding can be the cause of this one, even if the catalogue lists one for its id. */
  readonly isRoot?: true;
  /** Facts whose failure this finding explains: it blocks the rows that need them. */
  readonly explains?: readonly Key[];
};

/**
 * The cause of an id that was observed, so that only its steps are printed. Never, if the id has no causes in the
 * catalogue.
 */
export type Cause<I extends Id> = I extends keyof CausesOf ? CausesOf[I] : never;

type Filled<Name extends string> = { readonly [N in Name]?: string };

/** Values for the placeholders of an id's steps, such as the port or the program that holds it. */
export type Values<I extends Id> = Filled<Placeholder> & (I extends keyof ValuesOf ? Filled<ValuesOf[I]> : unknown);

/**
 * The fields that depend on the id. This is a table, because TypeScript infers no id through a type that is computed
 * from it.
 */
type Details = { [I in Id]: { readonly id: I; readonly cause?: Cause<I>; readonly values?: Values<I> } };

/**
 * One fault that a check found. The catalogue says what the id means, its severity and its fix; the finding says only
 * what was observed on this host. A cause or value that the catalogue does not list for the id does not compile.
 */
export type Finding<I extends Id = Id, Key extends string = string> = Seen<I, Key> &
  ({ readonly cause?: never; readonly values?: Filled<Placeholder> } | Details[I]);

/** A finding after its check returned: cause and values are plain strings. */
export type AnyFinding = Seen<Id, string> & {
  readonly cause?: string;
  readonly values?: { readonly [name: string]: string };
};

/**
 * A target of a fan-out that could not be judged, and what would let it be judged. `root` names the probe whose failure
 * is the reason, if one is.
 */
export type NotJudged = {
  readonly subject: string;
  readonly reason: string;
  readonly next: NextStep;
  readonly root?: string;
};

/** A target that could not be judged because a probe failed. */
export function notJudgedBecause(subject: string, failure: Failure): NotJudged {
  return { subject, reason: failure.detail, next: nextStepOf(failure), root: failure.root };
}

/** The result of a check. It can have findings, targets that were not judged, evidence and notes at once. */
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
      readonly next: NextStep;
      /** The probe's failure, if that is the reason. A finding that explains it blocks the row. */
      readonly failure: Failure | null;
      readonly evidence: readonly string[];
      readonly notes: readonly string[];
    };

type Extras = {
  readonly evidence?: readonly string[];
  readonly notes?: readonly string[];
  readonly notJudged?: readonly NotJudged[];
};

/** The claim holds. A note describes a normal state that looks wrong, and says when it stops being normal. */
export function pass(evidence: readonly string[], extras: Omit<Extras, 'evidence'> = {}): Judgement<never, never> {
  return judged([], { ...extras, evidence });
}

/** The faults found, causes first. An empty list is a pass with the given evidence. */
export function judged<const I extends Id, const Key extends string = never>(
  findings: readonly Finding<I, Key>[],
  extras: Extras = {},
): Judgement<I, NoInfer<Key>> {
  const { evidence = [], notes = [], notJudged = [] } = extras;
  return { kind: 'judged', findings, evidence, notes, notJudged };
}

/**
 * Could not be determined. The reason names what timed out, was refused or was unreadable, or the missing right or
 * tool. `because` is the failure that is the reason, or what would let the check run.
 */
export function unknown(
  reason: string,
  because: Failure | NextStep,
  extras: Omit<Extras, 'notJudged'> = {},
): Judgement<never, never> {
  const { evidence = [], notes = [] } = extras;
  const [failure, next] = 'why' in because && 'root' in because ? [because, nextStepOf(because)] : [null, because];
  return { kind: 'unknown', reason, next, failure, evidence, notes };
}

/** Could not be determined without this fact. A finding that explains the failure blocks the row. */
export function unknownBecause(outcome: Exclude<Outcome, { readonly kind: 'value' }>): Judgement<never, never> {
  return outcome.kind === 'failed'
    ? unknown(outcome.failure.detail, outcome.failure)
    : unknown(outcome.reason, { kind: 'answer' });
}
