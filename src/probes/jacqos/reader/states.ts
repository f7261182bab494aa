import { wordsOf } from './keys.ts';
import { isShowable } from './shape.ts';

/** A word that says how something stands: `health: degraded`. `good` where it counts as well, `neutral` where as nothing. */
export type StateWord = {
  readonly key: string;
  readonly word: string;
  readonly standing: 'good' | 'neutral' | 'other';
};

/** What status shows besides its words, as far as it is there; nothing of it is documented but the names (TS). */
export type Shown = {
  readonly evaluatorDigest: string | null;
  readonly packageDigest: string | null;
  readonly lastActivity: string | null;
  readonly appId: string | null;
  readonly environmentId: string | null;
};

/** Words that count as well (docs/jacqos.md#conclusions). */
const GOOD = new Set(['active', 'promoted', 'ready', 'healthy', 'ok']);
/** Words by which a command says that it came to its end: nothing about what it looked at. */
const NEUTRAL = new Set(['success', 'succeeded', 'passed', 'complete', 'completed', 'done']);
const LIFECYCLE = new Set(['lifecycle', 'health', 'readiness']);
const OF_STATE = new Set([...LIFECYCLE, 'status', 'state', 'phase']);
const FLAGS = new Set(['ready', 'healthy', 'active', 'promoted', 'ok']);
const MOST_WORDS = 30;

/** Where a value stands, as far as it matters: the nearest key above it, and whether one of all above leads elsewhere. */
export type Place = { readonly above: string; readonly elsewhere: boolean };

export const NOWHERE: Place = { above: '', elsewhere: false };

/** The place below a key; one in an array is that of the array. */
export function below(place: Place, key: string | null): Place {
  if (key === null) return place;
  return { above: key, elsewhere: place.elsewhere || wordsOf(key).some((word) => OTHERS.has(word)) };
}

/** Gathers state words, digests and flags of documents, under whatever keys they stand. */
export class States {
  readonly words: StateWord[] = [];
  readonly flags = { readOnly: false, degraded: false, fixtureIdentity: false };
  #shown: Shown = { evaluatorDigest: null, packageDigest: null, lastActivity: null, appId: null, environmentId: null };

  get shown(): Shown {
    return this.#shown;
  }

  /** One value under its key; keys of the past or of documentation do not come here. */
  take(place: Place, key: string, value: string | number | boolean | null): void {
    const found = wordsOf(key);
    const path = [place.above, key];
    this.#takeFlag(place, found, value);
    this.#takeShown(place, found, value);
    if (typeof value === 'boolean') {
      const name = found.filter((word) => word !== 'is').join('_');
      if (FLAGS.has(name) || name === 'signed_in') this.#add(path, String(value), value ? 'good' : 'other');
    } else if (typeof value === 'string' && OF_STATE.has(found.at(-1) ?? '')) {
      const word = value.trim().toLowerCase();
      if (word === '') return;
      const neutral = NEUTRAL.has(word) && !LIFECYCLE.has(found.at(-1) ?? '');
      this.#add(path, value.trim(), GOOD.has(word) ? 'good' : neutral ? 'neutral' : 'other');
    }
  }

  #add(path: readonly string[], word: string, standing: StateWord['standing']): void {
    if (this.words.length >= MOST_WORDS) return;
    const key = path.filter(isShowable).join('.') || 'a key';
    // Longer than any state is a sentence, and it may be anybody's.
    const shown = isShowable(word) && word.length <= 32 && word.split(' ').length <= 3;
    this.words.push({ key, word: shown ? word : 'a word that is not shown', standing });
  }

  #takeFlag({ elsewhere }: Place, found: readonly string[], value: unknown): void {
    const name = found.filter((word) => word !== 'is').join('');
    // A token or a file may be read-only without its deployment being so.
    if (value === true && !elsewhere) {
      if (name === 'readonly') this.flags.readOnly = true;
      if (name === 'degraded') this.flags.degraded = true;
    }
    if (value === 'local-studio-user' && found.some((word) => IDENTITY.has(word))) this.flags.fixtureIdentity = true;
  }

  #takeShown({ above }: Place, found: readonly string[], value: unknown): void {
    const all = [...wordsOf(above), ...found];
    const has = (...wanted: string[]): boolean => wanted.every((word) => all.includes(word));
    const keep = (name: keyof Shown, text: string): void => {
      if (this.#shown[name] === null) this.#shown = { ...this.#shown, [name]: text };
    };
    if (typeof value === 'number' && has('last', 'activity')) keep('lastActivity', String(value));
    if (typeof value !== 'string' || value.length > 200) return;
    if (has('evaluator', 'digest') && DIGEST.test(value)) keep('evaluatorDigest', value);
    else if (has('package', 'digest') && DIGEST.test(value)) keep('packageDigest', value);
    else if (has('last', 'activity') && TIME.test(value)) keep('lastActivity', value);
    else if (found.at(-1) === 'id' && all.includes('app') && SLUG.test(value)) keep('appId', value);
    else if (found.at(-1) === 'id' && (all.includes('environment') || all.includes('env')) && SLUG.test(value))
      keep('environmentId', value);
  }
}

const OTHERS = new Set('token tokens scope scopes permission permissions file filesystem checkout volume'.split(' '));
const IDENTITY = new Set('user identity account actor principal subject login signed'.split(' '));
/** A digest's algorithm, prefix and encoding are not documented: letters, digits and a few signs, in one piece. */
const DIGEST = /^[A-Za-z0-9][A-Za-z0-9:+/=_-]{7,150}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}[0-9:.]*(?:Z|[+-]\d{2}:?\d{2})?$/;
/** What may stand in a path without changing it. */
const SLUG = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
