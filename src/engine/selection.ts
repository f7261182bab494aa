import type { Check } from './check.ts';
import { type AnySource, attempt, type Needs, type Source, sourcesOf } from './probe.ts';
import type { OrderedCheck, Product } from './product.ts';

/** The checks that a run judges. A check that is not selected keeps its row, with status skipped. */
export type Selection = { readonly only: readonly string[]; readonly skip: readonly string[] };

/** Every source that a set of needs depends on, each once; those without needs come first. */
export function transitiveSources(needs: Needs): readonly AnySource[] {
  const sources = new Map<string, AnySource>();
  const visit = (source: AnySource): void => {
    if (sources.has(source.name)) return;
    for (const need of sourcesOf(source.needs)) visit(need.source);
    sources.set(source.name, source);
  };
  for (const need of sourcesOf(needs)) visit(need.source);
  return [...sources.values()];
}

/** Every source that a check names or owns, and the sources that these depend on; those without needs come first. */
export function sourcesOfCheck({ check, owns = [] }: OrderedCheck): readonly AnySource[] {
  const owned = owns.map((source) => [source.name, attempt(source)] as const);
  return transitiveSources({ ...check.needs, ...Object.fromEntries(owned) });
}

/** The check that owns a source, if there is one. */
export function ownerOf(product: Product, source: Pick<Source, 'name'>): Check | undefined {
  return product.order.find(({ owns }) => owns?.some((owned) => owned.name === source.name))?.check;
}

function matches(check: Check, word: string): boolean {
  return check.name === word || check.group === word || (check.finds as readonly string[]).includes(word);
}

/** The words that are not a check, group or id of the product. */
export function unknownSelectors(product: Product, words: readonly string[]): readonly string[] {
  return words.filter((word) => !product.order.some(({ check }) => matches(check, word)));
}

/**
 * Names of the checks to judge. `only` also selects the `with` checks of a selected check or, if it has none, the
 * owners of its sources: then the report names the failure that blocks the check. `skip` takes precedence. An owner
 * that comes later in the order is not selected: it explains no earlier row, and its own failure would hide that the
 * selected part is fixed.
 */
export function selectedChecks(product: Product, { only, skip }: Selection): ReadonlySet<string> {
  const names = new Set<string>();
  const rankOf = (check: Check): number => product.order.findIndex((ordered) => ordered.check === check);
  const include = (ordered: OrderedCheck): void => {
    const { check, with: beside } = ordered;
    if (names.has(check.name)) return;
    names.add(check.name);
    for (const { name } of beside ?? []) names.add(name);
    if (beside !== undefined) return;
    for (const source of sourcesOfCheck(ordered)) {
      const owner = product.order.find(({ owns }) => owns?.some((owned) => owned.name === source.name));
      if (owner && rankOf(owner.check) < rankOf(check)) include(owner);
    }
  };
  for (const ordered of product.order) {
    if (only.length === 0 || only.some((word) => matches(ordered.check, word))) include(ordered);
  }
  for (const { check } of product.order) {
    if (skip.some((word) => check.name === word || check.group === word)) names.delete(check.name);
  }
  return names;
}

/**
 * The selection for the ids that a failed command named: the checks that find these ids, those that confirm or refute
 * them, and `always`. Null if no check finds any of the ids.
 */
export function selectionForIds(product: Product, ids: readonly string[], always: readonly Check[]): Selection | null {
  const finders = product.order.filter(({ check }) => check.finds.some((id) => ids.includes(id)));
  if (finders.length === 0) return null;
  const only = [...always, ...finders.map(({ check }) => check)].map(({ name }) => name);
  const selected = selectedChecks(product, { only, skip: [] });
  const names = (wanted: boolean): string[] =>
    product.order.flatMap(({ check: { name } }) => (selected.has(name) === wanted ? [name] : []));
  return { only: names(true), skip: names(false) };
}

/**
 * Names of the sources that the chosen checks do not need. An attempted source is also needed if its owner is chosen.
 * `without` are sources that do not run, so they need nothing.
 */
export function unneededSources(product: Product, selection: Selection, without: readonly Source[]): readonly string[] {
  const names = selectedChecks(product, selection);
  const needed = new Set<string>(without.map(({ name }) => name));
  const visit = (source: AnySource): void => {
    if (needed.has(source.name)) return;
    needed.add(source.name);
    for (const need of sourcesOf(source.needs)) visit(need.source);
  };
  for (const { check, owns = [] } of product.order) {
    if (!names.has(check.name)) continue;
    for (const source of owns) visit(source as AnySource);
    for (const { source, attempted } of sourcesOf(check.needs)) {
      const owner = ownerOf(product, source);
      if (!attempted || owner === undefined || names.has(owner.name)) visit(source);
    }
  }
  const all = product.order.flatMap(sourcesOfCheck);
  return [...new Set(all.map(({ name }) => name))].filter((name) => !needed.has(name));
}
