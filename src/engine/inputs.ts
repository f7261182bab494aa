import { describeError } from './format.ts';
import { withBlame } from './guard.ts';
import type { Outcome, Result } from './outcome.ts';
import { type AnySource, type Derived, sourcesOf, type Where } from './probe.ts';
import { clean } from './text.ts';

/** What a source has to work with: its facts, or an outcome that is settled already by what it needs. */
export type Inputs =
  | { readonly kind: 'ready'; readonly facts: Record<string, unknown> }
  | { readonly kind: 'settled'; readonly outcome: Outcome };

/** Puts together what a source needs, in the mode of the run, from the outcomes of the sources below it. */
export function inputsOf(source: AnySource, mode: Where, outcomeOf: (name: string) => Outcome): Inputs {
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

/** Computes a derived fact. Pure, so a replay computes it anew; a crash of it is an outcome like any other. */
export function derivedOutcome(source: Derived, inputs: Inputs, now: number): Outcome {
  if (inputs.kind === 'settled') return inputs.outcome;
  let blame: string | null = null;
  try {
    const result = withBlame(
      (what) => {
        blame = what;
      },
      () => source.derive(inputs.facts as never, now),
    );
    return completed(source, blame === null ? result : crashed(blame));
  } catch (thrown) {
    return completed(source, crashed(blame ?? describeError(thrown)));
  }
}

/** A result with its root named and its words fit to print. */
export function completed(source: AnySource, result: Result): Outcome {
  if (result.kind !== 'failed') return result;
  return {
    kind: 'failed',
    failure: { root: source.name, ...result.failure, detail: clean(result.failure.detail) },
  };
}

/** A bug of the doctor in a probe or a derived fact. */
export function crashed(what: string): Result {
  return { kind: 'failed', failure: { why: 'crashed', phase: 'run', detail: `check_crashed: ${what}` } };
}
