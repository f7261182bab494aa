import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jaco } from '../../checks/jaco.ts';
import { buildReport, replayOf } from '../../src/cli/build-report.ts';
import { chalkFor } from '../../src/cli/terminal.ts';
import type { CollectedFact } from '../../src/engine/collect-facts.ts';
import type { Json } from '../../src/engine/json.ts';
import type { RunFacts } from '../../src/engine/run-facts.ts';
import type { Recording } from '../../src/record/recording.ts';
import { formatNames, formats } from '../../src/report/formats/index.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../recordings/${name}.json`, import.meta.url)), 'utf8'));
const names = ['quorum-lost', 'healthy-leader', 'removed-restarted', 'resume-failed-port-busy', 'follower-frozen'];
const incidents = new Map(names.map((name) => [name, read(name)]));

/** Anything but line breaks that moves a cursor, hides or reorders text. */
const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
const nasty = [
  '\u001b[2J',
  '\u001b]0;owned\u0007',
  '\u009b31m',
  '\u202egnp',
  '\u0000',
  '\r',
  '\ud800',
  '\u2028',
  'x'.repeat(3000),
];

/** The same facts with one string in `every` damaged. */
function spoil(fact: Json, every: number, with_: string, count = { seen: 0 }): Json {
  if (typeof fact === 'string') {
    count.seen += 1;
    return count.seen % every === 0 ? `${with_}${fact}${with_}` : fact;
  }
  if (Array.isArray(fact)) return fact.map((part) => spoil(part, every, with_, count));
  if (fact === null || typeof fact !== 'object') return fact;
  return Object.fromEntries(Object.entries(fact).map(([key, part]) => [key, spoil(part as Json, every, with_, count)]));
}

function spoilt(facts: Record<string, CollectedFact>, every: number, with_: string): RunFacts {
  const entries = Object.entries(facts).map(([name, { outcome, ...times }]): [string, CollectedFact] => {
    if (outcome.kind === 'value')
      return [name, { outcome: { ...outcome, value: spoil(outcome.value, every, with_) }, ...times }];
    if (outcome.kind === 'not-applicable')
      return [name, { outcome: { ...outcome, reason: with_ + outcome.reason }, ...times }];
    return [
      name,
      { outcome: { ...outcome, failure: { ...outcome.failure, detail: with_ + outcome.failure.detail } }, ...times },
    ];
  });
  return new Map(entries);
}

test('for any text of a host, a daemon or a recording, nothing but text comes out, and no row is lost', async () => {
  const given = fc.tuple(fc.constantFrom(...names), fc.integer({ min: 1, max: 9 }), fc.constantFrom(...nasty));
  await fc.assert(
    fc.asyncProperty(given, async ([name, every, with_]) => {
      const { schema: _, facts, ...head } = incidents.get(name);
      const recording: Recording = {
        ...head,
        repeat: [`--socket=${with_}`],
        facts: spoilt(facts, every, with_),
      };
      const report = await buildReport(jaco, replayOf(jaco, recording)).catch((error: Error) => error);
      if (report instanceof Error) throw report;
      expect(report.checks.length).toBe(jaco.order.length);
      for (const format of formatNames)
        expect(
          formats[format](report, {
            width: 80,
            verbose: true,
            colour: chalkFor(false),
            headerFields: jaco.headerFields,
          }),
        ).not.toMatch(FORBIDDEN);
    }),
    { numRuns: 300 },
  );
});
