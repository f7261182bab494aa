import { isShowable } from './id-shape.ts';
import { splitWords } from './split-words.ts';

/**
 * A word for the state of something, such as `health: degraded`. `good` counts as healthy; `neutral` counts as nothing.
 */
export type StateWord = {
  readonly key: string;
  readonly word: string;
  readonly standing: 'good' | 'neutral' | 'other';
};

/** What status shows besides its state words, where present; only the names are documented (TS). */
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
const LIFECYCLE = new Set(['lifecycle', 'health', 'readiness']);
const STATE_KEYS = new Set([...LIFECYCLE, 'status', 'state', 'phase']);
const FLAGS = new Set(['ready', 'healthy', 'active', 'promoted', 'ok']);
const MAX_WORDS = 30;

/** The location of a value: the nearest key above it, and whether any key above belongs to another subject. */
export type Location = { readonly above: string; readonly elsewhere: boolean };

export const ROOT_LOCATION: Location = { above: '', elsewhere: false };

/** The location below a key; an array entry has the location of the array. */
export function childLocation(location: Location, key: string | null): Location {
  if (key === null) return location;
  return { above: key, elsewhere: location.elsewhere || splitWords(key).some((word) => OTHER_SUBJECTS.has(word)) };
}

/** Faults that a document tells without an id. */
export type Flags = { readonly readOnly: boolean; readonly degraded: boolean; readonly fixtureIdentity: boolean };

/** Collects state words, digests and flags from documents with any keys. */
export class States {
  readonly words: StateWord[] = [];
  flags: Flags = { readOnly: false, degraded: false, fixtureIdentity: false };
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
    const path = [location.above, key];
    this.#setFlag(location, keyWords, value);
    this.#setField(location, keyWords, value);
    if (typeof value === 'boolean') {
      const name = keyWords.filter((word) => word !== 'is').join('_');
      if (FLAGS.has(name) || name === 'signed_in') this.#add(path, String(value), value ? 'good' : 'other');
    } else if (typeof value === 'string' && STATE_KEYS.has(keyWords.at(-1) ?? '')) {
      const word = value.trim().toLowerCase();
      if (word === '') return;
      const neutral = NEUTRAL.has(word) && !LIFECYCLE.has(keyWords.at(-1) ?? '');
      this.#add(path, value.trim(), GOOD.has(word) ? 'good' : neutral ? 'neutral' : 'other');
    }
  }

  #add(path: readonly string[], word: string, standing: StateWord['standing']): void {
    if (this.words.length >= MAX_WORDS) return;
    const key = path.filter(isShowable).join('.') || 'a key';
    // A text longer than any state word is a sentence, which may hold anything.
    const shown = isShowable(word) && word.length <= 32 && word.split(' ').length <= 3;
    this.words.push({ key, word: shown ? word : 'a word that is not shown', standing });
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

const OTHER_SUBJECTS = new Set(
  'token tokens scope scopes permission permissions file filesystem checkout volume'.split(' '),
);
const IDENTITY = new Set('user identity account actor principal subject login signed'.split(' '));
const DEFAULTS = new Set('default defaults fallback'.split(' '));

/** Whether a key holds what would apply if nothing else were given. */
function isDefault(keyWords: readonly string[]): boolean {
  return keyWords.some((word) => DEFAULTS.has(word));
}

/** The format of a digest is not documented: letters, digits and a few signs without blanks. */
const DIGEST = /^[A-Za-z0-9][A-Za-z0-9:+/=_-]{7,150}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}[0-9:.]*(?:Z|[+-]\d{2}:?\d{2})?$/;
/** Text that is safe inside a URL path. */
const SLUG = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
