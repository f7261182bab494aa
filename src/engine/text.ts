import { stripVTControlCharacters } from 'node:util';

// C0, DEL and C1 controls, line and paragraph separators, bidirectional overrides and isolates, zero-width and tag
// characters: everything that could move a cursor, or hide or reorder text.
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** One word of ASCII, such as most names, addresses and ids. It needs no cleaning. */
const PLAIN = /^[!-~]*$/;

/** Default limit of one quoted outside text, in characters. */
export const MAX_QUOTED = 500;

/**
 * Makes an outside text safe to print: at most `max` characters on one line, without control characters, terminal
 * sequences, or characters that hide or reorder text. A run of white space becomes one blank. Never throws: an edited
 * recording may have another value where the types promise a string, and that value is printed as JSON.
 */
export function clean(text: string, max = MAX_QUOTED): string {
  if (typeof text !== 'string') return clean(JSON.stringify(text) ?? '', max);
  if (text.length <= max && PLAIN.test(text)) return text;
  return bounded(text, max, (kept) =>
    printable(stripVTControlCharacters(kept).replace(/[\t\r\n\v\f]+/g, ' '))
      .replace(/ {2,}/g, ' ')
      .trim(),
  );
}

/** Removes what a terminal would not show literally. Blanks are kept, because a path may have two. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(UNPRINTABLE, '').replace(LONE_SURROGATE, '\ufffd');
}

/**
 * Cuts a text before the work on it, so that the cost of a hostile text is bounded. The work may remove characters,
 * which leaves room for more.
 */
function bounded(text: string, max: number, work: (kept: string) => string): string {
  const kept = text.length > max * 4 ? text.slice(0, max * 4) : text;
  const plain = work(kept);
  if (plain.length <= max && kept.length === text.length) return plain;
  return `${plain.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Orders texts by their UTF-16 code units, which is the same in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
