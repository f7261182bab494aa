import type { SearchResult } from 'minisearch';
import { type ProductName, searchIndexes } from '../generated/catalogs.ts';
import { readIndex, type SearchIndex, type SearchText } from './search-index.ts';
import { termsOf } from './search-terms.ts';

/** The result of a query. */
export type SearchHits = {
  /** Whether one candidate is clearly the best, and whether the query is a name of it and of nothing else. */
  readonly sure: boolean;
  readonly exact: boolean;
  /** The best candidate if it is sure; else the most likely few, best first; empty if none is likely. */
  readonly of: readonly SearchText['of'][];
};

/** A candidate: how likely it is, and by which of its texts. */
type Candidate = {
  readonly of: SearchText['of'];
  readonly score: number;
  /** Shares of the query's weight that the best text contains, and that all names together contain. */
  readonly textShare: number;
  readonly namesShare: number;
  /** Whether the query contains the whole best text, which is a name; and whether it contains nothing else. */
  readonly whole: boolean;
  readonly exact: boolean;
  /** Words of the query that the best text contains as typed, and that all names contain. */
  readonly terms: number;
  readonly literal: number;
  readonly kind: SearchText['kind'];
};

const MAX_GUESSES = 3;
/** The weight of a text, relative to a name. */
const WEIGHT = { name: 1, state: 1, heading: 0.8, body: 0.15 } as const;
/** The weight of a word that is only similar to the typed one. */
const ALIKE = 0.5;
/**
 * Below these shares of the query, nothing matches: by several of its words, by one of them, or by the meaning alone.
 */
const LIKELY = { several: 0.35, one: 0.5, body: 0.6 } as const;
/** A word that no text contains has the weight of a word that this many texts contain. */
const UNKNOWN_HOLDERS = 3;
/**
 * An answer is sure if it has this lead over the next one, and one of these is true: one text has this share of the
 * query, its names together have almost all of it, or the query contains a whole name and not much else.
 */
const SURE = { lead: 1.4, text: 0.6, names: 0.9, whole: 0.35 } as const;

/** Loads the search in a product's catalogue. */
export async function openSearch(product: ProductName): Promise<(query: string) => SearchHits> {
  const { index } = await searchIndexes[product]();
  const opened = readIndex(index);
  return (query) => hitsOf(rank(opened, query).filter(isLikely));
}

function hitsOf(candidates: readonly Candidate[]): SearchHits {
  const [best, next] = candidates;
  if (best === undefined) return { sure: false, exact: false, of: [] };
  const exact = best.exact && next?.exact !== true;
  const clear = next === undefined || exact || (!next.exact && best.score >= SURE.lead * next.score);
  const sure = clear && (exact || isConvincing(best));
  return { sure, exact, of: candidates.slice(0, sure ? 1 : MAX_GUESSES).map(({ of }) => of) };
}

function isConvincing({ kind, textShare, namesShare, whole, terms }: Candidate): boolean {
  // A heading is a sentence, and shares words with many queries.
  if (kind !== 'name') return kind !== 'body' && textShare >= SURE.names;
  return textShare >= SURE.text || (terms > 1 && (namesShare >= SURE.names || (whole && textShare >= SURE.whole)));
}

function isLikely({ kind, textShare, namesShare, literal, whole }: Candidate): boolean {
  return kind === 'body'
    ? textShare >= LIKELY.body
    : whole || namesShare >= (literal > 1 ? LIKELY.several : LIKELY.one);
}

/** Everything that shares a term with the query, the most likely first. */
function rank(index: SearchIndex, query: string): readonly Candidate[] {
  const asked = [...termsOf(query)];
  const oneWord = !/\s/.test(query.trim());
  const results = index.search(query, {
    // A word that is also a state ("running") is in many sentences that are not about the state.
    filter: ({ kind }) => oneWord || kind !== 'state',
    boostDocument: (_key, _term, stored) => WEIGHT[(stored as SearchText).kind],
    prefix: (term) => term.length > 3,
    fuzzy: (term) => (term.length > 4 && /^[a-z]+$/.test(term) ? 0.2 : false),
    weights: { fuzzy: 0.3, prefix: 0.5 },
  });
  const holders = new Map<string, number>();
  for (const { terms } of results) for (const term of terms) holders.set(term, (holders.get(term) ?? 0) + 1);
  const weightOf = (term: string): number =>
    Math.log(1 + index.documentCount / (1 + (holders.get(term) ?? UNKNOWN_HOLDERS)));
  const all = asked.reduce((sum, term) => sum + weightOf(term), 0);
  const shareOf = (matched: (term: string) => number): number =>
    all === 0 ? 0 : asked.reduce((sum, term) => sum + weightOf(term) * matched(term), 0) / all;
  const candidates = new Map<SearchText['of'], Candidate>();
  const names = new Map<SearchText['of'], Map<string, number>>();
  for (const result of results) {
    const { of, kind, size } = result as SearchResult & SearchText;
    const matched = new Map(result.queryTerms.map((term) => [term, result.terms.includes(term) ? 1 : ALIKE] as const));
    const textShare = shareOf((term) => matched.get(term) ?? 0);
    const share = Math.min(1, result.terms.length / size);
    const score = result.score * (0.4 + 0.6 * Math.max(textShare ** 2, 0.9 * share ** 2));
    const known = names.get(of) ?? new Map<string, number>();
    if (kind !== 'body') for (const [term, how] of matched) known.set(term, Math.max(how, known.get(term) ?? 0));
    names.set(of, known);
    const before = candidates.get(of);
    if (before !== undefined && before.score >= score) continue;
    const literal = [...matched.values()].filter((how) => how === 1).length;
    const whole = literal === size && kind !== 'body';
    const exact = whole && literal === asked.length;
    candidates.set(of, { of, score, textShare, namesShare: 0, whole, exact, terms: literal, literal: 0, kind });
  }
  return [...candidates.values()]
    .map((one) => {
      const byNames = names.get(one.of) ?? new Map<string, number>();
      const namesShare = shareOf((term) => byNames.get(term) ?? 0);
      const literal = [...byNames.values()].filter((how) => how === 1).length;
      return { ...one, namesShare, literal, score: one.score * (0.5 + 0.5 * namesShare) };
    })
    .sort((a, b) => Number(b.exact) - Number(a.exact) || b.score - a.score);
}
