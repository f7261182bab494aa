import { isNameKey } from './name-keys.ts';
import { splitWords } from './split-words.ts';

/** Why an id in a text is not wrong now. */
export type Reason =
  | 'history'
  | 'resolved'
  | 'documentation'
  | 'name'
  | 'count'
  | 'false'
  | 'prose'
  /** Data of users that the product only stores. */
  | 'data'
  /** The last failure of a command that has not failed. */
  | 'past-run';

/** What a key says about its value; `failure` means that the value is wrong now, null says nothing. */
export type KeySense = Exclude<Reason, 'prose' | 'past-run' | 'data'> | 'failure' | 'last' | null;

const wordSet = (text: string): ReadonlySet<string> => new Set(text.split(' '));

// No key is documented (docs/jacqos.md#commands): these are common words, compared with whole words of a key.
const HISTORY = wordSet(
  'history historical histories previous previously prior past former formerly earlier audit audits receipts archive archived timeline changelog supersedes superseded replaces',
);
const RESOLVED = wordSet('resolved cleared fixed recovered dismissed suppressed muted waived ignored closed');
const DOCUMENTATION = wordSet(
  'catalog catalogue catalogs documentation docs doc documented reference references glossary help hint hints troubleshooting example examples sample samples schema enum known supported possible definitions legend related see similar explain mean suggestion suggestions alternative alternatives confused compare expected handled retryable allowed common typical frequent may might can could would should potential potentially often sometimes usually leads unlike instead excluded excludes ruled notify notifies watch watched watches subscribe subscribed subscriptions',
);
const NAME = wordSet('name names named label tag called');
const ABSENT = wordSet('passed passing skipped absent');
const COUNT = wordSet(
  'count counts counter counters total totals stats statistics metric metrics histogram tally occurrences num number',
);
const FAILURE = wordSet(
  'error errors err failure failures failed failing fault faults fail code codes problem problems issue issues blocker blockers blocked blocking reason reasons cause causes',
);
// A success can have a `reason` or a `code` too.
const NEUTRAL = wordSet('code codes reason reasons cause causes');
const LAST = wordSet('last latest recent');
const ATTEMPTS = wordSet('attempt attempts retries');

/**
 * The sense of a key. History, resolution and documentation take precedence over `error`: `error_history` is history.
 * `error` takes precedence over a name: `error_name` is the error. A count stays a count.
 */
export function keySense(key: string): KeySense {
  const keyWords = splitWords(key);
  const has = (set: ReadonlySet<string>): boolean => keyWords.some((word) => set.has(word));
  if (has(HISTORY)) return 'history';
  if (has(RESOLVED)) return 'resolved';
  if (has(DOCUMENTATION)) return 'documentation';
  if (has(COUNT) || /by_(?:id|code|type|kind|error|failure)s?$/.test(keyWords.join('_'))) return 'count';
  if ((has(LAST) && has(FAILURE)) || has(ATTEMPTS)) return 'last';
  if (has(FAILURE)) return 'failure';
  if (has(ABSENT)) return 'false';
  // `app_name` and `environment` hold a name; `app_state` does not.
  return NAME.has(keyWords.at(-1) ?? '') || isNameKey(keyWords) ? 'name' : null;
}

/**
 * Keys that the product's own support views omit (docs/jacqos.md#redaction): nothing below them is shown or read as a
 * state.
 */
const PRIVATE = wordSet(
  'payload payloads observation observations atom atoms fact facts intent intents body bodies email emails mail credential credentials secret secrets password passwords bearer',
);

/** Whether a key alone says that something failed, independent of the exit code. */
export function isFailureKey(key: string): boolean {
  return keySense(key) === 'failure' && splitWords(key).some((word) => FAILURE.has(word) && !NEUTRAL.has(word));
}

const USER_DATA = wordSet('atom atoms fact facts intent intents labels tags annotations');
const OBSERVATIONS = wordSet('observation observations');
const CONTENT = wordSet('payload payloads body content data');

