import { splitWords } from './split-words.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

// No key is documented (docs/jacqos.md#commands): these are common words for what users name, and for places.
const THINGS = words(
  'app application project environment env lineage org organization tenant workspace fixture user request trace team service region repo branch relation owner author',
);
const PLURALS: ReadonlySet<string> = new Set([...THINGS].map((word) => `${word}${word.endsWith('ch') ? 'es' : 's'}`));
const PLACES = words(
  'filename slug url uri href link links path paths file files dir directory folder cwd ref alias aliases stem',
);
const NAMES = words('id name key title description label stem');

/** Whether a word is a kind of object that users name, in the singular or the plural. */
function isThing(word: string): boolean {
  return THINGS.has(word) || PLURALS.has(word);
}

/** Whether the string below a key is the name of something, by the last word of the key: `app`, `log_file`. */
export function isNameKey(keyWords: readonly string[]): boolean {
  const last = keyWords.at(-1) ?? '';
  return isThing(last) || PLACES.has(last);
}

/**
 * Whether a key holds a name that users chose: `environment`, `app_id`, `path`, or `id` directly below `app`. Such a
 * string is a name even in an object that failed.
 */
export function isUserChosenName(key: string, above: string | null): boolean {
  const keyWords = splitWords(key);
  if (isNameKey(keyWords)) return true;
  if (!NAMES.has(keyWords.at(-1) ?? '')) return false;
  return keyWords.slice(0, -1).some(isThing) || isThing(splitWords(above ?? '').at(-1) ?? '');
}

/** Whether the keys of an object are names that users chose: below `fixtures`, not below `fixture`. */
export function hasUserChosenKeys(key: string): boolean {
  return PLURALS.has(splitWords(key).at(-1) ?? '');
}
