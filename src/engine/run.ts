import { type CollectedFact, collectFacts } from './collect-facts.ts';
import { derivedOutcome, inputsOf } from './inputs.ts';
import { judgeAll } from './judge.ts';
import type { SeverityOf } from './judge-options.ts';
import type { Outcome } from './outcome.ts';
import type { AnySource, Where } from './probe.ts';
import type { Product } from './product.ts';
import type { Row } from './row.ts';
import { type Selection, selectedChecks, transitiveSources } from './select.ts';

/** What a run is given from outside. */
export type RunOptions = {
  readonly mode: Where;
  readonly selection: Selection;
  readonly severityOf: SeverityOf;
  /** The run's clock: ms since the epoch, for every judgement of age. */
  readonly now: number;
};

/** Everything a run found out: enough to judge it again without looking. Times in ms from the run's start. */
export type RunFacts = ReadonlyMap<string, CollectedFact>;

/** Every source that the chosen checks and `extra` rest on. */
export function sourcesOfRun(
  product: Product,
  selection: Selection,
  extra: readonly AnySource[],
): readonly AnySource[] {
  const names = selectedChecks(product, selection);
  const sources = new Map<string, AnySource>();
  for (const { check } of product.order) {
    if (names.has(check.name)) for (const source of transitiveSources(check.reads)) sources.set(source.name, source);
  }
  for (const source of extra)
    for (const below of [...transitiveSources(source.needs), source]) sources.set(below.name, below);
  return [...sources.values()];
}

/**
 * Looks: runs all probes of the chosen checks. `budgetMs` counts from the zero of `elapsed`.
 * `extra` are sources wanted for the report's own header, whatever is chosen.
 */
export function collectRun(
  product: Product,
  options: RunOptions & {
    readonly io: object;
    readonly extra: readonly AnySource[];
    readonly elapsed: () => number;
    readonly budgetMs: number;
    readonly onSettled?: (name: string, open: readonly string[]) => void;
  },
): Promise<RunFacts> {
  return collectFacts(sourcesOfRun(product, options.selection, options.extra), options);
}

/** Judges all facts of a run. Pure: the same facts, clock and options give the same rows. */
export function judgeRun(product: Product, facts: RunFacts, options: RunOptions): readonly Row[] {
  return judgeAll(product, facts, { ...options, chosen: selectedChecks(product, options.selection) });
}

/**
 * All facts of a run, the derived ones computed anew from the probes' outcomes, so that an old recording is judged by what
 * is known today. What a recording of another version (`foreign`) does not hold was not looked at in that run; in one of
 * this version it is missing.
 */
export function rederiveFacts(
  product: Product,
  facts: RunFacts,
  { selection, mode, now, foreign }: Omit<RunOptions, 'severityOf'> & { readonly foreign: boolean },
): RunFacts {
  const whole = new Map(facts);
  // Sources come with their needs first.
  for (const source of sourcesOfRun(product, selection, [product.situation])) {
    const { startedMs, endedMs } = facts.get(source.name) ?? { startedMs: 0, endedMs: 0 };
    const outcomeOf = (name: string): Outcome => (whole.get(name) as CollectedFact).outcome;
    if (source.kind === 'derived')
      whole.set(source.name, {
        outcome: derivedOutcome(source, inputsOf(source, mode, outcomeOf), now),
        startedMs,
        endedMs,
      });
    else if (!whole.has(source.name))
      whole.set(source.name, { outcome: missing(source.name, foreign), startedMs, endedMs });
  }
  return whole;
}

/** A recording of another version may lack a probe that is read today. */
function missing(root: string, foreign: boolean): Outcome {
  if (foreign) return { kind: 'not-applicable', reason: 'the version that made this recording did not look at it' };
  return { kind: 'failed', failure: { why: 'absent', phase: 'replay', detail: 'not in this recording', root } };
}
