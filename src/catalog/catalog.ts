import type { Entry, Topic } from './entry-schema.ts';
import { catalogs, type ProductName } from './generated/catalogs.ts';
import type { Id } from './generated/ids.ts';
import type { SearchHits } from './search/open-search.ts';

/** Everything about a product's ids. An entry is parsed when it is read, because most runs show one. */
export type Catalog = {
  /** Every id, in the order of the checks. */
  readonly ids: readonly string[];
  /** Every entry, in the order of the checks. */
  readonly entries: readonly Entry[];
  readonly topics: readonly Topic[];
  /** Finds entries and topics for words. The index is read once, and only for words that are not an id. */
  readonly search: (query: string) => Promise<SearchHits>;
  /** The entry of an id. Throws on an id that is not there, which the types do not allow. */
  readonly entry: (id: Id) => Entry;
  /** The entry of a word that may be an id; null if it is not one. */
  readonly find: (id: string) => Entry | null;
};

/** The entry of an id, without the rest of the catalogue; null if the word is not an id. */
export async function loadEntry(product: ProductName, id: string): Promise<Entry | null> {
  const subject = catalogs[product].subjects.find(({ ids }) => ids.includes(id));
  const text = (await subject?.load())?.entryTexts[id];
  return text === undefined ? null : (JSON.parse(text) as Entry);
}

/** Loads a product's catalogue. */
export async function loadCatalog(product: ProductName): Promise<Catalog> {
  const { subjects, topics: loadTopics } = catalogs[product];
  const [{ topicsText }, ...texts] = await Promise.all([loadTopics(), ...subjects.map(({ load }) => load())]);
  const entryTexts: { readonly [id: string]: string } = Object.assign({}, ...texts.map((one) => one.entryTexts));
  const parsed = new Map<string, Entry>();
  const find = (id: string): Entry | null => {
    const text = Object.hasOwn(entryTexts, id) ? entryTexts[id] : undefined;
    if (text === undefined) return null;
    const entry = parsed.get(id) ?? (JSON.parse(text) as Entry);
    parsed.set(id, entry);
    return entry;
  };
  const entry = (id: string): Entry => {
    const found = find(id);
    if (found === null) throw new Error(`the catalogue has no id ${id}`);
    return found;
  };
  let topics: readonly Topic[] | null = null;
  let opened: Promise<(query: string) => SearchHits> | null = null;
  const search = async (query: string): Promise<SearchHits> => {
    opened ??= import('./search/open-search.ts').then(({ openSearch }) => openSearch(product));
    return (await opened)(query);
  };
  return {
    ids: Object.keys(entryTexts),
    get entries() {
      return Object.keys(entryTexts).map(entry);
    },
    get topics() {
      topics ??= JSON.parse(topicsText) as readonly Topic[];
      return topics;
    },
    search,
    entry,
    find,
  };
}
