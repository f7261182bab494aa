import MiniSearch from 'minisearch';

/**
 * Names that are similar to a word, nearest first, at most three: they differ by few letters, begin with it, or contain
 * it.
 */
export function nearestNames(word: string, names: readonly string[]): readonly string[] {
  const index = new MiniSearch<{ readonly name: string }>({
    idField: 'name',
    fields: ['name'],
    tokenize: (text) => [text, ...text.split(/[-_ ]/)],
    searchOptions: { tokenize: (text) => [text], fuzzy: 0.25, prefix: (term) => term.length > 2 },
  });
  index.addAll([...new Set(names)].map((name) => ({ name })));
  return index
    .search(word.slice(0, MAX_WORD))
    .slice(0, 3)
    .map(({ id }) => id as string);
}

/** In characters; longer than any name. */
const MAX_WORD = 80;
