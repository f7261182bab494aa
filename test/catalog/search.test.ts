import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import type { ProductName } from '../../src/catalog/generated/catalogs.ts';
import { answered } from './answered.ts';

type Named = { readonly entries: readonly { readonly id: string; readonly alsoKnownAs: readonly string[] }[] };
const { readCatalog, readTags, repository } = (await import(
  new URL('../../scripts/read-catalog.js', import.meta.url).href
)) as {
  readonly readCatalog: (folder: string, files: unknown, tags?: unknown) => Named;
  readonly readTags: (path: string, files: unknown) => unknown;
  readonly repository: unknown;
};
const tags = { jaco: readTags('src/catalog/releases.yaml', repository), jacqos: undefined };
type Phrase = { readonly product: ProductName; readonly phrase: string; readonly accepted: readonly string[] };
const catalogs = { jaco: await loadCatalog('jaco'), jacqos: await loadCatalog('jacqos') };

function phrases(file: string): readonly Phrase[] {
  return JSON.parse(readFileSync(new URL(`./phrases/${file}`, import.meta.url), 'utf8'));
}

async function judged(all: readonly Phrase[]) {
  return Promise.all(
    all.map(async ({ product, phrase, accepted }) => {
      const { sure, ids } = await answered(catalogs[product], phrase);
      return { phrase, accepted, sure, ids, rank: ids.findIndex((id) => accepted.includes(id)) };
    }),
  );
}

describe('of the phrases that people on call type', () => {
  const all = phrases('known.json');
  test('95 % find a right id first, 98 % among three, and no wrong id is reported as sure', async () => {
    const results = await judged(all.filter(({ accepted }) => accepted.length > 0));
    const missed = results.filter(({ rank }) => rank !== 0).map(({ phrase, ids }) => ({ phrase, ids }));
    expect(missed.length, JSON.stringify(missed, null, 1)).toBeLessThanOrEqual(0.05 * results.length);
    expect(results.filter(({ rank }) => rank === -1).length).toBeLessThanOrEqual(0.02 * results.length);
    expect(results.filter(({ sure, rank }) => sure && rank !== 0)).toEqual([]);
  });

  test('most get one answer in full: a list of guesses is the exception', async () => {
    const results = await judged(all.filter(({ accepted }) => accepted.length > 0));
    expect(results.filter(({ sure }) => sure).length).toBeGreaterThan(0.75 * results.length);
  });

  test('nonsense matches nothing', async () => {
    const results = await judged(all.filter(({ accepted }) => accepted.length === 0));
    expect(results.length).toBeGreaterThan(5);
    expect(results.filter(({ ids }) => ids.length > 0)).toEqual([]);
  });
});

describe('of phrases that were set aside until the search was done', () => {
  const all = phrases('held-out.json');
  test('90 % find a right id first and 98 % among three', async () => {
    const results = await judged(all.filter(({ accepted }) => accepted.length > 0));
    expect(results.filter(({ rank }) => rank === 0).length).toBeGreaterThanOrEqual(0.9 * results.length);
    expect(results.filter(({ rank }) => rank !== -1).length).toBeGreaterThanOrEqual(0.98 * results.length);
  });
});

test('titles of issues that strangers wrote are rarely answered with a wrong id as sure', async () => {
  const results = await judged(phrases('titles.json'));
  expect(results.filter(({ rank }) => rank !== -1).length).toBeGreaterThanOrEqual(0.75 * results.length);
  expect(results.filter(({ sure, rank }) => sure && rank !== 0).length).toBeLessThanOrEqual(0.06 * results.length);
});

describe.each(['jaco', 'jacqos'] as const)('each name that %s gives an id in also_known_as', (product) => {
  const { entries } = readCatalog(`src/catalog/${product}`, repository, tags[product]);
  const owners = new Map<string, string[]>();
  for (const { id, alsoKnownAs } of entries)
    for (const name of alsoKnownAs) owners.set(name, [...(owners.get(name) ?? []), id]);

  test('finds that id among the three', async () => {
    const missed: string[] = [];
    for (const [name, ids] of owners) {
      const answer = await answered(catalogs[product], name);
      if (!ids.some((id) => answer.ids.includes(id))) missed.push(`${name}: ${answer.ids.join(', ')}`);
    }
    expect(missed).toEqual([]);
  });

  test('belongs to two ids at most, and 19 of 20 ids have two or more', () => {
    expect([...owners].filter(([, ids]) => ids.length > 2)).toEqual([]);
    expect(entries.filter(({ alsoKnownAs }) => alsoKnownAs.length < 2).length).toBeLessThan(0.05 * entries.length);
  });
});

test('a word that many ids share is answered with guesses, never with one of them', async () => {
  for (const query of ['certificate', 'token', 'network', 'disk', 'timeout', 'connection refused'])
    expect((await answered(catalogs.jaco, query)).sure, query).toBe(false);
});
