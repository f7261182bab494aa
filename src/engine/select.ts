import type { Check } from './check.ts';
import { type AnySource, type Needs, type Source, sourcesOf } from './probe.ts';
import type { OrderedCheck, Product } from './product.ts';

/** Which checks a run judges. A check that is not chosen keeps its row, as skipped. */
export type Selection = { readonly only: readonly string[]; readonly skip: readonly string[] };

/** Everything a set of needs rests on, each source once, those without needs first. */
export function transitiveSources(needs: Needs): readonly AnySource[] {
  const seen = new Map<string, AnySource>();
  const visit = (source: AnySource): void => {
    if (seen.has(source.name)) return;
    for (const need of sourcesOf(source.needs)) visit(need.source);
    seen.set(source.name, source);
  };
  for (const need of sourcesOf(needs)) visit(need.source);
  return [...seen.values()];
}

/** The check that answers for a source, if one is named. */
export function ownerOf(product: Product, source: Pick<Source, 'name'>): Check | undefined {
  return product.order.find((place) => place.owns?.some((owned) => owned.name === source.name))?.check;
}

function matches(check: Check, word: string): boolean {
  return check.name === word || check.group === word || (check.finds as readonly string[]).includes(word);
}

/** Words that name no check, group or id of the product. */
export function unknownWords(product: Product, words: readonly string[]): readonly string[] {
  return words.filter((word) => !product.order.some(({ check }) => matches(check, word)));
}

/**
 * The checks to judge, by name. `only` also takes in those beside the chosen ones: what a product names, else the owners of
 * what they read, so that a failure on the way is named and not just met; `skip` wins over both. An owner that stands later
 * explains nothing of an earlier row, and would hold the verdict on a mended part back for something else.
 */
export function selectedChecks(product: Product, { only, skip }: Selection): ReadonlySet<string> {
  const names = new Set<string>();
  const at = (check: Check): number => product.order.findIndex((place) => place.check === check);
  const include = ({ check, with: beside }: OrderedCheck): void => {
    if (names.has(check.name)) return;
    names.add(check.name);
    for (const one of beside ?? []) names.add(one.name);
    if (beside !== undefined) return;
    for (const source of transitiveSources(check.reads)) {
      const owner = product.order.find((place) => place.owns?.some((owned) => owned.name === source.name));
      if (owner && at(owner.check) < at(check)) include(owner);
    }
  };
  for (const place of product.order) {
    if (only.length === 0 || only.some((word) => matches(place.check, word))) include(place);
  }
  for (const { check } of product.order) {
    if (skip.some((word) => check.name === word || check.group === word)) names.delete(check.name);
  }
  return names;
}

/**
 * The selection that bears on what a failed command named, and no more: the checks of these ids, those that confirm or refute
 * them, and `always`. Null where no check finds any of the ids.
 */
export function selectionForIds(product: Product, ids: readonly string[], always: readonly Check[]): Selection | null {
  const places = product.order.filter(({ check }) => check.finds.some((id) => ids.includes(id)));
  if (places.length === 0) return null;
  const only = [...always, ...places.map((place) => place.check)].map(({ name }) => name);
  const bearing = selectedChecks(product, { only, skip: [] });
  const names = (wanted: boolean): string[] =>
    product.order.flatMap(({ check: { name } }) => (bearing.has(name) === wanted ? [name] : []));
  return { only: names(true), skip: names(false) };
}

/**
 * Sources that the chosen checks do not need: what a check only attempts is needed where its owner is chosen too. `without`
 * are sources that will not look, so nothing is needed for them.
 */
export function unneededSources(product: Product, selection: Selection, without: readonly Source[]): readonly string[] {
  const names = selectedChecks(product, selection);
  const needed = new Set<string>(without.map(({ name }) => name));
  const visit = (source: AnySource): void => {
    if (needed.has(source.name)) return;
    needed.add(source.name);
    for (const need of sourcesOf(source.needs)) visit(need.source);
  };
  for (const { check } of product.order) {
    if (!names.has(check.name)) continue;
    for (const { source, attempted } of sourcesOf(check.reads)) {
      const owner = ownerOf(product, source);
      if (!attempted || owner === undefined || names.has(owner.name)) visit(source);
    }
  }
  const all = product.order.flatMap(({ check }) => transitiveSources(check.reads));
  return [...new Set(all.map(({ name }) => name))].filter((name) => !needed.has(name));
}
