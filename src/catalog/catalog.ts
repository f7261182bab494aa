import type { Entry, Topic } from './entry.ts';
import { catalogs, type ProductName } from './generated/catalogs.ts';
import type { Id } from './generated/ids.ts';
import type { Hits } from './search/open-search.ts';

/** All that is known of a product's ids. An entry is parsed when it is read, because most runs show one. */
export type Catalog = {
  /** Every id, in the order of the checks. */
  readonly ids: readonly string[];
  /** Every entry, in the order of the checks. */
  readonly entries: readonly Entry[];
  readonly topics: readonly Topic[];
  /** Finds entries and topics for words. The index is read once, and only for words that are not an id. */
  readonly search: (query: string) => Promise<Hits>;
  /** The entry of an id. Throws on an id that is not there, which the types do not allow. */
  readonly entry: (id: Id) => Entry;
  /** The entry of a word that may be an id; null if it is not one. */
  readonly find: (id: string) => Entry | null;
};

/** Loads a product's catalogue. */
export async function loadCatalog(product: ProductName): Promise<Catalog> {
  const { entryTexts, topicsText } = await catalogs[product]();
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
  let opened: Promise<(query: string) => Hits> | null = null;
  const search = async (query: string): Promise<Hits> => {
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
