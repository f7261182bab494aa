import { stripVTControlCharacters } from 'node:util';

/** A secret value. Its text and JSON forms are placeholders, so it cannot leak into a message or a log. */
export type Secret = { readonly reveal: () => string; readonly toJSON: () => string; readonly toString: () => string };

/** Length of the parts of a value that are searched for, in characters, and the distance between their starts. */
const PIECE_LENGTH = 16;
const PIECE_STRIDE = 8;
/**
 * Most values that are kept, and most characters of each. A run loads a few tokens, and a manifest has some dozen
 * values.
 */
const MAX_VALUES = 500;
const MAX_LENGTH = 64 * 1024;

/**
 * Every secret value of a run, with its name. There is one vault for the process. All output (stdout, stderr, a
 * recording) is searched for the values, and texts that are kept are redacted first.
 */
export class Vault {
  readonly #names = new Map<string, string>();

  /** Adds a value; `name` is used in a message, such as "the operator token". */
  add(value: string, name: string): Secret {
    const kept = value.slice(0, MAX_LENGTH);
    if (isDistinctive(kept) && this.#names.size < MAX_VALUES) this.#names.set(kept, this.#names.get(kept) ?? name);
    const placeholder = (): string => `[${name}]`;
    return Object.freeze({ reveal: () => value, toJSON: placeholder, toString: placeholder });
  }

  /** Whether the vault has no value to search for. */
  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  /** The name of a secret in a text, or null. Also finds a value that is encoded, wrapped or cut. */
  leakIn(text: string): string | null {
    if (this.#names.size === 0) return null;
    const normalized = normalize(text);
    for (const [value, name] of this.#names) {
      if (spellings(value).some((spelling) => pieces(normalize(spelling)).some((piece) => normalized.includes(piece))))
        return name;
    }
    return null;
  }

  /** The text with every whole value replaced by its name. */
  redact(text: string): string {
    let redacted = text;
    for (const [value, name] of this.#names)
      for (const spelling of [value, value.trim(), ...spellings(value)])
        if (redacted.includes(spelling)) redacted = redacted.replaceAll(spelling, `[${name}]`);
    return redacted;
  }
}

/**
 * Whether a value is worth a search. A short word ("bootstrap", "production") also occurs by chance and would suppress
 * a report.
 */
function isDistinctive(value: string): boolean {
  const { length } = value.trim();
  return length >= 20 || (length >= 12 && /[a-z]/i.test(value) && /\d/.test(value));
}

/** The vault of this process. */
export const vault = new Vault();

/** The spellings of a value: unchanged, escaped for JSON or a URL, or in base64. */
function spellings(value: string): readonly string[] {
  const base64 = Buffer.from(value, 'utf8').toString('base64');
  return [
    ...new Set([
      value,
      JSON.stringify(value).slice(1, -1),
      encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8')),
      base64.replace(/=+$/, ''),
      Buffer.from(value, 'utf8').toString('base64url'),
    ]),
  ];
}

/** Removes control characters and blanks and lowers the case, so that a line break or a colour hides nothing. */
function normalize(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, '')
    .toLowerCase();
}

/**
 * The parts of a random-looking value that count as a leak. Any other value counts only as a whole, because its words
 * are common.
 */
function pieces(value: string): readonly string[] {
  if (value.length < PIECE_LENGTH * 2 || !/^[a-z0-9+/=_-]+$/.test(value)) return [value];
  const count = Math.floor((value.length - PIECE_LENGTH) / PIECE_STRIDE) + 1;
  return Array.from({ length: count }, (_, index) =>
    value.slice(index * PIECE_STRIDE, index * PIECE_STRIDE + PIECE_LENGTH),
  );
}
