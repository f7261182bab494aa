import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './repository.ts';

/** The files of the built program that a start of `entry` always loads. */
function loadedWith(entry: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const source = readFileSync(entry, 'utf8');
  for (const [, path = ''] of source.matchAll(
    /(?:^|[;}\n])(?:import|export)\s*(?:[^'"();]*?from)?\s*["'](\.[^"']+)["']/g,
  ))
    loadedWith(resolve(dirname(entry), path), seen);
  return seen;
}

test.each(['jaco', 'jacqos'])('explain of an id loads neither the search nor the checks of %s', (product) => {
  const explain = resolve(ROOT, `dist/commands/${product}/doctor/explain.js`);
  const files = [...loadedWith(explain)].map((path) => readFileSync(path, 'utf8'));
  expect(files.length).toBeGreaterThan(2);
  // Words of minisearch, of the table, and of a check of each product.
  for (const word of [
    'documentCount',
    'colWidths',
    'enough voters answer to keep a leader',
    'the runtime accepts the token',
  ])
    expect(
      files.some((source) => source.includes(word)),
      word,
    ).toBe(false);
});
