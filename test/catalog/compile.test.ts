import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

type Compiler = {
  readCatalog: (source: string, file: string) => { entries: unknown[]; topics: unknown[] };
  compile: (read?: (path: string) => string) => Record<string, string>;
};
const root = fileURLToPath(new URL('../..', import.meta.url));
const { readCatalog, compile } = (await import(
  new URL('../../scripts/compile-catalog.js', import.meta.url).href
)) as Compiler;

const GOOD = `entries:
  - id: one_thing
    title: a title
    severity: fail
    origin: doctor
    meaning: what is wrong
    impact: what works
    fix:
      - {why: to see, run: [ls], effect: read, on: affected-node, needs: root}
    verify: {only: a-check}
    retry: {kind: no}
    docs: docs/a.md#b
    caught: live
topics:
  - {kind: heading, name: A heading, meaning: words, ids: [one_thing], docs: docs/a.md#b}
`;

test('the committed modules are what the source compiles to', () => {
  for (const [path, wanted] of Object.entries(compile()))
    expect(readFileSync(`${root}${path}`, 'utf8') === wanted, path).toBe(true);
});

test('a changed source is seen as stale', () => {
  const changed = compile((path) => readFileSync(`${root}${path}`, 'utf8').replace('title: ', 'title: changed '));
  const stale = Object.entries(changed).filter(([path, wanted]) => readFileSync(`${root}${path}`, 'utf8') !== wanted);
  expect(stale.map(([path]) => path)).toContain('src/catalog/generated/jaco.ts');
});

test('as a command with --check it writes nothing and is silent where all is fresh', () => {
  expect(execFileSync('node', ['scripts/compile-catalog.js', '--check'], { cwd: root, encoding: 'utf8' })).toBe('');
});

test('fields that are left out get their values', () => {
  const [entry] = readCatalog(GOOD, 'x.yaml').entries as Record<string, unknown>[];
  expect(entry).toMatchObject({
    scope: null,
    differs: null,
    symptomOf: [],
    notToBeConfusedWith: [],
    caught: { how: 'live', why: null },
  });
  expect(entry).toMatchObject({ fix: [{ do: null, note: null, for: [], when: [] }] });
});

test.each([
  ['an unknown key', 'title: a title', 'tilte: a title', /^x\.yaml:3: unknown key "tilte"; remove it/],
  ['a missing field', '    impact: what works\n', '', /^x\.yaml:2: field "impact" is missing; write it/],
  ['an id with capitals', 'id: one_thing', 'id: One', /^x\.yaml:2: id: "One" does not match/],
  [
    'an unknown severity',
    'severity: fail',
    'severity: bad',
    /^x\.yaml:4: severity: "bad" is not known; use one of fail, warn, none/,
  ],
  ['an unknown effect', 'effect: read', 'effect: reads', /^x\.yaml:9: effect: "reads" is not known/],
  ['an unknown right', 'needs: root', 'needs: admin', /^x\.yaml:9: needs: "admin"/],
  ['an unknown place', 'on: affected-node', 'on: moon', /^x\.yaml:9: on: "moon"/],
  ['an unknown condition', 'needs: root}', 'needs: root, when: [sunny]}', /^x\.yaml:9: when: "sunny"/],
  ['a shell line', 'run: [ls]', 'run: ls -l', /^x\.yaml:9: run: write the command as a list of words/],
  ['a step with both', 'run: [ls]', 'run: [ls], do: look', /^x\.yaml:9: a step has either run or do/],
  ['a step with neither', 'run: [ls], ', '', /^x\.yaml:9: a step has either run or do/],
  [
    'an unknown upstream',
    'caught: live\ntopics',
    'caught: live\n    symptom_of: [another]\ntopics',
    /^x\.yaml:2: "another" is no id/,
  ],
  ['an unknown id of a topic', 'ids: [one_thing]', 'ids: [another]', /^x\.yaml:15: "another" is no id/],
  ['an unknown retry', 'kind: no', 'kind: often', /^x\.yaml:11: retry: "often"/],
  [
    'an explanation without a reason',
    'caught: live\ntopics',
    'caught: explain-only\ntopics',
    /^x\.yaml:13: caught: explain-only needs a why/,
  ],
  [
    'an explained id that fails',
    'caught: live\ntopics',
    'caught: {how: explain-only, why: x}\ntopics',
    /its severity is none/,
  ],
  [
    'a planned id with a check',
    'caught: live\ntopics',
    'caught: planned\ntopics',
    /verify names its check exactly if it is caught live/,
  ],
  [
    'a live id without its check',
    '    verify: {only: a-check}\n',
    '',
    /verify names its check exactly if it is caught live/,
  ],
  [
    'a page that is none',
    'docs: docs/a.md#b\n    caught',
    'docs: troubleshooting\n    caught',
    /^x\.yaml:12: docs: "troubleshooting" is no page/,
  ],
  ['broken YAML', 'title: a title', 'title: [a', /^x\.yaml:\d+: /],
])('%s is refused with file, line and remedy', (_, part, instead, says) => {
  expect(GOOD).toContain(part);
  expect(() => readCatalog(GOOD.replace(part, instead), 'x.yaml')).toThrow(says);
});

test('an id that is there twice is refused at the second', () => {
  const twice = GOOD.replace('topics:', `${GOOD.slice(GOOD.indexOf('  - id'), GOOD.indexOf('topics:'))}topics:`);
  expect(() => readCatalog(twice, 'x.yaml')).toThrow(/^x\.yaml:14: id "one_thing" is there twice; keep one/);
});

test('a destructive step before another is refused', () => {
  const step = '      - {why: to see, run: [ls], effect: read, on: affected-node, needs: root}\n';
  const first = GOOD.replace(step, `${step.replace('read', 'destructive')}${step}`);
  expect(() => readCatalog(first, 'x.yaml')).toThrow(/a destructive step comes last; move it down/);
});
