import fc from 'fast-check';
import { expect, test } from 'vitest';
import { affectedBy, includesRelease, isNewerThan } from '../../../../src/probes/jaco/release/includes-release.ts';
import { parseVersion } from '../../../../src/probes/jaco/release/parse-version.ts';
import { compareReleases, parseRelease, type Release } from '../../../../src/probes/jaco/release/release.ts';
import type { Version } from '../../../../src/probes/jaco/release/version.ts';

const version = (text: string) => parseVersion(text, 'binary');
const release = (name: string): Release => {
  const parsed = parseRelease(name);
  if (parsed === null) throw new Error(`${name} is not a release`);
  return parsed;
};
/** Whether a version has a fault that one release fixes, and that began with another if one is named. */
const affected = (text: string, fixed: string, since: string | null = null) =>
  affectedBy(version(text), { since: since === null ? null : release(since), fixed: release(fixed) });

test.each([
  ['v0.3.8', 'v0.3.9', 'yes'],
  ['v0.3.9', 'v0.3.9', 'no'],
  ['v0.3.10', 'v0.3.9', 'no'],
  ['v0.3.8-dirty', 'v0.3.9', 'yes'],
  ['v0.3.9-dirty', 'v0.3.9', 'no'],
  // A candidate is at least the previous release, and may or may not include the fix.
  ['v0.3.9-rc1', 'v0.3.9', 'unknown'],
  ['v0.3.9-rc1', 'v0.3.8', 'no'],
  ['v0.3.8-rc1', 'v0.3.9', 'yes'],
  ['v0.3.8-7-g84caadb', 'v0.3.9', 'unknown'],
  ['v0.3.8-7-g84caadb', 'v0.3.8', 'no'],
  // A fork after v0.3.5 may include a later fix.
  ['v0.3.5-2-g7e76f91', 'v0.3.9', 'unknown'],
  ['v0.3.9-odd', 'v0.3.9', 'unknown'],
  ['dev', 'v0.3.9', 'unknown'],
  ['84caadb', 'v0.0.2', 'unknown'],
])('%s and a fault that is fixed in %s', (text, fixed, wanted) => {
  expect(affected(text, fixed)).toBe(wanted);
});

test.each([
  ['v0.3.2', 'no'],
  ['v0.3.3-rc1', 'unknown'],
  ['v0.3.3', 'yes'],
  ['v0.3.4', 'yes'],
  ['v0.3.5', 'no'],
])('%s and a fault of v0.3.3 and v0.3.4 only', (text, wanted) => {
  expect(affected(text, 'v0.3.5', 'v0.3.3')).toBe(wanted);
});

test('a fault that is not fixed yet affects every release', () => {
  expect(affectedBy(version('v0.3.9'), { since: null, fixed: null })).toBe('yes');
  expect(affectedBy(version('dev'), { since: null, fixed: null })).toBe('unknown');
});

test('a window that contains the fix decides nothing, and one beside it decides', () => {
  const window: Version = { kind: 'window', oldest: release('v0.2.1'), newest: release('v0.3.7') };
  expect(affectedBy(window, { since: null, fixed: release('v0.3.6') })).toBe('unknown');
  expect(affectedBy(window, { since: null, fixed: release('v0.3.7') })).toBe('unknown');
  expect(affectedBy(window, { since: null, fixed: release('v0.3.8') })).toBe('yes');
  expect(affectedBy(window, { since: null, fixed: release('v0.2.1') })).toBe('no');
  expect(includesRelease({ kind: 'window', oldest: null, newest: null }, release('v0.0.1'))).toBe('unknown');
});

test.each([
  ['v0.3.9', false],
  ['v0.3.9-dirty', false],
  ['v0.3.9-rc1', false],
  ['v0.3.8-7-g84caadb', false],
  ['dev', false],
  ['v0.3.9-1-g84caadb', true],
  ['v0.3.10-rc1', true],
  ['v0.3.10', true],
  ['v1.0.0', true],
])('%s is newer than v0.3.9: %s', (text, wanted) => {
  expect(isNewerThan(version(text), release('v0.3.9'))).toBe(wanted);
});

test('a build that includes a release includes every earlier release', () => {
  const any = fc
    .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 4 }))
    .map((parts): Release => parts);
  const suffix = fc.constantFrom('', '-dirty', '-rc1', '-3-g84caadb', '-odd', '+local');
  fc.assert(
    fc.property(any, suffix, any, any, (base, rest, a, b) => {
      const [older, newer] = compareReleases(a, b) <= 0 ? [a, b] : [b, a];
      const built = version(`v${base.join('.')}${rest}`);
      if (includesRelease(built, newer) === 'yes') expect(includesRelease(built, older)).toBe('yes');
      if (includesRelease(built, older) === 'no') expect(includesRelease(built, newer)).toBe('no');
    }),
  );
});
