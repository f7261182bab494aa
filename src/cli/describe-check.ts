import { sourcesOf } from '../engine/probe.ts';
import type { OrderedCheck, Product } from '../engine/product.ts';
import { sourcesOfCheck } from '../engine/selection.ts';
import type { CheckDescription } from '../report/check-description.ts';

/** Describes every check of a product, in order. */
export function describeChecks(product: Product): readonly CheckDescription[] {
  const isEverywhere = product.order.every(({ check }) => check.where === 'anywhere');
  return product.order.map((ordered) => describeCheck(ordered, isEverywhere));
}

function describeCheck(ordered: OrderedCheck, isEverywhere: boolean): CheckDescription {
  const { name, group, title, finds, gates, where } = ordered.check;
  const rights = new Map<string, string[]>();
  for (const source of sourcesOfCheck(ordered))
    if (source.right !== null) rights.set(source.right, [...(rights.get(source.right) ?? []), shortName(source.name)]);
  const location = isEverywhere ? [] : [where === 'node' ? 'a node' : 'a node or a control port'];
  return {
    name,
    group,
    title,
    finds,
    reads: sourcesOf(gates).map(({ source }) => shortName(source.name)),
    needs: [...location, ...[...rights].map(([right, names]) => `${right} for ${[...new Set(names)].join(' and ')}`)],
  };
}

function shortName(source: string): string {
  return source.replace(/^[a-z]+\./, '');
}
