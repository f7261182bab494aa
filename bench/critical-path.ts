import { sourcesOf } from '../src/engine/probe.ts';
import type { Product } from '../src/engine/product.ts';
import type { RunFacts } from '../src/engine/run-facts.ts';
import { sourcesOfRun } from '../src/engine/run-facts.ts';

/** The longest chain of dependent sources, in ms and with names. No run can be faster. */
export function criticalPath(
  product: Product,
  facts: RunFacts,
): { readonly ms: number; readonly names: readonly string[] } {
  const longest = new Map<string, { ms: number; names: readonly string[] }>();
  // Each source comes after the sources that it needs.
  for (const source of sourcesOfRun(product, { only: [], skip: [] }, [product.situation])) {
    const fact = facts.get(source.name);
    const ownMs = fact ? fact.endedMs - fact.startedMs : 0;
    const before = sourcesOf(source.needs)
      .map((need) => longest.get(need.source.name) ?? { ms: 0, names: [] })
      .reduce((a, b) => (b.ms > a.ms ? b : a), { ms: 0, names: [] as readonly string[] });
    longest.set(source.name, { ms: before.ms + ownMs, names: [...before.names, source.name] });
  }
  return [...longest.values()].reduce((a, b) => (b.ms > a.ms ? b : a), { ms: 0, names: [] });
}
