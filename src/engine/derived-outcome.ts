import { attributeFaults } from './attribute-faults.ts';
import { describeError } from './format.ts';
import type { Outcome, Result } from './outcome.ts';
import { type AnySource, type Derived, type RunLocation, sourcesOf } from './probe.ts';
import { clean } from './text.ts';

/** The input of a source: its facts, or the outcome that already follows from its needs. */
export type Inputs =
  | { readonly kind: 'ready'; readonly facts: Record<string, unknown> }
  | { readonly kind: 'settled'; readonly outcome: Outcome };

/** Collects the inputs of a source from the outcomes of its needs, for the mode of the run. */
export function inputsOf(source: AnySource, mode: RunLocation, outcomeOf: (name: string) => Outcome): Inputs {
  if (source.where === 'node' && mode === 'anywhere')
    return { kind: 'settled', outcome: { kind: 'not-applicable', reason: 'visible only on the node itself' } };
  const facts: Record<string, unknown> = {};
  for (const need of sourcesOf(source.needs)) {
    const outcome = outcomeOf(need.source.name);
    if (need.attempted) facts[need.key] = outcome;
    else if (outcome.kind === 'value') facts[need.key] = outcome.value;
    else return { kind: 'settled', outcome };
  }
  return { kind: 'ready', facts };
}

/**
 * Computes a derived fact. The computation is pure, so a replay gives the same value. A crash is an outcome like any
 * other.
 */
export function derivedOutcome(source: Derived, inputs: Inputs, now: number): Outcome {
  if (inputs.kind === 'settled') return inputs.outcome;
  let fault: string | null = null;
  try {
    const result = attributeFaults(
      (what) => {
        fault = what;
      },
      () => source.derive(inputs.facts as never, now),
    );
    return toOutcome(source, fault === null ? result : crashed(fault));
  } catch (thrown) {
    return toOutcome(source, crashed(fault ?? describeError(thrown)));
  }
}

/** Converts a result to an outcome: names its root and makes its detail printable. */
export function toOutcome(source: AnySource, result: Result): Outcome {
  if (result.kind !== 'failed') return result;
  return {
    kind: 'failed',
    failure: { root: source.name, ...result.failure, detail: clean(result.failure.detail) },
  };
}

/** A bug of the doctor in a probe or a derived fact. */
export function crashed(fault: string): Result {
  return { kind: 'failed', failure: { why: 'crashed', phase: 'run', detail: `check_crashed: ${fault}` } };
}
