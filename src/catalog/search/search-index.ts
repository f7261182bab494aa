import MiniSearch, { type Options } from 'minisearch';
import type { Topic } from '../entry.ts';
import { termOf, termsOf, wordsOf } from './search-terms.ts';

/** An entry as its YAML file has it, with what people call it. */
type NamedEntry = {
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  readonly impact: string;
  readonly alsoKnownAs: readonly string[];
};

/**
 * One text that can be found. Each name of an entry is a text of its own, so that an entry with many names is as easy to find as
 * one with few.
 */
export type SearchText = {
  /** The id of the entry, or the position of the topic in the catalogue. */
  readonly of: string | number;
  /** `name` an id, a title or another name · `heading` of a page · `state` a state or an audit event · `body` meaning and impact. */
  readonly kind: 'name' | 'heading' | 'state' | 'body';
  /** How many terms it has. Not called `terms`, as a result's own field is. */
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
      // A heading that only names ids is found as these.
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

/** The index that the build wrote. */
export function readIndex(json: string): SearchIndex {
  return MiniSearch.loadJSON(json, options);
}
