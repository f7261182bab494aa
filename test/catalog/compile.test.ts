import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

type Files = { readonly read: (path: string) => string; readonly list: (folder: string) => readonly string[] };
type Reader = { readCatalog: (folder: string, files: Files) => { entries: unknown[]; topics: unknown[] } };
type Compiler = { compile: (files?: Files) => Record<string, string> };
const root = fileURLToPath(new URL('../..', import.meta.url));
const script = (name: string) => import(new URL(`../../scripts/${name}`, import.meta.url).href);
const { readCatalog } = (await script('read-catalog.js')) as Reader;
const { compile } = (await script('compile-catalog.js')) as Compiler;

const INDEX = `docs: https://pages.test/
placeholders:
  unit: the unit
files:
  - first
  - second
  - topics
`;
const FIRST = `- id: one_thing
  title: a title
  severity: fail
  origin: doctor
  meaning: what is wrong
  impact: what works
  causes: [by-hand]
  values: [path]
  fix:
    - {why: to see, run: [ls, '{path}'], effect: read, on: affected-node, needs: root, for: [by-hand]}
  verify: {only: a-check}
  retry: {kind: no}
  docs: docs/a.md#b
  caught: live
`;
const SECOND = FIRST.replace('one_thing', 'other_thing');
const TOPICS = '- {kind: heading, name: A heading, meaning: words, ids: [one_thing], docs: docs/a.md#b}\n';
const GOOD = { 'index.yaml': INDEX, 'first.yaml': FIRST, 'second.yaml': SECOND, 'topics.yaml': TOPICS };

function read(files: Readonly<Record<string, string>>) {
  return readCatalog('x', { read: (path) => files[path.slice(2)] ?? '', list: () => Object.keys(files) });
}

test('the committed modules are what the source compiles to', () => {
  for (const [path, wanted] of Object.entries(compile()))
    expect(readFileSync(`${root}${path}`, 'utf8') === wanted, path).toBe(true);
});

test('a changed source is seen as stale', () => {
  const changed = compile({
    read: (path) => readFileSync(`${root}${path}`, 'utf8').replace('title: ', 'title: changed '),
    list: (folder) => readdirSync(`${root}${folder}`).filter((name) => name.endsWith('.yaml')),
  });
  const stale = Object.entries(changed).filter(([path, wanted]) => readFileSync(`${root}${path}`, 'utf8') !== wanted);
  expect(stale.map(([path]) => path)).toContain('src/catalog/generated/jaco-daemon.ts');
});

test('as a command with --check it writes nothing and is silent where all is fresh', () => {
  expect(execFileSync('node', ['scripts/compile-catalog.js', '--check'], { cwd: root, encoding: 'utf8' })).toBe('');
});

test('the files of a folder are read in the order of its index', () => {
  expect(read(GOOD).entries).toMatchObject([{ id: 'one_thing' }, { id: 'other_thing' }]);
  const turned = { ...GOOD, 'index.yaml': INDEX.replace('  - first\n  - second', '  - second\n  - first') };
  expect(read(turned).entries).toMatchObject([{ id: 'other_thing' }, { id: 'one_thing' }]);
});

test('fields that are left out get their values, and pages their address', () => {
  expect(read(GOOD).entries[0]).toMatchObject({
    scope: null,
    differs: null,
    verify: { only: 'a-check', flags: [] },
    docs: 'https://pages.test/docs/a.md#b',
    symptomOf: [],
    notToBeConfusedWith: [],
    caught: { how: 'live', why: null },
    fix: [{ do: null, note: null, when: [] }],
  });
  expect(read(GOOD).topics[0]).toMatchObject({ written: null, docs: 'https://pages.test/docs/a.md#b' });
});