/** Whether a key holds data of users; below an observation (`observed`) only its payload counts. */
export function isUserData(key: string, observed: boolean): boolean {
  return splitWords(key).some((word) => USER_DATA.has(word) || (observed && CONTENT.has(word)));
}

/** Whether the value of a key describes an observation. */
export function isObserved(key: string): boolean {
  return splitWords(key).some((word) => OBSERVATIONS.has(word));
}

/** Whether the value of a key belongs to the users. */
export function isPrivate(key: string): boolean {
  return splitWords(key).some((word) => PRIVATE.has(word));
}

/** Keys that only name the subject of an object; its other keys say whether it is wrong. */
const SUBJECT = wordSet('id key check name type kind rule test title label event');

/** Whether a key names the subject of its object (`id`, `check_id`), not what is wrong with it (`error`). */
export function isSubject(key: string): boolean {
  const last = splitWords(key).at(-1);
  return last !== undefined && SUBJECT.has(last);
}

/**
 * The state of an object, from one of its members: resolved (`over`), open, failing, passing, or not active (`off`).
 */
export type ObjectState = 'over' | 'open' | 'failing' | 'passing' | 'off';

const RESOLVED_WORDS = wordSet(
  'resolved cleared closed recovered fixed dismissed superseded replaced obsolete retired',
);
const OPEN = wordSet('open firing ongoing unresolved');
const FAILING = wordSet('failed fail failing error errored unhealthy blocked');
const PASSING = wordSet('passed pass ok success succeeded skipped healthy ready');
const OFF = wordSet('inactive disabled off unused');
const STATE_KEYS = wordSet('status state mode result outcome verdict conclusion');
const TRUE_IS_PASSING = wordSet('ok passed success succeeded ready healthy');
const FALSE_IS_PASSING = wordSet('failed blocking');
const FALSE_IS_OFF = wordSet('active current present triggered firing enabled');

/** The state that one member gives its object; null if it gives none. */
export function stateOfValue(key: string, value: string | number | boolean | null): ObjectState | null {
  const keyWords = splitWords(key).filter((word) => word !== 'is' && word !== 'at' && word !== 'on');
  const last = keyWords.at(-1);
  if (last === undefined) return null;
  if (keyWords.length === 1 && RESOLVED_WORDS.has(last)) return isAffirmative(value) ? 'over' : 'open';
  if (keyWords.length === 1 && last === 'unresolved') return isAffirmative(value) ? 'open' : 'over';
  if (typeof value === 'string' && STATE_KEYS.has(last)) {
    const word = value.toLowerCase();
    if (RESOLVED_WORDS.has(word)) return 'over';
    if (OPEN.has(word)) return 'open';
    if (FAILING.has(word)) return 'failing';
    if (OFF.has(word)) return 'off';
    return PASSING.has(word) ? 'passing' : null;
  }
  if (keyWords.length !== 1) return null;
  // A flag for "not active" may also be `no` or 0.
  if (FALSE_IS_OFF.has(last)) return isAffirmative(value) ? null : 'off';
  if (last === 'disabled') return isAffirmative(value) ? 'off' : null;
  if (typeof value !== 'boolean') return null;
  if (TRUE_IS_PASSING.has(last)) return value ? 'passing' : 'failing';
  return FALSE_IS_PASSING.has(last) && !value ? 'passing' : null;
}

const NEGATIVE = wordSet('false no none null 0 off disabled inactive n/a');

/** Whether a value means yes: a set flag, a present time. */
export function isAffirmative(value: string | number | boolean | null): boolean {
  return typeof value === 'string' ? value !== '' && !NEGATIVE.has(value.toLowerCase()) : Boolean(value);
}

/** The reason given by a word after an id that says it does not apply: `missing_runtime_token: ok`. */
export function denialReason(word: string): 'false' | 'resolved' | null {
  const normalized = word.toLowerCase();
  if (RESOLVED_WORDS.has(normalized)) return 'resolved';
  return normalized === '' ||
    NEGATIVE.has(normalized) ||
    PASSING.has(normalized) ||
    OFF.has(normalized) ||
    normalized === 'absent' ||
    normalized === 'clear'
    ? 'false'
    : null;
}
