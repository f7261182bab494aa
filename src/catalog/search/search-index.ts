import MiniSearch, { type Options } from 'minisearch';
import type { Topic } from '../entry-schema.ts';
import { termOf, termsOf, wordsOf } from './search-terms.ts';

/** An entry as in its YAML file, with its other names. */
type NamedEntry = {
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  readonly impact: string;
  readonly alsoKnownAs: readonly string[];
};

/**
 * One text that can be found. Each name of an entry is a separate text, so that an entry with many names is as easy to
 * find as one with few.
 */
export type SearchText = {
  /** The id of the entry, or the position of the topic in the catalogue. */
  readonly of: string | number;
  /**
   * `name` an id, a title or another name · `heading` of a page · `state` a state or an audit event · `body` meaning
   * and impact.
   */
  readonly kind: 'name' | 'heading' | 'state' | 'body';
  /** Its number of terms. It is not called `terms`, because a result has a field of that name. */
  readonly size: number;
};

type IndexedText = SearchText & { readonly key: number; readonly text: string };

const options: Options<IndexedText> = {
  idField: 'key',
  fields: ['text'],
  storeFields: ['of', 'kind', 'size'],
  tokenize: wordsOf,
  processTerm: termOf,
};

export type SearchIndex = MiniSearch<IndexedText>;

/** The index of a catalogue, as JSON. The build writes it. */
export function writeIndex(entries: readonly NamedEntry[], topics: readonly Topic[]): string {
  const ids = new Set(entries.map(({ id }) => id));
  const texts = [
    ...entries.flatMap(({ id, title, alsoKnownAs, meaning, impact }) => [
      ...[id.replaceAll('_', ' '), title, ...alsoKnownAs].map((text) => ({ of: id, kind: 'name', text }) as const),
      { of: id, kind: 'body', text: `${meaning} ${impact}` } as const,
    ]),
    ...topics.flatMap(({ kind, name }, position) =>
      // A heading that only lists ids is not indexed: the ids are.
      name.split(' / ').every((one) => ids.has(one))
        ? []
        : [
            {
              of: position,
              kind: kind === 'heading' || kind === 'statement' ? 'heading' : 'state',
              text: name,
            } as const,
          ],
    ),
  ];
  const index = new MiniSearch(options);
  index.addAll(texts.map((text, key) => ({ ...text, key, size: termsOf(text.text).size })));
  return JSON.stringify(index);
}

/** Parses the index that the build wrote. */
export function readIndex(json: string): SearchIndex {
  return MiniSearch.loadJSON(json, options);
}
