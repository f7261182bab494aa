import { expect, test } from 'vitest';
import { fitsRelease, rangeText } from '../../src/advice/release-range.ts';
import { includedBy } from './included-by.ts';

const range = (since: string | null, until: string | null) => ({ since, until });

test('a step of later releases is left out on an older one, and its end is inclusive', () => {
  const old = { releases: includedBy('v0.3.5') };
  expect(fitsRelease(range('v0.3.6', null), old)).toBe('no');
  expect(fitsRelease(range(null, 'v0.3.5'), old)).toBe('yes');
  expect(fitsRelease(range('v0.3.3', 'v0.3.4'), old)).toBe('no');
  expect(fitsRelease(range('v0.3.3', 'v0.3.5'), old)).toBe('yes');
  expect(fitsRelease(range(null, null), old)).toBe('yes');
});

test('the newest known release has no end that could pass', () => {
  expect(fitsRelease(range(null, 'v0.3.9'), { releases: includedBy('v0.3.9') })).toBe('yes');
});

test('an unknown release fits perhaps, and a step without limits surely', () => {
  const unknown = { releases: includedBy(null) };
  expect(fitsRelease(range('v0.3.6', null), unknown)).toBe('unknown');
  expect(fitsRelease(range(null, 'v0.3.5'), unknown)).toBe('unknown');
  expect(fitsRelease(range(null, null), unknown)).toBe('yes');
  expect(fitsRelease(range('v0.3.6', null), { releases: [] })).toBe('unknown');
});

test('a range in words', () => {
  expect(rangeText(range('v0.3.6', null))).toBe('only on v0.3.6 and later');
  expect(rangeText(range(null, 'v0.3.5'))).toBe('only on v0.3.5 and earlier');
  expect(rangeText(range('v0.3.3', 'v0.3.4'))).toBe('only on v0.3.3 to v0.3.4');
  expect(rangeText(range(null, null))).toBeNull();
});
