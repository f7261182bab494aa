import fc from 'fast-check';

/**
 * Inputs that break parsers: terminal commands, ends of text, endless numbers, clocks of other centuries, nests,
 * look-alikes.
 */
const NASTY: readonly string[] = [
  ...[
    '\u0000',
    '\u001b[2J\u001b[1;1H',
    '\u001b]0;owned\u0007',
    '\u009b31m',
    '\u202egnp.exe',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\udfff',
  ],
  ...[
    '\r',
    '\n',
    '\r\n',
    '\t',
    '"',
    "'",
    '`',
    '\\',
    '\\u0000',
    '%s%n',
    '$(id)',
    '`id`',
    '{{',
    '}}',
    '<<',
    '&a',
    '*a',
    '!!js/function',
    '---',
    '...',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    ':',
    ',',
    ';',
    '=',
    '|',
    '-',
    '#',
    '0x',
    '1e999',
    '-0',
    'NaN',
    'Infinity',
    'null',
    'true',
    '__proto__',
    'constructor',
  ],
  ...[
    '9007199254740993',
    '18446744073709551616',
    '-9223372036854775809',
    '1970-01-01T00:00:00Z',
    '2100-02-29T25:61:61Z',
    '0',
    '\u0665',
  ],
  ...[
    '[[[[[[[[[[[[[[[[',
    '{"a":{"a":{"a":{"a":',
    '((((((((',
    'a'.repeat(5_000),
    ' '.repeat(300),
    '\u0301'.repeat(200),
    '\u{1f468}\u200d\u{1f469}',
  ],
];

type Change = (text: string) => string;

const at = fc.double({ min: 0, max: 1, noNaN: true });
const place = (text: string, where: number): number => Math.floor(where * (text.length + 1));

/** One change of a text: an insertion, a deletion, a cut, a repetition, or a changed character. */
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(at, fc.constantFrom(...NASTY)).map(
    ([where, nasty]): Change =>
      (text) => {
        const here = place(text, where);
        return text.slice(0, here) + nasty + text.slice(here);
      },
  ),
  fc.tuple(at, fc.nat(40)).map(
    ([where, length]): Change =>
      (text) => {
        const here = place(text, where);
        return text.slice(0, here) + text.slice(here + length);
      },
  ),
  at.map(
    (where): Change =>
      (text) =>
        text.slice(0, place(text, where)),
  ),
  fc.tuple(at, at, fc.integer({ min: 1, max: 30 })).map(
    ([from, to, times]): Change =>
      (text) => {
        const [a, b] = [place(text, Math.min(from, to)), place(text, Math.max(from, to))];
        return text.slice(0, b) + text.slice(a, Math.min(b, a + 2_000)).repeat(times) + text.slice(b);
      },
  ),
  fc.tuple(at, fc.nat(0xffff)).map(
    ([where, code]): Change =>
      (text) => {
        const here = place(text, where);
        return text.slice(0, here) + String.fromCharCode(code) + text.slice(here + 1);
      },
  ),
);

/** Texts near the given ones: valid except for a few changes, so that they get far. At most 200,000 characters. */
export function near(seeds: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 6 }))
    .map(([seed, changes]) => changes.reduce((text, apply) => apply(text).slice(0, 200_000), seed));
}

/** Number of inputs for each parser; the nightly run uses a million. */
export const INPUTS = Number(process.env['FUZZ_INPUTS'] ?? 10_000);

/** Characters that move a cursor, hide or reorder text: none may be in printable text. */
export const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** Whether any string in it, keys excluded, is not printable. */
export function unprintableIn(part: unknown): string | null {
  if (typeof part === 'string') return UNPRINTABLE.test(part) ? part : null;
  if (part === null || typeof part !== 'object') return null;
  for (const inner of Object.values(part)) {
    const found = unprintableIn(inner);
    if (found !== null) return found;
  }
  return null;
}
