import type { CollectedFact } from './collect-facts.ts';
import { derivedOutcome, inputsOf } from './derived-outcome.ts';
import { notCollected, type Outcome } from './outcome.ts';
import type { AnySource, RunLocation } from './probe.ts';
import type { Product } from './product.ts';
import { type Selection, selectedChecks, sourcesOfCheck, transitiveSources } from './selection.ts';
import type { SeverityOf } from './verdict.ts';

/** The input of a run from outside. */
export type RunOptions = {
  readonly mode: RunLocation;
  readonly selection: Selection;
  readonly severityOf: SeverityOf;
  /** The run's clock: ms since the epoch, for every judgement of age. */
  readonly now: number;
};

/** All outcomes of a run: enough to judge it again without running a probe. Times are in ms from the run's start. */
export type RunFacts = ReadonlyMap<string, CollectedFact>;

/**
 * Every source that the selected checks and `extra` depend on; those without needs come first. `extra` are the sources
 * that the report's header needs for any selection.
 */
export function sourcesOfRun(
  product: Product,
  selection: Selection,
  extra: readonly AnySource[],
): readonly AnySource[] {
  const names = selectedChecks(product, selection);
  const sources = new Map<string, AnySource>();
  for (const ordered of product.order) {
    if (names.has(ordered.check.name)) for (const source of sourcesOfCheck(ordered)) sources.set(source.name, source);
  }
  for (const source of extra)
    for (const below of [...transitiveSources(source.needs), source]) sources.set(below.name, below);
  return [...sources.values()];
}

/**
 * All facts of a replayed run. Derived facts are computed from the recorded outcomes, so that this version's knowledge
 * judges an old recording. If a recording of another version (`foreign`) lacks a probe, that probe did not exist there.
 * In a recording of this version, the probe is missing.
 */
export function rederiveFacts(
  product: Product,
  facts: RunFacts,
  { selection, mode, now, foreign }: Omit<RunOptions, 'severityOf'> & { readonly foreign: boolean },
): RunFacts {
  const complete = new Map(facts);
  // Each source comes after its needs.
  for (const source of sourcesOfRun(product, selection, [product.situation])) {
    const { startedMs, endedMs } = facts.get(source.name) ?? { startedMs: 0, endedMs: 0 };
    const outcomeOf = (name: string): Outcome => (complete.get(name) as CollectedFact).outcome;
    if (source.kind === 'derived')
      complete.set(source.name, {
        outcome: derivedOutcome(source, inputsOf(source, mode, outcomeOf), now),
        startedMs,
        endedMs,
      });
    else if (!complete.has(source.name))
      complete.set(source.name, { outcome: missing(source.name, foreign), startedMs, endedMs });
  }
  return complete;
}

/**
 * The outcome of a probe that a recording lacks. A recording of another version may lack a probe that is read today.
 */
function missing(root: string, foreign: boolean): Outcome {
  if (foreign) return notCollected;
  return { kind: 'failed', failure: { why: 'absent', phase: 'replay', detail: 'not in this recording', root } };
}
