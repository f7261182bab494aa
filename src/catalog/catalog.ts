import type { Entry, Topic } from './entry.ts';
import { catalogs, type ProductName } from './generated/catalogs.ts';
import type { Id } from './generated/ids.ts';
import type { Hits } from './search/open-search.ts';

/** The catalogue of a product, in the order of the checks. */
export type Catalog = {
  readonly entries: readonly Entry[];
  readonly topics: readonly Topic[];
  /** Searches for words. The index is loaded once, and only for words that are not an id. */
  readonly search: (query: string) => Promise<Hits>;
  /** The entry of an id. Throws for an id that does not exist, which the types do not allow. */
  readonly entry: (id: Id) => Entry;
};

/** Loads a product's catalogue. */
export async function loadCatalog(product: ProductName): Promise<Catalog> {
  const { entries, topics } = await catalogs[product]();
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const entry = (id: string): Entry => {
    const found = byId.get(id);
    if (found === undefined) throw new Error(`the catalogue has no id ${id}`);
    return found;
  };
  let opened: Promise<(query: string) => Hits> | null = null;
  const search = async (query: string): Promise<Hits> => {
    opened ??= import('./search/open-search.ts').then(({ openSearch }) => openSearch(product));
    return (await opened)(query);
  };
  return { entries, topics, search, entry };
}
