import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions } from '../../../../src/probes/jaco/release/compare-versions.ts';
import { parseVersion } from '../../../../src/probes/jaco/release/parse-version.ts';
import type { NamedVersion } from '../../../../src/probes/jaco/release/version.ts';

const named = (text: string): NamedVersion => {
  const version = parseVersion(text, 'binary');
  if (!('base' in version)) throw new Error(`${text} names no release`);
  return version;
};

/** Oldest first. */
const ORDER = [
  'v0.0.3',
  'v0.2.0-alpha',
  'v0.2.0-beta9',
  'v0.2.0-rc1',
  'v0.2.0-rc10',
  'v0.2.0',
  'v0.2.0-dirty',
  'v0.2.0-1-g38e4066',
  'v0.2.0-12-g38e4066',
  'v0.2.1',
  'v0.3.8',
  'v0.3.8-7-g84caadb',
  'v0.3.9-rc2',
  'v0.3.9',
  'v0.3.10',
  'v0.10.0',
  'v1.0.0-rc1',
  'v1.0.0',
];

test('every two versions are in the order in which they were built', () => {
  const wrong = ORDER.flatMap((a, i) =>
    ORDER.flatMap((b, j) =>
      Math.sign(compareVersions(named(a), named(b))) === Math.sign(i - j) ? [] : [`${a} against ${b}`],
    ),
  );
  expect(wrong).toEqual([]);
});

test('the order is total: it is the same from both sides, and follows through a third', () => {
  const number = fc.integer({ min: 0, max: 3 });
  const suffix = fc.oneof(
    fc.constantFrom('', '-dirty', '-odd', '+local'),
    fc
      .tuple(fc.constantFrom('-', '~'), fc.constantFrom('alpha', 'beta', 'pre', 'rc'), number)
      .map((parts) => parts.join('')),
    number.map((commits) => `-${commits}-g84caadb`),
  );
  const version = fc
    .tuple(number, number, fc.integer({ min: 1, max: 4 }), suffix)
    .map(([a, b, c, rest]) => named(`v${a}.${b}.${c}${rest}`));
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
        expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});