test.each([
  ['an unknown key', 'title: a title', 'tilte: a title', /^x\/first\.yaml:2: unknown key "tilte"; remove it/m],
  ['a missing field', '  impact: what works\n', '', /^x\/first\.yaml:1: field "impact" is missing; write it/],
  ['an id with capitals', 'id: one_thing', 'id: One', /^x\/first\.yaml:1: id: "One" is not a name; use small letters/],
  ['an unknown severity', 'severity: fail', 'severity: bad', /:3: severity: "bad" is not known; use one of fail, warn/],
  ['an unknown effect', 'effect: read', 'effect: reads', /:10: effect: "reads" is not known/],
  ['an unknown right', 'needs: root', 'needs: admin', /:10: needs: "admin" is not known/],
  ['an unknown place', 'on: affected-node', 'on: moon', /:10: on: "moon" is not known/],
  ['an unknown condition', 'needs: root', 'needs: root, when: [sunny]', /:10: "sunny" is not known/],
  ['a shell line', "run: [ls, '{path}']", 'run: ls -l', /:10: run: write the command as a list of words/],
  ['a step with both', "run: [ls, '{path}']", "run: [ls, '{path}'], do: look", /:10: a step has either run or do/],
  ['a step with neither', "run: [ls, '{path}'], ", '', /:10: a step has either run or do/],
  [
    'a step for another cause',
    'for: [by-hand]',
    'for: [by-accident]',
    /:10: for: "by-accident" is not a cause of this id/,
  ],
  ['a cause without a step', '[by-hand]\n', '[by-hand, bare]\n', /:7: causes: no step is for "bare"; write one/],
  ['a placeholder that nothing fills', '{path}', '{folder}', /:10: nothing fills \{folder\}; add it to values/],
  ['a value that no step contains', '[path]', '[path, idle]', /:8: values: no step holds \{idle\}; remove it/],
  [
    'an unknown upstream',
    'caught: live',
    'symptom_of: [another]\n  caught: live',
    /:14: symptom_of: "another" is not an id/,
  ],
  ['an unknown retry', 'kind: no', 'kind: often', /:12: kind: write \{kind: no\}/],
  ['a retry without its time', 'kind: no', 'kind: transient', /:12: field "after" is missing/],
  ['an unknown word for caught', 'caught: live', 'caught: seldom', /:14: caught: write one of live, planned/],
  ['an explanation without a reason', 'caught: live', 'caught: explain-only', /:14: caught: explain-only needs a why/],
  [
    'an explained id that fails',
    'caught: live',
    'caught: {how: explain-only, why: x}',
    /:3: severity: .* has severity none/,
  ],
  ['a planned id with a check', 'caught: live', 'caught: planned', /:1: verify names a check exactly if/],
  ['a live id without its check', '  verify: {only: a-check}\n', '', /:1: verify names a check exactly if/],
  [
    'a page that is not one',
    'docs: docs/a.md#b',
    'docs: troubleshooting',
    /:13: docs: "troubleshooting" is not a page/,
  ],
  ['broken YAML', 'title: a title', 'title: [a', /^x\/first\.yaml:\d+: /],
  ['no list', FIRST, 'entries: []\n', /^x\/first\.yaml:1: write a list/],
])('%s is refused with file, line and remedy', (_, part, instead, says) => {
  expect(FIRST).toContain(part);
  expect(() => read({ ...GOOD, 'first.yaml': FIRST.replace(part, instead) })).toThrow(says);
});

test.each([
  [
    'an unknown id of a topic',
    { 'topics.yaml': TOPICS.replace('one_thing', 'another') },
    /^x\/topics\.yaml:1: ids: "another" is not an id/,
  ],
  ['an id that is there twice', { 'second.yaml': FIRST }, /^x\/second\.yaml:1: id: "one_thing" exists twice; keep one/],
  [
    'a file that the index does not list',
    { 'third.yaml': SECOND },
    /^x\/index\.yaml:4: files: third\.yaml is not listed; add it/,
  ],
  [
    'an index without its pages',
    { 'index.yaml': INDEX.replace('https:', 'ftp:') },
    /^x\/index\.yaml:1: docs: write an https address/,
  ],
])('%s is reported with its position', (_, changed, says) => {
  expect(() => read({ ...GOOD, ...changed })).toThrow(says);
});

test('every mistake is reported at once', () => {
  const twice = FIRST.replace('severity: fail', 'severity: bad').replace('kind: no', 'kind: often');
  expect(() => read({ ...GOOD, 'first.yaml': twice })).toThrow(/^x\/first\.yaml:3: .*\nx\/first\.yaml:12: /);
});

test('a destructive step before another is refused', () => {
  const step = FIRST.split('\n').find((line) => line.includes('why:')) ?? '';
  const first = FIRST.replace(step, `${step.replace('effect: read', 'effect: destructive')}\n${step}`);
  expect(() => read({ ...GOOD, 'first.yaml': first })).toThrow(/:9: fix: a destructive step comes last; move it down/);
});
