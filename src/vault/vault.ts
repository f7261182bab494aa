import { stripVTControlCharacters } from 'node:util';

/** A secret value that only its user may see: it has no text form, so it cannot slip into a message, JSON or a log. */
export type Secret = { readonly reveal: () => string; readonly toJSON: () => string; readonly toString: () => string };

/** A piece of a random value that no chance brings about, in characters, and how far apart the pieces lie that are looked for. */
const PIECE = 16;
const APART = 8;
/** Values kept, and characters of each: a run meets a few tokens, and a manifest some dozen values. */
const MOST = 500;
const LONGEST = 64 * 1024;

/**
 * Every secret value a run has met, by what it is. One for the whole process: whatever leaves it (stdout, stderr, a
 * recording) is looked through for them, and what is kept has them taken out before.
 */
export class Vault {
  readonly #held = new Map<string, string>();

  /** Keeps a value; `what` names it in a message, such as "the operator token". */
  hold(value: string, what: string): Secret {
    const kept = value.slice(0, LONGEST);
    if (isTelling(kept) && this.#held.size < MOST) this.#held.set(kept, this.#held.get(kept) ?? what);
    const hidden = (): string => `[${what}]`;
    return Object.freeze({ reveal: () => value, toJSON: hidden, toString: hidden });
  }

  /** Whether nothing is held: then there is nothing to look for. */
  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  /** What a text gives away, or null: a value in any of its spellings, wrapped or cut, is found. */
  leakIn(text: string): string | null {
    if (this.#held.size === 0) return null;
    const plain = squeeze(text);
    for (const [value, what] of this.#held) {
      if (spellings(value).some((spelling) => pieces(squeeze(spelling)).some((piece) => plain.includes(piece))))
        return what;
    }
    return null;
  }

  /** The text with every whole value in it replaced by its name. */
  redact(text: string): string {
    let redacted = text;
    for (const [value, what] of this.#held)
      for (const spelling of [value, value.trim(), ...spellings(value)])
        if (redacted.includes(spelling)) redacted = redacted.replaceAll(spelling, `[${what}]`);
    return redacted;
  }
}

/** A word or a number is in innocent text too ("bootstrap", "production"): looked for, it would keep a whole report back. */
function isTelling(value: string): boolean {
  const { length } = value.trim();
  return length >= 20 || (length >= 12 && /[a-z]/i.test(value) && /\d/.test(value));
}

/** The process's own vault. */
export const vault = new Vault();

/** A value as it may be written: as it is, escaped for JSON or a URL, or in base64. */
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

/** Without what a terminal hides and without blanks, in one case: a wrapped line or a colour in between hides nothing. */
function squeeze(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, '')
    .toLowerCase();
}

/** A value of one random-looking word leaks by a piece of it; any other only whole, for its words are everybody's. */
function pieces(value: string): readonly string[] {
  if (value.length < PIECE * 2 || !/^[a-z0-9+/=_-]+$/.test(value)) return [value];
  const count = Math.floor((value.length - PIECE) / APART) + 1;
  return Array.from({ length: count }, (_, index) => value.slice(index * APART, index * APART + PIECE));
}
