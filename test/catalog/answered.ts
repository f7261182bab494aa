import type { Catalog } from '../../src/catalog/catalog.ts';
import type { Entry, Topic } from '../../src/catalog/entry-schema.ts';
import { findByWords, findExact } from '../../src/catalog/find-in-catalog.ts';

/** The answer of `explain`: the names in order, and whether it is sure. */
export async function answered(
  catalog: Catalog,
  query: string,
): Promise<{ readonly sure: boolean; readonly names: readonly string[]; readonly ids: readonly string[] }> {
  const found = findExact(catalog, query) ?? (await findByWords(catalog, query));
  const nameOf = (one: Entry | Topic): string => ('kind' in one ? one.name : one.id);
  // A heading leads to the id that it names first.
  const idOf = (one: Entry | Topic): string => ('kind' in one ? (one.ids[0] ?? one.name) : one.id);
  switch (found.kind) {
    case 'entry':
      return { sure: true, names: [found.entry.id], ids: [found.entry.id] };
    case 'topics':
      return { sure: true, names: found.topics.map(nameOf), ids: found.topics.map(idOf) };
    case 'guesses':
      return { sure: false, names: found.guesses.map(nameOf), ids: found.guesses.map(idOf) };
    case 'nothing':
      return { sure: false, names: [], ids: [] };
  }
}
