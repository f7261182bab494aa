import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseVersion } from '../../../../src/probes/jaco/release/parse-version.ts';
import { formatRelease } from '../../../../src/probes/jaco/release/release.ts';

/** A version in short: its kind and the release in its name. */
const brief = (text: string, from: 'binary' | 'package') => {
  const version = parseVersion(text, from);
  return 'base' in version ? `${version.kind} ${formatRelease(version.base)}` : version.kind;
};

test.each([
  ['v0.3.9', 'release v0.3.9'],
  ['0.3.9', 'release v0.3.9'],
  [' v0.3.9\n', 'release v0.3.9'],
  ['v0.3.10', 'release v0.3.10'],
  ['v0.3.9-rc1', 'before v0.3.9'],
  ['v0.3.9~rc1', 'before v0.3.9'],
  ['v0.3.9-RC.2', 'before v0.3.9'],
  ['v0.4.0-beta', 'before v0.4.0'],
  ['v0.3.8-7-g84caadb', 'after v0.3.8'],
  ['v0.3.8-7-g84caadb-dirty', 'after v0.3.8'],
  ['v0.3.8~7-g84caadb', 'after v0.3.8'],
  ['v0.3.8+7.g84caadb', 'after v0.3.8'],
  ['v0.3.8-dirty', 'release v0.3.8'],
  ['v0.3.8+local', 'release v0.3.8'],
  ['v0.3.9-1', 'near v0.3.9'],
  ['v0.3.9-dev', 'near v0.3.9'],
  ['v0.3.9-rch', 'near v0.3.9'],
  ['dev', 'unknown'],
  ['', 'unknown'],
  ['84caadb', 'unknown'],
  ['84caadb-dirty', 'unknown'],
  ['1234567', 'unknown'],
  ['0.0.0-dev', 'unknown'],
  ['0.0.1-dev', 'unknown'],
  ['0.0.0', 'unknown'],
  ['v0.0.1', 'release v0.0.1'],
  ['v0.0.1-rc1', 'before v0.0.1'],
  ['vv0.3.9', 'unknown'],
  ['V0.3.9', 'unknown'],
  ['v0.3', 'unknown'],
  ['v0.3.9.1', 'unknown'],
  ['v0.03.9', 'unknown'],
  ['0.3.9rc1', 'unknown'],
  ['1:0.3.9', 'unknown'],
  ['v0.3.99999999999', 'unknown'],
])('jacod says %j', (text, wanted) => {
  expect(brief(text, 'binary')).toBe(wanted);
});

test.each([
  ['0.3.9', 'release v0.3.9'],
  ['0.3.9-1', 'release v0.3.9'],
  ['0.3.9-1.el9', 'release v0.3.9'],
  ['0.3.9-r1', 'release v0.3.9'],
  ['1:0.3.9', 'release v0.3.9'],
  ['1:0.3.9-1~bpo12+1', 'release v0.3.9'],
  ['0.3.9-2ubuntu1', 'release v0.3.9'],
  ['0.3.9~rc1-1', 'before v0.3.9'],
  ['0.3.9~rc1', 'before v0.3.9'],
  ['0.3.8~7-g84caadb', 'after v0.3.8'],
  ['0.3.8-7-g84caadb', 'after v0.3.8'],
  ['0.3.8~7-g84caadb-1', 'after v0.3.8'],
  ['0.0.1~dev', 'unknown'],
  ['(none)', 'unknown'],
])('the package database says %j', (text, wanted) => {
  expect(brief(text, 'package')).toBe(wanted);
});

test('a build with local changes is marked, and keeps its release', () => {
  expect(parseVersion('v0.3.8-dirty', 'binary')).toMatchObject({ kind: 'release', modified: true });
  expect(parseVersion('v0.3.8', 'binary')).toMatchObject({ kind: 'release', modified: false });
});

test('no text, however odd, is read as a release that it does not begin with', () => {
  const piece = fc.constantFrom(
    'v',
    '0',
    '3',
    '9',
    '.',
    '-',
    '+',
    '~',
    ':',
    'rc',
    'g84caadb',
    'dirty',
    'dev',
    'el9',
    '\0',
    'é',
  );
  const odd = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 14 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(odd, fc.constantFrom('binary' as const, 'package' as const), (text, from) => {
      const version = parseVersion(text, from);
      if (!('base' in version)) return version.kind === 'unknown';
      const upstream = from === 'package' ? text.trim().replace(/^\d+:/, '') : text.trim();
      const name = formatRelease(version.base);
      expect(upstream.startsWith(name) || upstream.startsWith(name.slice(1))).toBe(true);
      // A digit after it would change the last number.
      return !/^\d/.test(upstream.replace(/^v/, '').slice(name.length - 1));
    }),
  );
});
