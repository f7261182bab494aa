import type { SearchResult } from 'minisearch';
import { type ProductName, searchIndexes } from '../generated/catalogs.ts';
import { readIndex, type SearchIndex, type SearchText } from './search-index.ts';
import { termsOf } from './search-terms.ts';

/** What a query leads to. */
export type Hits = {
  /** Whether one is clearly the best; and whether the query is a name of it, and of nothing else. */
  readonly sure: boolean;
  readonly exact: boolean;
  /** The one if sure, else the likeliest few, best first; nothing if none is likely. */
  readonly of: readonly SearchText['of'][];
};

/** How likely something is, and by which of its texts. */
type Candidate = {
  readonly of: SearchText['of'];
  readonly score: number;
  /** Share of the query's terms that the best text has, and share that any name has. */
  readonly held: number;
  readonly known: number;
  /** Whether the best text is a name that the query holds as a whole, and whether the query holds nothing else. */
  readonly whole: boolean;
  readonly exact: boolean;
  readonly terms: number;
  readonly body: boolean;
};

const MAX_GUESSES = 3;
/** What a text counts, against a name. */
const WEIGHT = { name: 1, state: 1, heading: 0.8, body: 0.15 } as const;
/** Below these shares of the query nothing is meant: by names, and by the meaning alone. */
const LIKELY = 0.4;
const LIKELY_BODY = 0.6;
/** From this share on, and with this lead over the next one, an answer is sure. */
const SURE = 0.6;
const LEAD = 1.25;

/** Loads the search in a product's catalogue for what people call a fault. */
export async function openSearch(product: ProductName): Promise<(query: string) => Hits> {
  const { index } = await searchIndexes[product]();
  const opened = readIndex(index);
  return (query) => hitsOf(rank(opened, query).filter(isLikely));
}

function hitsOf(candidates: readonly Candidate[]): Hits {
  const [best, next] = candidates;
  if (best === undefined) return { sure: false, exact: false, of: [] };
  const exact = best.exact && next?.exact !== true;
  const clear = next === undefined || exact || (!next.exact && best.score >= LEAD * next.score);
  const sure = clear && !best.body && (best.known >= SURE || (best.whole && best.terms > 1));
  return { sure, exact, of: candidates.slice(0, sure ? 1 : MAX_GUESSES).map(({ of }) => of) };
}

function isLikely({ body, held, known, whole }: Candidate): boolean {
  return body ? held >= LIKELY_BODY : known >= LIKELY || whole;
}

/** Everything that shares a term with the query, the likeliest first. */
function rank(index: SearchIndex, query: string): readonly Candidate[] {
  const asked = termsOf(query);
  const oneWord = !/\s/.test(query.trim());
  const results = index.search(query, {
    // A word that is also a state ("running") is in many sentences that are not about the state.
    filter: ({ kind }) => oneWord || kind !== 'state',
    boostDocument: (_key, _term, stored) => WEIGHT[(stored as SearchText).kind],
    prefix: (term) => term.length > 3,
    fuzzy: (term) => (term.length > 4 && /^[a-z]+$/.test(term) ? 0.2 : false),
    weights: { fuzzy: 0.3, prefix: 0.5 },
  });
  const candidates = new Map<SearchText['of'], Candidate>();
  const names = new Map<SearchText['of'], Set<string>>();
  for (const result of results) {
    const { of, kind, size } = result as SearchResult & SearchText;
    const held = result.queryTerms.length / asked.size;
    const share = Math.min(1, result.terms.length / size);
    const score = result.score * (0.4 + 0.6 * Math.max(held ** 2, 0.9 * share ** 2));
    const known = names.get(of) ?? new Set();
    if (kind !== 'body') for (const term of result.queryTerms) known.add(term);
    names.set(of, known);
    const before = candidates.get(of);
    if (before !== undefined && before.score >= score) continue;
    const body = kind === 'body';
    const whole = share === 1 && !body;
    const exact = whole && size === asked.size && [...asked].every((term) => result.terms.includes(term));
    candidates.set(of, { of, score, held, known: 0, whole, exact, terms: result.terms.length, body });
  }
  return [...candidates.values()]
    .map((one) => {
      const known = (names.get(one.of)?.size ?? 0) / asked.size;
      return { ...one, known, score: one.score * (0.5 + 0.5 * known) };
    })
    .sort((a, b) => Number(b.exact) - Number(a.exact) || b.score - a.score);
}
