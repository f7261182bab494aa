import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clean } from '../../src/engine/text.ts';

// Anything that moves a cursor, hides or reorders text.
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

test('a hostile log line cannot rewrite the terminal', () => {
  expect(clean('ok\u001b[2J\u001b[1;1Hall fine\u001b]0;title\u0007\u001b]8;;http://x\u0007link')).toBe(
    'okall finelink',
  );
  expect(clean('a\r\nb\tc\u0000d')).toBe('a b cd');
  expect(clean('safe\u202egnp.exe')).toBe('safegnp.exe');
});

test('output is bounded, whole and printable for any input', () => {
  const nasty = fc.array(
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\u001b[', '\u009b31m', '\u001b]52;c;', '\ud800', 'ok ')),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(nasty, fc.integer({ min: 2, max: 80 }), (parts, max) => {
      const out = clean(parts.join(''), max);
      expect(out.length).toBeLessThanOrEqual(max);
      expect(out).not.toMatch(FORBIDDEN);
      expect(Buffer.from(out, 'utf8').toString('utf8')).toBe(out);
      expect(clean(out, max)).toBe(out);
    }),
    { numRuns: 10_000 },
  );
});

test('ten megabytes cost no more than their bound', () => {
  expect(clean('x'.repeat(10_000_000), 20)).toBe(`${'x'.repeat(19)}…`);
});

test('an edited recording with a list, a number or nothing where a text belongs prints it as JSON text', () => {
  const shapes = [
    [['a\u001b[2J', 1], '["a\\u001b[2J",1]'],
    [7, '7'],
    [{ toString: 1 }, '{"toString":1}'],
    [null, 'null'],
    [undefined, ''],
  ];
  for (const [given, printed] of shapes) expect(clean(given as never)).toBe(printed);
});
