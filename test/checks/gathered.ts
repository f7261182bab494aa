import { derivedOutcome, inputsOf } from '../../src/engine/inputs.ts';
import { notApplicable, type Outcome } from '../../src/engine/outcome.ts';
import type { Where } from '../../src/engine/probe.ts';
import type { Product } from '../../src/engine/product.ts';
import type { RunFacts } from '../../src/engine/run.ts';
import { transitiveSources } from '../../src/engine/select.ts';

/** The facts of a scene: probes as given, derived facts computed as in a run, so that they are tested with the checks. */
export function gathered(
  product: Product,
  given: ReadonlyMap<string, Outcome>,
  { now, mode = 'node' }: { now: number; mode?: Where },
): RunFacts {
  const facts = new Map<string, { outcome: Outcome; startedMs: number; endedMs: number }>();
  const outcomeOf = (name: string): Outcome => facts.get(name)?.outcome as Outcome;
  for (const { check } of product.order)
    for (const source of transitiveSources(check.reads)) {
      const outcome =
        given.get(source.name) ??
        (source.kind === 'derived'
          ? derivedOutcome(source, inputsOf(source, mode, outcomeOf), now)
          : notApplicable(`the scene has no ${source.name}`));
      facts.set(source.name, { outcome, startedMs: 0, endedMs: 0 });
    }
  return facts;
}
