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
export type KeySense = Exclude<Reason, 'false' | 'prose' | 'past-run' | 'data'> | 'failure' | 'last' | null;

const wordSet = (text: string): ReadonlySet<string> => new Set(text.split(' '));

// No key is documented (docs/jacqos.md#commands): these are common words, compared with whole words of a key.
const HISTORY = wordSet(
  'history historical histories previous previously prior past former formerly earlier audit audits receipts archive archived timeline changelog supersedes superseded replaces',
);
const RESOLVED = wordSet('resolved cleared fixed recovered dismissed suppressed muted waived ignored closed');
const DOCUMENTATION = wordSet(
  'catalog catalogue catalogs documentation docs doc documented reference references glossary help hint hints troubleshooting example examples sample samples schema enum known supported possible definitions legend related see similar explain mean suggestion suggestions alternative alternatives confused compare expected handled retryable allowed common typical frequent',
);
const NAME = wordSet(
  'name names named filename slug label labels url uri href link links path paths file files branch tag tags called alias aliases app project environment env lineage org organization fixture fixtures',
);
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

/** The words of a key in any spelling: `lastFailure`, `last_failure`, `Last failure`. */
export function splitWords(key: string): readonly string[] {
  const spaced = key
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return spaced.match(/[a-z0-9]+/g) ?? [];
}

/**
 * The sense of a key. History, resolution and documentation win over `error`: `error_history` is history. `error` wins
 * over a name: `error_name` is the error. A count stays a count.
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
  // `app_name` and `environment` hold a name; `app_state` does not.
  return NAME.has(keyWords.at(-1) ?? '') ? 'name' : null;
}

const THINGS = wordSet(
  'app application project environment env lineage org organization tenant workspace fixture user request trace',
);

/** Whether a key holds the id of an object that users name: `app_id`, or `id` directly below `app`. */
export function isThingId(key: string, above: string | null): boolean {
  const keyWords = splitWords(key);
  if (keyWords.at(-1) !== 'id') return false;
  return THINGS.has((keyWords.length > 1 ? keyWords.at(-2) : splitWords(above ?? '').at(-1)) ?? '');
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

const USER_DATA = wordSet('atom atoms fact facts intent intents');
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

/** The state of an object by one of its members: resolved (`over`), open, failing or passing. */
export type ObjectState = 'over' | 'open' | 'failing' | 'passing';

const RESOLVED_WORDS = wordSet(
  'resolved cleared closed recovered fixed dismissed superseded replaced obsolete retired',
);
const OPEN = wordSet('open firing ongoing unresolved');
const FAILING = wordSet('failed fail failing error errored unhealthy blocked');
const PASSING = wordSet('passed pass ok success succeeded skipped inactive healthy ready');
const STATE_KEYS = wordSet('status state result outcome verdict conclusion');
const TRUE_IS_PASSING = wordSet('ok passed success succeeded ready healthy');
const FALSE_IS_PASSING = wordSet('active current present triggered failed firing blocking');

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
    return PASSING.has(word) ? 'passing' : null;
  }
  if (typeof value !== 'boolean' || keyWords.length !== 1) return null;
  if (TRUE_IS_PASSING.has(last)) return value ? 'passing' : 'failing';
  if (FALSE_IS_PASSING.has(last)) return value ? null : 'passing';
  return null;
}

const NEGATIVE = wordSet('false no none null 0 off n/a');

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
    normalized === 'absent' ||
    normalized === 'clear'
    ? 'false'
    : null;
}
