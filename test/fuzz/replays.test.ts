import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jaco } from '../../checks/jaco.ts';
import { buildReport, replayOf } from '../../src/cli/build-report.ts';
import { chalkFor } from '../../src/cli/terminal.ts';
import type { Json } from '../../src/engine/json.ts';
import { parseRecording } from '../../src/record/read-recording.ts';
import { formatNames, formats } from '../../src/report/formats/index.ts';
import { INPUTS, UNPRINTABLE } from './mutate.ts';

const folder = fileURLToPath(new URL('../recordings/', import.meta.url));
const incidents = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(folder + name, 'utf8')) as Json);

/** Values that may replace an expected one. */
const stranger = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    1e308,
    2 ** 53,
    '',
    [],
    {},
    '1970-01-01',
    '\u001b[2J',
    'x'.repeat(3_000),
    [[]],
    { kind: 'value' },
    { kind: 'failed' },
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);

/** The value with some parts replaced, chosen by their position in the whole. */
function replaced(part: Json, turns: ReadonlyMap<number, Json>, count = { seen: 0 }): Json {
  count.seen += 1;
  const instead = turns.get(count.seen);
  if (instead !== undefined) return instead;
  if (Array.isArray(part)) return part.map((one) => replaced(one, turns, count));
  if (part === null || typeof part !== 'object') return part;
  return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, replaced(one as Json, turns, count)]));
}

test('a recording from another source gives a report or is refused: every row, nothing but text, no crash', {
  timeout: Math.max(60_000, INPUTS),
}, async () => {
  const given = fc.tuple(
    fc.constantFrom(...incidents),
    fc.array(fc.tuple(fc.integer({ min: 2, max: 900 }), stranger), { minLength: 1, maxLength: 12 }),
  );
  let judged = 0;
  await fc.assert(
    fc.asyncProperty(given, async ([incident, turns]) => {
      const read = parseRecording(JSON.stringify(replaced(incident, new Map(turns))), 'file');
      if ('problem' in read) return void expect(read.problem).not.toMatch(UNPRINTABLE);
      judged += 1;
      const report = await buildReport(jaco, replayOf(jaco, read.recording));
      expect(report.checks.map(({ name }) => name)).toEqual(jaco.order.map(({ check }) => check.name));
      for (const format of formatNames)
        expect(
          formats[format](report, {
            width: 80,
            verbose: true,
            colour: chalkFor(false),
            headerFields: jaco.headerFields,
          }).replaceAll('\n', ''),
        ).not.toMatch(UNPRINTABLE);
    }),
    { numRuns: Math.ceil(INPUTS / 20) },
  );
  // Most are near enough to be judged: a run that refused everything would have tested nothing.
  expect(judged).toBeGreaterThan(INPUTS / 200);
});
