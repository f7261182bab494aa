import { type DocumentedId, isDocumented, isIdShaped, resemblesId } from './id-shape.ts';
import { applyObjectState, isPassingOrOff, isReasonOpen, type JsonLevel, setReason } from './json-level.ts';
import {
  denialReason,
  isAffirmative,
  isFailureKey,
  isObserved,
  isPrivate,
  isSubject,
  isUserData,
  type KeySense,
  keySense,
  type Reason,
  stateOfValue,
} from './keys.ts';
import { hasUserChosenKeys, isUserChosenName } from './name-keys.ts';
import { type Occurrence, Occurrences } from './occurrences.ts';
import type { JsonSink } from './scan-json.ts';
import { splitWords } from './split-words.ts';
import { childLocation, ROOT_LOCATION } from './state-keys.ts';
import { States } from './states.ts';

type Scalar = string | number | boolean | null;

/** Reads a string of more than one word; `reason` is the reason against all ids in it. */
export type ReadProse = (text: string, reason: Reason | null) => readonly Occurrence[];

/** A problem type of RFC 9457: an address whose last part names the problem. */
const TYPE_URI = /^(?:https?:\/\/|urn:)\S*[/#:](\w+)$/;

/** Most prose strings that are read in one document. */
const MAX_PROSE = 100_000;

/** Collects the ids of one document, each with the reason against it that its keys and neighbours give. */
export class JsonReader implements JsonSink {
  readonly occurrences = new Occurrences();
  readonly states = new States();
  readonly #failed: boolean;
  readonly #readProse: ReadProse;
  readonly #levels: JsonLevel[] = [];
  #key: string | null = null;
  #proseLeft = MAX_PROSE;

  /** `failed`: the document is output of a failed command. */
  constructor(failed: boolean, readProse: ReadProse) {
    this.#failed = failed;
    this.#readProse = readProse;
  }

  open(kind: 'object' | 'array'): void {
    const parent = this.#levels.at(-1);
    const key = this.#key ?? parent?.key ?? null;
    const sense = this.#key === null ? null : keySense(this.#key);
    const inherited = combineReasons(parent?.reason ?? null, sense);
    // A name is a string; an object below a key such as `app` describes the app.
    const userData = this.#key !== null && isUserData(this.#key, parent?.observed ?? false) ? 'data' : null;
    const reason = inherited === 'name' && kind === 'object' ? userData : (inherited ?? userData);
    const keyOccurrence =
      this.#key !== null && isDocumented(this.#key) ? this.occurrences.addId(this.#key, keyReason(parent)) : null;
    if (parent) parent.isEmpty = false;
    if (this.#key !== null) this.#checkKey(this.#key, parent);
    const isPrivateData = (parent?.isPrivateData ?? false) || (this.#key !== null && isPrivate(this.#key));
    const observed = (parent?.observed ?? false) || (this.#key !== null && isObserved(this.#key));
    const location = childLocation(parent?.location ?? ROOT_LOCATION, this.#key);
    this.#key = null;
    const failure = sense === 'failure' || (sense === null && (parent?.failure ?? false));
    this.#levels.push({
      kind,
      key,
      reason,
      failure,
      isPrivateData,
      observed,
      location,
      keyOccurrence,
      occurrences: [],
      whole: [],
      prose: [],
      wordsBefore: this.states.words.length,
      flagsBefore: this.states.flags,
      glossary: { meaning: false, remedy: false },
      state: null,
      isResolved: false,
      isEmpty: true,
    });
  }

  key(name: string): void {
    this.#key = name;
  }

  scalar(value: Scalar): void {
    const level = this.#levels.at(-1) as JsonLevel;
    const key = this.#key;
    this.#key = null;
    level.isEmpty = false;
    const sense = key === null ? null : keySense(key);
    const isThingName = key !== null && isUserChosenName(key, level.key);
    // The name of an error is its id.
    const isErrorName = sense === 'name' && !isThingName && level.failure && level.reason === null;
    const userData = key !== null && isUserData(key, level.observed) ? 'data' : null;
    const thingName = isThingName ? 'name' : null;
    const reason = isErrorName ? null : (combineReasons(level.reason, sense) ?? userData ?? thingName);
    if (key !== null) {
      this.#updateState(level, key, value);
      if (/^(?:meaning|description)$/i.test(key)) level.glossary.meaning = true;
      if (/^(?:fix|remedy)$/i.test(key)) level.glossary.remedy = true;
      const isShown = !level.isPrivateData && !isPrivate(key) && level.reason === null;
      if (isShown && (sense === null || sense === 'failure' || sense === 'last' || sense === 'name'))
        this.states.add(level.location, key, value);
    }
    if (key !== null && isDocumented(key)) {
      this.#addKey(key, value, level);
      return;
    }
    if (key === null && typeof value === 'string' && !level.isPrivateData && level.reason === null)
      this.states.addEntry(level.location, value);
    if (value === true && key !== null) this.#checkKey(key, level);
    if (typeof value !== 'string') return;
    const kind = key === 'type' ? TYPE_URI.exec(value)?.[1] : undefined;
    if (isDocumented(value)) this.#addWhole(value, isThingName ? null : key, level, reason);
    else if (kind !== undefined && isDocumented(kind)) this.#addWhole(kind, key, level, reason);
    else if (/^[\w-]+(?:[.:]+[\w-]+)+$/.test(value) && isDocumented(value.split(/[.:]/).at(-1) ?? ''))
      this.occurrences.addUnknown(value, reason);
    else if (/[^A-Za-z0-9_-]/.test(value)) this.#addProse(value, level, reason);
    else this.#checkWord(value, key, level, reason);
  }

  close(): void {
    const level = this.#levels.pop() as JsonLevel;
    this.#key = null;
    if (level.kind === 'object') applyObjectState(level, this.#levels.length === 0);
    // A resolved object says nothing about the current state.
    if (level.isResolved) this.states.words.length = level.wordsBefore;
    if (level.isResolved || (level.state === 'off' && this.#levels.length > 0)) this.states.flags = level.flagsBefore;
    if (level.keyOccurrence !== null) {
      // `"no_active_evaluator": []` is an empty list; prose below an id is about that id.
      if (level.kind === 'array' && level.isEmpty) level.keyOccurrence.reason ??= 'false';
      if (level.glossary.meaning && level.glossary.remedy && this.#levels.at(-1)?.failure !== true)
        level.keyOccurrence.reason ??= 'documentation';
      if (level.isResolved) setReason(level.keyOccurrence, 'resolved');
      else if (isPassingOrOff(level)) level.keyOccurrence.reason ??= 'false';
      for (const occurrence of level.prose) occurrence.reason ??= 'prose';
    }
    const parent = this.#levels.at(-1);
    if (!parent) {
      if (this.#failed && !this.#reportsSuccess(level))
        for (const occurrence of this.occurrences.ids) if (occurrence.reason === 'past-run') occurrence.reason = null;
      return;
    }
    if (level.keyOccurrence !== null) parent.occurrences.push(level.keyOccurrence);
    // Settled occurrences do not change, and there may be very many of them.
    for (const occurrence of level.occurrences) if (isReasonOpen(occurrence)) parent.occurrences.push(occurrence);
    if (parent.kind === 'array' && parent.keyOccurrence !== null)
      for (const occurrence of level.prose) parent.prose.push(occurrence);
  }

  /** Whether the document itself says that its command succeeded. */
  #reportsSuccess({ state }: JsonLevel): boolean {
    const { words } = this.states;
    if (state === 'failing') return false;
    return state === 'passing' || (words.length > 0 && words.every((word) => word.standing === 'good'));
  }

  #updateState(level: JsonLevel, key: string, value: Scalar): void {
    const state = stateOfValue(key, value);
    if (state === 'over') level.isResolved = true;
    if (state !== null && level.state !== 'over') level.state = state;
  }

  /** An id as a key: its value says whether it applies. A number is a count; only 1 can mean yes. */
  #addKey(id: DocumentedId, value: Scalar, level: JsonLevel): void {
    const denied = typeof value === 'string' ? denialReason(value) : isAffirmative(value) ? null : 'false';
    const count = typeof value === 'number' && value !== 1 ? 'count' : null;
    const occurrence = this.occurrences.addId(id, keyReason(level) ?? denied ?? count);
    level.occurrences.push(occurrence);
    if (typeof value === 'string' && denied === null && /\s/.test(value)) {
      for (const other of this.#readProseOnce(value, level.reason ?? 'prose')) level.occurrences.push(other);
    }
  }

  #addWhole(id: DocumentedId, key: string | null, level: JsonLevel, reason: Reason | null): void {
    const occurrence = this.occurrences.addId(id, reason);
    level.occurrences.push(occurrence);
    if (level.kind === 'object' && key !== null) level.whole.push({ occurrence, subject: isSubject(key) });
  }

  #addProse(text: string, level: JsonLevel, reason: Reason | null): void {
    for (const occurrence of this.#readProseOnce(text, reason)) {
      level.occurrences.push(occurrence);
      level.prose.push(occurrence);
    }
  }

  #readProseOnce(text: string, reason: Reason | null): readonly Occurrence[] {
    // Every id has an underscore, so most strings can be skipped.
    if (!text.includes('_') || this.#proseLeft <= 0) return [];
    this.#proseLeft -= 1;
    return this.#readProse(text, reason).map((one) => this.occurrences.addId(one.id, one.reason));
  }

  #checkWord(word: string, key: string | null, level: JsonLevel, reason: Reason | null): void {
    if (level.isPrivateData || (key !== null && isPrivate(key))) return;
    const failing = key !== null && (this.#failed ? keySense(key) === 'failure' : isFailureKey(key));
    const inError = key === null ? level.failure : failing || (level.failure && namesFailure(key));
    if ((inError && isIdShaped(word)) || resemblesId(word)) this.occurrences.addUnknown(word, reason);
  }

  #checkKey(key: string, parent: JsonLevel | undefined): void {
    if (isDocumented(key) || parent?.isPrivateData === true) return;
    // Keys below `errors` may be ids; keys below one `error` are its details.
    const listed = parent?.failure === true && /s$/.test(parent.key ?? '') && isIdShaped(key);
    if (listed || resemblesId(key)) this.occurrences.addUnknown(key, parent?.reason ?? null);
  }
}

/** The reason against an id that is a key of this object. */
function keyReason(level: JsonLevel | undefined): Reason | null {
  return level?.reason ?? (level?.key != null && hasUserChosenKeys(level.key) ? 'name' : null);
}

/** A "last failure" counts as past until the whole document is read. */
function combineReasons(inherited: Reason | null, sense: KeySense): Reason | null {
  if (inherited !== null) return inherited;
  if (sense === 'last') return 'past-run';
  return sense === 'failure' ? null : sense;
}

const NAMES_FAILURE = new Set(['id', 'code', 'type', 'kind', 'key', 'name']);

/** Whether a key of a failure's object holds the failure's id: `id` or `type`, but not `request_id`. */
function namesFailure(key: string): boolean {
  return splitWords(key).every((word) => NAMES_FAILURE.has(word));
}
