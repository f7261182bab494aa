import { type Catalog, loadCatalog, loadEntry } from '../catalog/catalog.ts';
import type { Entry, Topic } from '../catalog/entry-schema.ts';
import { findByWords, findExact, looksLikeId, possibleId } from '../catalog/find-in-catalog.ts';
import type { ProductName } from '../catalog/generated/catalogs.ts';
import type { Id } from '../catalog/generated/ids.ts';
import type { Product } from '../engine/product.ts';
import type { Explanation, Guess } from '../report/explanation.ts';
import { readInput } from './read-input.ts';
import { UsageError } from './usage-error.ts';

/** Most ids of piped output that are explained in full. The others are only named. */
const MAX_EXPLAINED = 5;
/** Longest title of a topic in a list, in characters. */
const MAX_TITLE = 100;

/** A product to explain: its name and bin, its checks, and how to find ids in the output of its commands. */
export type ExplainableProduct = {
  readonly name: ProductName;
  readonly bin: string;
  readonly load: () => Promise<Product>;
  /** The known issue that a query names. Left out if the product has no list of known issues. */
  readonly issueNamed?: (query: string) => Promise<Explanation | null>;
  readonly idsIn: (text: string) => Promise<{ readonly ids: readonly Id[]; readonly unrecognised: readonly string[] }>;
};

/**
 * Explains an id, a check or its group, a state, words, or every id found in piped output. Without a word, lists every
 * id. Throws {@link UsageError} if nothing matches.
 */
export async function explain(product: ExplainableProduct, words: readonly string[]): Promise<Explanation> {
  const query = words.join(' ');
  const entry = await loadEntry(product.name, possibleId(query));
  if (entry !== null) return { kind: 'ids', entries: [entry], more: [], unrecognised: [] };
  const catalog = await loadCatalog(product.name);
  if (words.length === 0) return { kind: 'all', ids: catalog.entries.map(({ id, title }) => ({ name: id, title })) };
  if (words.length === 1 && words[0] === '-') return explainOutput(product, catalog);
  const issue = (await product.issueNamed?.(query)) ?? null;
  if (issue !== null) return issue;
  const exact = findExact(catalog, query);
  if (exact === null) {
    const checks = await checksNamed(product, query);
    if (checks.length > 0) return { kind: 'checks', checks };
  }
  const found = exact ?? (await findByWords(catalog, query));
  switch (found.kind) {
    case 'entry':
      return { kind: 'ids', entries: [found.entry], more: [], unrecognised: [] };
    case 'topics':
      return found;
    case 'guesses': {
      const guesses = found.guesses.map(guessOf);
      if (!looksLikeId(query)) return { kind: 'guesses', query, guesses };
      throw new UsageError(
        `explain: no id is called "${query}"; did you mean ${guesses.map(({ name }) => name).join(' or ')}?`,
      );
    }
    case 'nothing':
      throw new UsageError(
        `explain: nothing matches "${query}"${await nearestOf(product, query)} (explain without a word lists every id)`,
      );
  }
}

async function explainOutput(product: ExplainableProduct, catalog: Catalog): Promise<Explanation> {
  const { ids, unrecognised } = await product.idsIn((await readInput('-', 'explain', 0)).text);
  if (ids.length === 0 && unrecognised.length === 0) throw new UsageError('explain: the input names no id');
  const entries = ids.slice(0, MAX_EXPLAINED).map((id) => catalog.entry(id));
  return { kind: 'ids', entries, more: ids.slice(MAX_EXPLAINED), unrecognised };
}

/** The check that a query names, or the checks of the group that it names. Empty if it names neither. */
async function checksNamed(product: ExplainableProduct, query: string) {
  const name = query
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  const { checkNames } = await import('../catalog/generated/check-names.ts');
  if (!checkNames[product.name]?.includes(name)) return [];
  const { describeChecks } = await import('./describe-check.ts');
  return describeChecks(await product.load()).filter((check) => check.name === name || check.group === name);
}

/** The command, check or group nearest to a word, as a hint. */
async function nearestOf(product: ExplainableProduct, query: string): Promise<string> {
  const { nearestNames } = await import('../catalog/nearest-names.ts');
  const { checkNames } = await import('../catalog/generated/check-names.ts');
  const names = ['checks', 'demo', 'explain', ...(checkNames[product.name] ?? [])];
  const [near] = nearestNames(query, names);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

function guessOf(found: Entry | Topic): Guess {
  if (!('kind' in found)) return { name: found.id, title: found.title };
  const [first = ''] = found.meaning.split(/(?<=\.) /);
  return { name: found.name, title: first.slice(0, MAX_TITLE) };
}
