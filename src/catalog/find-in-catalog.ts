import type { Catalog } from './catalog.ts';
import type { Entry, Topic } from './entry.ts';
import { nearNames } from './near-names.ts';
import { rankByWords } from './rank-by-words.ts';

/** What a query of `explain` led to. `near` are names that it may have meant; none of them is taken for it. */
export type Found =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'topics'; readonly topics: readonly Topic[] }
  | { readonly kind: 'nothing'; readonly near: readonly string[] };

/** Longer queries are cut, so that ranking stays cheap. */
const MAX_QUERY = 400;
const MAX_TOPICS = 3;

/**
 * Finds what a query means: an id, the exact name of a heading, state or audit event, or else the headings and entries
 * that share most of its words. A word that looks like an id and is none is never taken for a near one.
 */
export function findInCatalog(catalog: Catalog, text: string): Found {
  const query = text.slice(0, MAX_QUERY).trim().toLowerCase();
  const asId = query.replace(/[\s-]+/g, '_');
  const entry = catalog.entries.find((one) => one.id === asId);
  if (entry) return { kind: 'entry', entry };
  const bare = asId.replace(/^(?:node|replica|deployment|rollout|audit)_(?:status|state|event)(?:_type)?_/, '');
  const named = catalog.topics.filter((topic) => sameName(topic.name, query) || sameName(topic.name, bare));
  if (named.length > 0) return { kind: 'topics', topics: named };
  const names = [...catalog.entries.map((one) => one.id), ...catalog.topics.map((topic) => topic.name.toLowerCase())];
  const near = nearNames(query.replace(/\s+/g, '_'), names);
  if (/^[a-z0-9_]+$/.test(query) && (query.includes('_') || near.length > 0)) return { kind: 'nothing', near };
  return byWords(catalog, query) ?? { kind: 'nothing', near };
}

function sameName(name: string, query: string): boolean {
  return name.toLowerCase() === query;
}

/** Headings first: a query in words describes a symptom, and a heading is how the pages call it. */
function byWords({ entries, topics }: Catalog, query: string): Found | null {
  const headings = topics.filter((topic) => topic.kind === 'heading');
  const ranked = rankByWords(query, [
    ...headings.map((topic) => ({
      of: topic as Topic | Entry,
      name: topic.name,
      body: `${topic.meaning} ${topic.ids.join(' ')}`,
    })),
    ...entries.map((one) => ({
      of: one as Topic | Entry,
      name: `${one.id} ${one.title}`,
      body: `${one.meaning} ${one.impact}`,
    })),
  ]);
  const best = ranked[0];
  if (best === undefined) return null;
  const close = ranked.filter((one) => one.score >= best.score * 0.8).map((one) => one.of);
  const found = close.filter((one): one is Topic => 'kind' in one).slice(0, MAX_TOPICS);
  if (found.length > 0) return { kind: 'topics', topics: found };
  return 'kind' in best.of ? null : { kind: 'entry', entry: best.of };
}
