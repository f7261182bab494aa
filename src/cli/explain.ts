import { loadCatalog } from '../catalog/catalog.ts';
import { findInCatalog } from '../catalog/find.ts';
import type { Id } from '../catalog/generated/ids.ts';
import { explainEntry, explainTopic, listEntries } from '../report/explain-entry.ts';
import { readInput } from './input.ts';
import { invocationOf } from './invocation.ts';
import { chalkFor, coloured, widthOf } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Ids of piped output that are explained in full; the rest are named. */
const EXPLAINED = 5;

/** A product to explain: its name and bin, and how ids are found in the output of its commands. */
export type Explained = {
  readonly name: 'jaco' | 'jacqos';
  readonly bin: string;
  readonly idsIn: (text: string) => Promise<{ readonly ids: readonly Id[]; readonly unrecognised: readonly string[] }>;
};

/** The text of `explain`: of an id, of words, or of every id found in piped output. */
export async function explain(product: Explained, words: readonly string[]): Promise<string> {
  const catalog = await loadCatalog(product.name);
  const look = {
    width: widthOf(process.stdout, process.env),
    colour: chalkFor(coloured('auto', process.stdout, process.env)),
    command: invocationOf(product),
  };
  if (words.length === 0) return listEntries(catalog.entries, look);
  if (words.length === 1 && words[0] === '-') {
    const { ids, unrecognised } = await product.idsIn((await readInput('-', 'explain', 0)).text);
    if (ids.length === 0 && unrecognised.length === 0) throw new UsageError('explain: no id in what was read');
    const texts = ids.slice(0, EXPLAINED).map((id) => explainEntry(catalog.entry(id), look));
    const more = ids.length > EXPLAINED ? [`also in the text: ${ids.slice(EXPLAINED).join(', ')}\n`] : [];
    const strange = unrecognised.length > 0 ? [`not in the catalogue: ${unrecognised.join(', ')}\n`] : [];
    return [...texts, ...more, ...strange].join('\n');
  }
  const query = words.join(' ');
  const found = findInCatalog(catalog, query);
  switch (found.kind) {
    case 'entry':
      return explainEntry(found.entry, look);
    case 'topics':
      return found.topics.map((topic) => explainTopic(topic, look)).join('\n');
    case 'nothing': {
      const near = found.near.length === 0 ? '' : `; near it: ${found.near.join(', ')}`;
      throw new UsageError(`explain: nothing is known of "${query}"${near} (explain without a word lists all)`);
    }
  }
}
