import { loadCatalog } from '../catalog/catalog.ts';
import { findInCatalog } from '../catalog/find-in-catalog.ts';
import type { ProductName } from '../catalog/generated/catalogs.ts';
import type { Id } from '../catalog/generated/ids.ts';
import { explainEntry, explainTopic, listEntries } from '../report/explain-entry.ts';
import { invocationOf } from './invocation.ts';
import { readInput } from './read-input.ts';
import { chalkFor, hasColour, widthOf } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Ids of piped output that are explained in full; the rest are named. */
const MAX_EXPLAINED = 5;

/** A product to explain: its name and bin, and how ids are found in the output of its commands. */
export type Explained = {
  readonly name: ProductName;
  readonly bin: string;
  readonly idsIn: (text: string) => Promise<{ readonly ids: readonly Id[]; readonly unrecognised: readonly string[] }>;
};

/** The text of `explain`: of an id, of words, or of every id found in piped output. */
export async function explain(product: Explained, words: readonly string[]): Promise<string> {
  const catalog = await loadCatalog(product.name);
  const options = {
    width: widthOf(process.stdout, process.env),
    colour: chalkFor(hasColour('auto', process.stdout, process.env)),
    command: invocationOf(product),
  };
  if (words.length === 0) return listEntries(catalog.entries, options);
  if (words.length === 1 && words[0] === '-') {
    const { ids, unrecognised } = await product.idsIn((await readInput('-', 'explain', 0)).text);
    if (ids.length === 0 && unrecognised.length === 0) throw new UsageError('explain: no id in what was read');
    const texts = ids.slice(0, MAX_EXPLAINED).map((id) => explainEntry(catalog.entry(id), options));
    const more = ids.length > MAX_EXPLAINED ? [`also in the text: ${ids.slice(MAX_EXPLAINED).join(', ')}\n`] : [];
    const unknown = unrecognised.length > 0 ? [`not in the catalogue: ${unrecognised.join(', ')}\n`] : [];
    return [...texts, ...more, ...unknown].join('\n');
  }
  const query = words.join(' ');
  const result = findInCatalog(catalog, query);
  switch (result.kind) {
    case 'entry':
      return explainEntry(result.entry, options);
    case 'topics':
      return result.topics.map((topic) => explainTopic(topic, options)).join('\n');
    case 'nothing': {
      const similar = result.near.length === 0 ? '' : `; near it: ${result.near.join(', ')}`;
      throw new UsageError(`explain: nothing is known of "${query}"${similar} (explain without a word lists all)`);
    }
  }
}
