import type { Entry, Topic } from './entry.ts';
import { catalogs, type ProductName } from './generated/catalogs.ts';
import type { Id } from './generated/ids.ts';

/** All that is known of a product's ids, in the order of the checks. */
export type Catalog = {
  readonly entries: readonly Entry[];
  readonly topics: readonly Topic[];
  /** What is known of one id. Throws on an id that is not there, which the types do not allow. */
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
  return { entries, topics, entry };
}
