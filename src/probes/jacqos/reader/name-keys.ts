import { splitWords } from './split-words.ts';

const wordSet = (text: string): ReadonlySet<string> => new Set(text.split(' '));

// No key is documented (docs/jacqos.md#commands): these are common words for what users name, and for locations.
const USER_NAMED_KINDS = wordSet(
  'app application project environment env lineage org organization tenant workspace fixture user request trace team service region repo branch relation owner author',
);
const PLURAL_KINDS: ReadonlySet<string> = new Set(
  [...USER_NAMED_KINDS].map((word) => `${word}${word.endsWith('ch') ? 'es' : 's'}`),
);
const LOCATION_KEYS = wordSet(
  'filename slug url uri href link links path paths file files dir directory folder cwd ref alias aliases stem',
);
const NAME_SUFFIXES = wordSet('id name key title description label stem');

/** Whether a word is a kind of object that users name, in the singular or the plural. */
function isUserNamedKind(word: string): boolean {
  return USER_NAMED_KINDS.has(word) || PLURAL_KINDS.has(word);
}

/** Whether the string below a key is the name of something, by the last word of the key: `app`, `log_file`. */
export function isNameKey(keyWords: readonly string[]): boolean {
  const last = keyWords.at(-1) ?? '';
  return isUserNamedKind(last) || LOCATION_KEYS.has(last);
}

/**
 * Whether a key holds a name that users chose: `environment`, `app_id`, `path`, or `id` directly below `app`. Such a
 * string is a name even in an object that failed.
 */
export function isUserChosenName(key: string, above: string | null): boolean {
  const keyWords = splitWords(key);
  if (isNameKey(keyWords)) return true;
  if (!NAME_SUFFIXES.has(keyWords.at(-1) ?? '')) return false;
  return keyWords.slice(0, -1).some(isUserNamedKind) || isUserNamedKind(splitWords(above ?? '').at(-1) ?? '');
}

/** Whether the keys of an object are names that users chose: below `fixtures`, not below `fixture`. */
export function hasUserChosenKeys(key: string): boolean {
  return PLURAL_KINDS.has(splitWords(key).at(-1) ?? '');
}
