import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { releaseData } from '../../src/catalog/generated/releases.ts';
import { compareReleases, parseRelease, type Release } from '../../src/probes/jaco/release/release.ts';

type Files = { readonly read: (path: string) => string };
type Reader = { readReleases: (path: string, ids: readonly string[], files: Files) => unknown };
const root = fileURLToPath(new URL('../..', import.meta.url));
const { readReleases } = (await import(
  new URL('../../scripts/read-catalog.js', import.meta.url).href
)) as unknown as Reader;

const GOOD = `as_of: 2026-11-29
releases:
  - {tag: v0.2.0, date: 2026-06-03, brought: more}
  - {tag: v0.1.0, date: 2026-05-25, brought: some}
traps:
  - {before: v0.2.0, breaks: something}
issues:
  - {issue: 7, title: a fault, fixed: v0.2.0, decides: node, signature: a-sign, reproduced: [v0.1.0], severity: warn, symptoms: [one_id]}
  - {issue: 6, title: another, fixed: v0.1.0, unseen: nothing shows it, reproduced: []}
`;
const read = (text: string) => readReleases('r.yaml', ['one_id'], { read: () => text });

test('a file in order is read', () => {
  expect(read(GOOD)).toMatchObject({ asOf: '2026-11-29', issues: [{ issue: 7 }, { issue: 6 }] });
});

test.each([
  ['a release that does not follow its newer one', 'v0.1.0, date', 'v0.3.0, date', /^r\.yaml:4: .*v0\.3\.0/],
  ['an issue fixed in a release that is not listed', 'fixed: v0.2.0', 'fixed: v0.9.0', /^r\.yaml:8: .*v0\.9\.0/],
  [
    'an issue that was reproduced on the release that fixes it',
    'reproduced: [v0.1.0]',
    'reproduced: [v0.2.0]',
    /^r\.yaml:8: .*v0\.2\.0/,
  ],
  ['one issue twice', 'issue: 6', 'issue: 7', /^r\.yaml:9: .*#7/],
  ['a symptom that is not an id', '[one_id]', '[no_id]', /^r\.yaml:8: .*no_id/],
  ['a trap of a release that is not listed', 'before: v0.2.0', 'before: v0.9.0', /^r\.yaml:6: .*v0\.9\.0/],
  ['a severity that does not exist', 'severity: warn', 'severity: bad', /^r\.yaml:8: /],
  ['an issue with neither a signature nor a reason', 'unseen: nothing shows it, ', '', /^r\.yaml:9: /],
])('%s is refused with its line', (_, from, to, complaint) => {
  expect(GOOD).toContain(from);
  expect(() => read(GOOD.replace(from, to))).toThrow(complaint);
});

const release = (tag: string): Release => parseRelease(tag) ?? [0, 0, 0];

test('every release is known, newest first, and none is dated before an older one', () => {
  const { releases } = releaseData;
  expect(releases.map(({ tag }) => tag)).toEqual([
    ...['v0.3.9', 'v0.3.8', 'v0.3.7', 'v0.3.6', 'v0.3.5', 'v0.3.4', 'v0.3.3', 'v0.3.2', 'v0.3.1', 'v0.3.0'],
    ...['v0.2.1', 'v0.2.0', 'v0.1.2', 'v0.1.1', 'v0.1.0', 'v0.0.3', 'v0.0.2', 'v0.0.1'],
  ]);
  const dates = releases.map(({ date }) => date);
  expect(dates).toEqual(dates.toSorted().reverse());
  expect(releaseData.asOf >= (dates[0] ?? '')).toBe(true);
});

test('issues begin with those that were fixed last', () => {
  const { issues } = releaseData;
  const wrong = issues.filter(({ fixed }, index) => {
    const before = issues[index - 1]?.fixed;
    return before !== undefined && compareReleases(release(before), release(fixed)) < 0;
  });
  expect(wrong.map(({ issue }) => issue)).toEqual([]);
});

test('every issue of the document is known, and every known issue is in the document', () => {
  const document = readFileSync(`${root}docs/jaco-daemon/releases.md`, 'utf8');
  const section = document.slice(document.indexOf('## Known issues'), document.indexOf('## Open in'));
  const written = new Set([...section.matchAll(/#(\d+)/g)].map(([, number]) => Number(number)));
  const known = new Set(releaseData.issues.flatMap(({ issue, also }) => [issue, ...also]));
  expect([...known].filter((number) => !written.has(number))).toEqual([]);
  expect([...written].filter((number) => !known.has(number))).toEqual([]);
});
