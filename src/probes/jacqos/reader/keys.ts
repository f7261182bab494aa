/** Why an id that stands somewhere is not what is wrong now. */
export type Reason =
  | 'history'
  | 'resolved'
  | 'documentation'
  | 'name'
  | 'count'
  | 'false'
  | 'prose'
  /** Something that users observed or derived, and that the product only carries. */
  | 'data'
  /** The last failure of a command that has not failed. */
  | 'past-run';

/** What a key says of whatever stands under it; `failure` makes it present, null says nothing. */
export type KeySense = Exclude<Reason, 'false' | 'prose' | 'past-run' | 'data'> | 'failure' | 'last' | null;

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

// No key is documented (docs/jacqos.md#commands): these are the words that people use, whole words of a key only.
const HISTORY = words(
  'history historical histories previous previously prior past former formerly earlier audit audits receipts archive archived timeline changelog supersedes superseded replaces',
);
const RESOLVED = words('resolved cleared fixed recovered dismissed suppressed muted waived ignored closed');
const DOCUMENTATION = words(
  'catalog catalogue catalogs documentation docs doc documented reference references glossary help hint hints troubleshooting example examples sample samples schema enum known supported possible definitions legend related see similar explain mean suggestion suggestions alternative alternatives confused compare expected handled retryable allowed common typical frequent',
);
const NAME = words(
  'name names named filename slug label labels url uri href link links path paths file files branch tag tags called alias aliases app project environment env lineage org organization fixture fixtures',
);
const COUNT = words(
  'count counts counter counters total totals stats statistics metric metrics histogram tally occurrences num number',
);
const FAILURE = words(
  'error errors err failure failures failed failing fault faults fail code codes problem problems issue issues blocker blockers blocked blocking reason reasons cause causes',
);
// `reason` and `code` come with good news as well.
const NEUTRAL = words('code codes reason reasons cause causes');
const LAST = words('last latest recent');
const TRIED = words('attempt attempts retries');

/** The words of a key in any spelling: `lastFailure`, `last_failure`, `Last failure`. */
export function wordsOf(key: string): readonly string[] {
  const spaced = key
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return spaced.match(/[a-z0-9]+/g) ?? [];
}

/**
 * What a key says. Words of the past, of being over and of documentation win over `error`, for `error_history` is history;
 * `error` wins over a name, for `error_name` is the error; a count stays a count.
 */
export function senseOf(key: string): KeySense {
  const found = wordsOf(key);
  const has = (set: ReadonlySet<string>): boolean => found.some((word) => set.has(word));
  if (has(HISTORY)) return 'history';
  if (has(RESOLVED)) return 'resolved';
  if (has(DOCUMENTATION)) return 'documentation';
  if (has(COUNT) || /by_(?:id|code|type|kind|error|failure)s?$/.test(found.join('_'))) return 'count';
  if ((has(LAST) && has(FAILURE)) || has(TRIED)) return 'last';
  if (has(FAILURE)) return 'failure';
  // `app_name` and `environment` hold a name; `app_state` does not.
  return NAME.has(found.at(-1) ?? '') ? 'name' : null;
}

const THINGS = words(
  'app application project environment env lineage org organization tenant workspace fixture user request trace',
);

/** Whether a key holds the id of a thing that users name: `app_id`, or `id` right below `app`. */
export function isIdOf(key: string, above: string | null): boolean {
  const found = wordsOf(key);
  if (found.at(-1) !== 'id') return false;
  return THINGS.has((found.length > 1 ? found.at(-2) : wordsOf(above ?? '').at(-1)) ?? '');
}

/**
 * What the product's own support surfaces leave out (docs/jacqos.md#redaction): nothing below such a key is shown, nor
 * taken for a state.
 */
const PRIVATE = words(
  'payload payloads observation observations atom atoms fact facts intent intents body bodies email emails mail credential credentials secret secrets password passwords bearer',
);

/** Whether a key by itself says that something went wrong, whatever became of the command. */
export function accuses(key: string): boolean {
  return senseOf(key) === 'failure' && wordsOf(key).some((word) => FAILURE.has(word) && !NEUTRAL.has(word));
}

const CARRIED = words('atom atoms fact facts intent intents');
const OBSERVED = words('observation observations');
const CONTENT = words('payload payloads body content data');

/** Whether a key holds what users put in; `observed` below an observation: its payload, and not what became of it. */
export function isCarried(key: string, observed: boolean): boolean {
  return wordsOf(key).some((word) => CARRIED.has(word) || (observed && CONTENT.has(word)));
}

/** Whether what stands below a key is about an observation. */
export function isObserved(key: string): boolean {
  return wordsOf(key).some((word) => OBSERVED.has(word));
}

/** Whether what stands below a key is the users' own. */
export function isPrivate(key: string): boolean {
  return wordsOf(key).some((word) => PRIVATE.has(word));
}

/** Keys that only say which thing an object is about; whether it is wrong is for the object's other keys. */
const SUBJECT = words('id key check name type kind rule test title label event');

/** Whether a key holds what its object is about (`id`, `check_id`), and not what went wrong with it (`error`). */
export function isSubject(key: string): boolean {
  const last = wordsOf(key).at(-1);
  return last !== undefined && SUBJECT.has(last);
}

/** What a member of an object says of the object itself: that it is over, that it goes on, that it failed or passed. */
export type Standing = 'over' | 'open' | 'failing' | 'passing';

const OVER = words('resolved cleared closed recovered fixed dismissed superseded replaced obsolete retired');
const GOES_ON = words('open firing ongoing unresolved');
const FAILING = words('failed fail failing error errored unhealthy blocked');
const PASSING = words('passed pass ok success succeeded skipped inactive healthy ready');
const STATE_KEYS = words('status state result outcome verdict conclusion');
const TRUE_IS_WELL = words('ok passed success succeeded ready healthy');
const TRUE_IS_ILL = words('active current present triggered failed firing blocking');

/** What one member says of its object; null where it says nothing of the kind. */
export function stateOfValue(key: string, value: string | number | boolean | null): Standing | null {
  const found = wordsOf(key).filter((word) => word !== 'is' && word !== 'at' && word !== 'on');
  const last = found.at(-1);
  if (last === undefined) return null;
  if (found.length === 1 && OVER.has(last)) return says(value) ? 'over' : 'open';
  if (found.length === 1 && last === 'unresolved') return says(value) ? 'open' : 'over';
  if (typeof value === 'string' && STATE_KEYS.has(last)) {
    const word = value.toLowerCase();
    if (OVER.has(word)) return 'over';
    if (GOES_ON.has(word)) return 'open';
    if (FAILING.has(word)) return 'failing';
    return PASSING.has(word) ? 'passing' : null;
  }
  if (typeof value !== 'boolean' || found.length !== 1) return null;
  if (TRUE_IS_WELL.has(last)) return value ? 'passing' : 'failing';
  if (TRUE_IS_ILL.has(last)) return value ? null : 'passing';
  return null;
}

const NOTHING = words('false no none null 0 off n/a');

/** Whether a value says yes: a flag that is set, a time that is there. */
export function says(value: string | number | boolean | null): boolean {
  return typeof value === 'string' ? value !== '' && !NOTHING.has(value.toLowerCase()) : Boolean(value);
}

/** Whether the word behind an id says that it is not so: `missing_runtime_token: ok`. */
export function denies(word: string): 'false' | 'resolved' | null {
  const low = word.toLowerCase();
  if (OVER.has(low)) return 'resolved';
  return low === '' || NOTHING.has(low) || PASSING.has(low) || low === 'absent' || low === 'clear' ? 'false' : null;
}
