import type { Catalog } from './catalog.ts';
import type { Entry, Topic } from './entry-schema.ts';
import type { Id } from './generated/ids.ts';

/** The result of a query of `explain`. `guesses` are possible meanings, the most likely first; none of them is sure. */
export type CatalogMatch =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'topics'; readonly topics: readonly Topic[] }
  | { readonly kind: 'guesses'; readonly guesses: readonly (Entry | Topic)[] }
  | { readonly kind: 'nothing' };

/** Longer queries are cut, so that the search stays cheap. */
const MAX_QUERY = 400;

/**
 * The entry of an id, or the heading, state or audit event with exactly this name. Letter case and blanks do not count.
 */
export function findExact(catalog: Catalog, text: string): CatalogMatch | null {
  const query = normalized(text);
  const asId = possibleId(text);
  const entry = catalog.find(asId);
  if (entry) return { kind: 'entry', entry };
  const bare = asId.replace(/^(?:node|replica|deployment|rollout|audit)_(?:status|state|event)(?:_type)?_/, '');
  const topics = catalog.topics.filter(({ name }) => [query, asId, bare].includes(name.toLowerCase()));
  return topics.length > 0 ? { kind: 'topics', topics } : null;
}

/**
 * The meaning of words: the id that they contain, or the result of the search. A word in the form of an id that does
 * not exist is never replaced by a similar id.
 */
export async function findByWords(catalog: Catalog, text: string): Promise<CatalogMatch> {
  const query = normalized(text);
  const mentioned = new Set(query.match(/[a-z0-9]+(?:_[a-z0-9]+)+/g)?.flatMap((word) => catalog.find(word) ?? []));
  const [only, ...more] = mentioned;
  if (only) return more.length === 0 ? { kind: 'entry', entry: only } : { kind: 'guesses', guesses: [only, ...more] };
  const { sure, exact, of } = await catalog.search(query);
  const near = looksLikeId(query) && !exact ? await nearIds(catalog, query) : [];
  if (near.length > 0) return { kind: 'guesses', guesses: near };
  const hits = of.flatMap((one) => (typeof one === 'number' ? catalog.topics[one] : catalog.find(one)) ?? []);
  const [best] = hits;
  if (best === undefined) return { kind: 'nothing' };
  if (!sure || (looksLikeId(query) && !exact)) return { kind: 'guesses', guesses: hits };
  return 'kind' in best ? { kind: 'topics', topics: [best] } : { kind: 'entry', entry: best };
}

async function nearIds({ ids, entry }: Catalog, word: string): Promise<readonly Entry[]> {
  const { nearestNames } = await import('./nearest-names.ts');
  return nearestNames(word, ids).map((id) => entry(id as Id));
}

/** The id that a text may be: letter case, blanks and hyphens do not count. */
export function possibleId(text: string): string {
  return normalized(text).replace(/[\s-]+/g, '_');
}

function normalized(text: string): string {
  return text.slice(0, MAX_QUERY).trim().toLowerCase();
}

/** Whether a query is one word in the form of an id. */
export function looksLikeId(query: string): boolean {
  return /^[a-z0-9]+(_[a-z0-9]+)+$/i.test(query.trim());
}
