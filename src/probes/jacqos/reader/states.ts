import { isShowable } from './id-shape.ts';
import { splitWords } from './split-words.ts';
import { type Location, stateKeyKind } from './state-keys.ts';

/**
 * A word for the state of something, such as `health: degraded`. `good` counts as healthy; `neutral` counts as nothing.
 */
export type StateWord = {
  readonly key: string;
  readonly word: string;
  readonly standing: 'good' | 'neutral' | 'other';
};

/** The other fields of status, if present; only the names are documented (TS). */
export type StatusFields = {
  readonly evaluatorDigest: string | null;
  readonly packageDigest: string | null;
  readonly lastActivity: string | null;
  readonly appId: string | null;
  readonly environmentId: string | null;
};

/** Words that count as healthy (docs/jacqos.md#conclusions). */
const GOOD = new Set(['active', 'promoted', 'ready', 'healthy', 'ok']);
/** Words that say that the command finished, not what it found. */
const NEUTRAL = new Set(['success', 'succeeded', 'passed', 'complete', 'completed', 'done']);
const FLAGS = new Set(['ready', 'healthy', 'active', 'promoted', 'ok', 'signed_in']);
const FAULT_FLAGS = new Set([
  'paused',
  'suspended',
  'stale',
  'failing',
  'failed',
  'down',
  'unhealthy',
  'blocked',
  'stopped',
]);
/** Most words that are kept for each standing, so that many good ones displace no other one. */
const MAX_WORDS = 30;

/** Faults that a document shows without an id. */
export type FaultFlags = { readonly readOnly: boolean; readonly degraded: boolean; readonly fixtureIdentity: boolean };

/** Collects state words, digests and flags from documents with any keys. */
export class States {
  readonly words: StateWord[] = [];
  flags: FaultFlags = { readOnly: false, degraded: false, fixtureIdentity: false };
  #shown: StatusFields = {
    evaluatorDigest: null,
    packageDigest: null,
    lastActivity: null,
    appId: null,
    environmentId: null,
  };

  get shown(): StatusFields {
    return this.#shown;
  }

  /** Adds the value of one key. The caller omits keys of history and of documentation. */
  add(location: Location, key: string, value: string | number | boolean | null): void {
    const keyWords = splitWords(key);
    this.#setFlag(location, keyWords, value);
    this.#setField(location, keyWords, value);
    const standing = standingOf(location, keyWords, value);
    if (standing !== null) this.#addWord([location.above, key], value, standing);
  }

  /** Adds a string in an array: `health: ["degraded"]`. */
  addEntry(location: Location, value: string): void {
    const keyWords = splitWords(location.above);
    const standing = location.inLifecycle ? standingOf(location, keyWords, value) : null;
    if (standing !== null) this.#addWord([location.above], value, standing);
  }

  #addWord(path: readonly string[], value: string | number | boolean | null, standing: StateWord['standing']): void {
    const key = path.filter(isShowable).join('.') || 'a key';
    const text = String(value).trim() || 'nothing';
    // A text that is longer than any state word is a sentence, which may contain anything.
    const isShown = isShowable(text) && text.length <= 32 && text.split(' ').length <= 3;
    const word = isShown ? text : 'a word that is not shown';
    const alike = this.words.filter((one) => one.standing === standing);
    if (alike.length >= MAX_WORDS || alike.some((one) => one.key === key && one.word === word)) return;
    this.words.push({ key, word, standing });
  }

  #setFlag({ above, elsewhere }: Location, keyWords: readonly string[], value: unknown): void {
    const name = keyWords.filter((word) => word !== 'is').join('');
    // A token or a file may be read-only while its deployment is not.
    if (value === true && !elsewhere) {
      if (name === 'readonly') this.flags = { ...this.flags, readOnly: true };
      if (name === 'degraded') this.flags = { ...this.flags, degraded: true };
    }
    const isIdentity =
      keyWords.some((word) => IDENTITY.has(word)) && !isDefault(keyWords) && !isDefault(splitWords(above));
    if (value === 'local-studio-user' && isIdentity) this.flags = { ...this.flags, fixtureIdentity: true };
  }

  #setField({ above }: Location, keyWords: readonly string[], value: unknown): void {
    const all = [...splitWords(above), ...keyWords];
    const hasWords = (...wanted: string[]): boolean => wanted.every((word) => all.includes(word));
    const setOnce = (name: keyof StatusFields, text: string): void => {
      if (this.#shown[name] === null) this.#shown = { ...this.#shown, [name]: text };
    };
    if (typeof value === 'number' && hasWords('last', 'activity')) setOnce('lastActivity', String(value));
    if (typeof value !== 'string' || value.length > 200) return;
    if (hasWords('evaluator', 'digest') && DIGEST.test(value)) setOnce('evaluatorDigest', value);
    else if (hasWords('package', 'digest') && DIGEST.test(value)) setOnce('packageDigest', value);
    else if (hasWords('last', 'activity') && TIME.test(value)) setOnce('lastActivity', value);
    else if (keyWords.at(-1) === 'id' && all.includes('app') && SLUG.test(value)) setOnce('appId', value);
    else if (keyWords.at(-1) === 'id' && (all.includes('environment') || all.includes('env')) && SLUG.test(value))
      setOnce('environmentId', value);
  }
}

/** The meaning of a value as a state; null if its key contains no state. */
function standingOf(
  location: Location,
  keyWords: readonly string[],
  value: string | number | boolean | null,
): StateWord['standing'] | null {
  const place = stateKeyKind(location, keyWords);
  if (typeof value === 'boolean') {
    const name = keyWords.filter((word) => word !== 'is').join('_');
    if (FLAGS.has(name)) return value ? 'good' : 'other';
    if (FAULT_FLAGS.has(name) && !location.elsewhere) return value ? 'other' : null;
    return place === 'lifecycle' && !value ? 'other' : null;
  }
  if (typeof value !== 'string') return place === 'lifecycle' ? 'other' : null;
  const word = value.trim().toLowerCase();
  if (place === null || (place !== 'lifecycle' && word === '')) return null;
  if (GOOD.has(word)) return 'good';
  if (place === 'state' && NEUTRAL.has(word)) return 'neutral';
  return place === 'part' && !location.inLifecycle && !STATE_WORD.test(word) ? null : isNoWord(word) ? null : 'other';
}

/** Whether a text is a time, a number or an address, which can be beside a state. */
function isNoWord(text: string): boolean {
  return TIME.test(text) || /^[\d.,% ]+$/.test(text) || text.includes('://');
}

const IDENTITY = new Set('user identity account actor principal subject login signed'.split(' '));
const DEFAULTS = new Set('default defaults fallback'.split(' '));

/** Whether a key contains a default value. */
function isDefault(keyWords: readonly string[]): boolean {
  return keyWords.some((word) => DEFAULTS.has(word));
}

/** The format of a digest is not documented: letters, digits and a few signs without blanks. */
const DIGEST = /^[A-Za-z0-9][A-Za-z0-9:+/=_-]{7,150}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}[0-9:.]*(?:Z|[+-]\d{2}:?\d{2})?$/;
/** One to three words without digits. */
const STATE_WORD = /^[a-z]+(?:[ _-][a-z]+){0,2}$/;
/** Text that is safe inside a URL path. */
const SLUG = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
