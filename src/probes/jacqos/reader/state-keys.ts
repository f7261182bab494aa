import { isNameKey } from './name-keys.ts';
import { splitWords } from './split-words.ts';

const wordSet = (text: string): ReadonlySet<string> => new Set(text.split(' '));

// The page names lifecycle, health and readiness in prose; no key is documented (docs/jacqos.md#states).
const LIFECYCLE = wordSet('lifecycle health readiness');
const STATE = wordSet('status state phase condition availability result outcome verdict conclusion');
const STATE_MAPS = wordSet('status statuses state states');
/** Parts of the product that its pages name. */
const PARTS = wordSet(
  'runtime projection management cell deployment evaluator activation account append replay studio',
);
/** Below `health` these words describe a state, but are not a state themselves. */
const DETAILS = wordSet(
  'id name key type kind title label version digest hash message description detail details summary note notes reason reasons code hint action url time timestamp at since updated checked until unit source plan tier provider check error errors cause causes retry',
);
const OTHER_SUBJECTS = wordSet('token tokens scope scopes permission permissions file filesystem checkout volume');

/** The location of a value in a document. */
export type Location = {
  /** The nearest key above it. */
  readonly above: string;
  /** Whether a key above belongs to another subject than the deployment. */
  readonly elsewhere: boolean;
  /** Whether a key above is a lifecycle, health or readiness, so that any word below is a state. */
  readonly inLifecycle: boolean;
  /** Whether it is below the rows of an activity: their states are not those of the deployment. */
  readonly inActivity: boolean;
};

export const ROOT_LOCATION: Location = { above: '', elsewhere: false, inLifecycle: false, inActivity: false };

/** The location below a key; an array entry has the location of the array. */
export function childLocation(location: Location, key: string | null): Location {
  if (key === null) return location;
  const keyWords = splitWords(key);
  return {
    above: key,
    elsewhere: location.elsewhere || keyWords.some((word) => OTHER_SUBJECTS.has(word)),
    inLifecycle: location.inLifecycle || LIFECYCLE.has(keyWords.at(-1) ?? ''),
    inActivity: location.inActivity || keyWords.some((word) => word === 'activity' || word === 'activities'),
  };
}

/**
 * What a key says about its value: `lifecycle` and `state` contain the word for a state, `part` does if the value is
 * one word, null does not.
 */
export function stateKeyKind(location: Location, keyWords: readonly string[]): 'lifecycle' | 'state' | 'part' | null {
  const last = keyWords.at(-1) ?? '';
  if (location.inActivity) return null;
  if (LIFECYCLE.has(last)) return 'lifecycle';
  if (STATE.has(last)) return 'state';
  if (location.inLifecycle) return DETAILS.has(last) || isNameKey(keyWords) ? null : 'part';
  return STATE_MAPS.has(splitWords(location.above).at(-1) ?? '') && PARTS.has(last) ? 'part' : null;
}
