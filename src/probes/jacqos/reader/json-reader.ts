import { type Frame, settle, settleAs } from './frame.ts';
import { type DocumentedId, isDocumented, isIdShaped, isNearly } from './id-shape.ts';
import {
  denialReason,
  isAffirmative,
  isFailureKey,
  isObserved,
  isPrivate,
  isSubject,
  isThingId,
  isUserData,
  type KeySense,
  keySense,
  type Reason,
  splitWords,
  stateOfValue,
} from './keys.ts';
import type { JsonSink } from './scan-json.ts';
import { type Sighting, Sightings } from './sightings.ts';
import { childLocation, ROOT_LOCATION, States } from './states.ts';

type Scalar = string | number | boolean | null;

/** Reads a string of more than one word; `reason` is the reason against all ids in it. */
export type ReadProse = (text: string, reason: Reason | null) => readonly Sighting[];

/** A problem type of RFC 9457: an address whose last part names the problem. */
const TYPE_URI = /^(?:https?:\/\/|urn:)\S*[/#:](\w+)$/;

/** Prose strings that are read in one document, at most. */
const MAX_PROSE = 20_000;

/** Collects the ids of one document, each with the reason against it that its keys and neighbours give. */
export class JsonReader implements JsonSink {
  readonly sightings = new Sightings();
  readonly states = new States();
  readonly #failed: boolean;
  readonly #readProse: ReadProse;
  readonly #frames: Frame[] = [];
  #key: string | null = null;
  #proseLeft = MAX_PROSE;

  /** `failed`: the document is output of a failed command. */
  constructor(failed: boolean, readProse: ReadProse) {
    this.#failed = failed;
    this.#readProse = readProse;
  }

  open(kind: 'object' | 'array'): void {
    const parent = this.#frames.at(-1);
    const key = this.#key ?? parent?.key ?? null;
    const sense = this.#key === null ? null : keySense(this.#key);
    const inherited = combineReasons(parent?.reason ?? null, sense);
    // A name is a string; an object below a key such as `app` describes the app.
    const userData = this.#key !== null && isUserData(this.#key, parent?.observed ?? false) ? 'data' : null;
    const reason = inherited === 'name' && kind === 'object' ? userData : (inherited ?? userData);
    const keySighting =
      this.#key !== null && isDocumented(this.#key) ? this.#addId(this.#key, parent?.reason ?? null) : null;
    if (parent) parent.isEmpty = false;
    if (this.#key !== null) this.#checkKey(this.#key, parent);
    const isPrivateData = (parent?.isPrivateData ?? false) || (this.#key !== null && isPrivate(this.#key));
    const observed = (parent?.observed ?? false) || (this.#key !== null && isObserved(this.#key));
    const location = childLocation(parent?.location ?? ROOT_LOCATION, this.#key);
    this.#key = null;
    const failure = sense === 'failure' || (sense === null && (parent?.failure ?? false));
    this.#frames.push({
      kind,
      key,
      reason,
      failure,
      isPrivateData,
      observed,
      location,
      keySighting,
      sightings: [],
      whole: [],
      prose: [],
      wordsBefore: this.states.words.length,
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
    const frame = this.#frames.at(-1) as Frame;
    const key = this.#key;
    this.#key = null;
    frame.isEmpty = false;
    const sense = key === null ? null : keySense(key);
    // The name of an error is its id.
    const isErrorName = sense === 'name' && frame.failure && frame.reason === null;
    const userData = key !== null && isUserData(key, frame.observed) ? 'data' : null;
    const thingName = key !== null && isThingId(key, frame.key) ? 'name' : null;
    const reason = isErrorName ? null : (combineReasons(frame.reason, sense) ?? userData ?? thingName);
    if (key !== null) {
      this.#updateState(frame, key, value);
      if (/^(?:meaning|description)$/i.test(key)) frame.glossary.meaning = true;
      if (/^(?:fix|remedy)$/i.test(key)) frame.glossary.remedy = true;
      const isShown = !frame.isPrivateData && !isPrivate(key) && frame.reason === null;
      if (isShown && (sense === null || sense === 'failure' || sense === 'last'))
        this.states.add(frame.location, key, value);
    }
    if (key !== null && isDocumented(key)) {
      this.#addKey(key, value, frame);
      return;
    }
    if (value === true && key !== null) this.#checkKey(key, frame);
    if (typeof value !== 'string') return;
    const kind = key === 'type' ? TYPE_URI.exec(value)?.[1] : undefined;
    if (isDocumented(value)) this.#addWhole(value, key, frame, reason);
    else if (kind !== undefined && isDocumented(kind)) this.#addWhole(kind, key, frame, reason);
    else if (/^[\w-]+(?:[.:]+[\w-]+)+$/.test(value) && isDocumented(value.split(/[.:]/).at(-1) ?? ''))
      this.sightings.addUnknown(value, reason);
    else if (/[^A-Za-z0-9_-]/.test(value)) this.#addProse(value, frame, reason);
    else this.#checkWord(value, key, frame, reason);
  }

  close(): void {
    const frame = this.#frames.pop() as Frame;
    this.#key = null;
    if (frame.kind === 'object') settle(frame, this.#frames.length === 0);
    // A resolved object says nothing about the current state.
    if (frame.isResolved) this.states.words.length = frame.wordsBefore;
    if (frame.keySighting !== null) {
      // `"no_active_evaluator": []` is an empty list; prose below an id is about that id.
      if (frame.kind === 'array' && frame.isEmpty) frame.keySighting.reason ??= 'false';
      if (frame.glossary.meaning && frame.glossary.remedy && this.#frames.at(-1)?.failure !== true)
        frame.keySighting.reason ??= 'documentation';
      if (frame.isResolved) settleAs(frame.keySighting, 'resolved');
      else if (frame.state === 'passing') frame.keySighting.reason ??= 'false';
      for (const sighting of frame.prose) sighting.reason ??= 'prose';
    }
    const parent = this.#frames.at(-1);
    if (!parent) {
      if (this.#failed && !this.#reportsSuccess(frame))
        for (const sighting of this.sightings.ids) if (sighting.reason === 'past-run') sighting.reason = null;
      return;
    }
    if (frame.keySighting !== null) parent.sightings.push(frame.keySighting);
    parent.sightings.push(...frame.sightings);
    if (parent.kind === 'array' && parent.keySighting !== null) parent.prose.push(...frame.prose);
  }

  /** Whether the document itself says that its command succeeded. */
  #reportsSuccess({ state }: Frame): boolean {
    const { words } = this.states;
    if (state === 'failing') return false;
    return state === 'passing' || (words.length > 0 && words.every((word) => word.standing === 'good'));
  }

  #addId(id: DocumentedId, reason: Reason | null): Sighting | null {
    return this.sightings.addId(id, reason);
  }

  #updateState(frame: Frame, key: string, value: Scalar): void {
    const state = stateOfValue(key, value);
    if (state === 'over') frame.isResolved = true;
    if (state !== null && frame.state !== 'over') frame.state = state;
  }

  /** An id as a key: its value says whether it applies. A number is a count; only 1 can mean yes. */
  #addKey(id: DocumentedId, value: Scalar, frame: Frame): void {
    const denied = typeof value === 'string' ? denialReason(value) : isAffirmative(value) ? null : 'false';
    const count = typeof value === 'number' && value !== 1 ? 'count' : null;
    const sighting = this.#addId(id, frame.reason ?? denied ?? count);
    if (sighting === null) return;
    frame.sightings.push(sighting);
    if (typeof value === 'string' && denied === null && /\s/.test(value)) {
      for (const other of this.#readProseOnce(value, frame.reason ?? 'prose')) frame.sightings.push(other);
    }
  }

  #addWhole(id: DocumentedId, key: string | null, frame: Frame, reason: Reason | null): void {
    const sighting = this.#addId(id, reason);
    if (sighting === null) return;
    frame.sightings.push(sighting);
    if (frame.kind === 'object') frame.whole.push({ sighting, subject: key !== null && isSubject(key) });
  }

  #addProse(text: string, frame: Frame, reason: Reason | null): void {
    for (const sighting of this.#readProseOnce(text, reason)) {
      frame.sightings.push(sighting);
      frame.prose.push(sighting);
    }
  }

  #readProseOnce(text: string, reason: Reason | null): readonly Sighting[] {
    // Every id has an underscore, so most strings can be skipped.
    if (!text.includes('_') || this.#proseLeft <= 0) return [];
    this.#proseLeft -= 1;
    return this.#readProse(text, reason).flatMap((one) => this.sightings.addId(one.id, one.reason) ?? []);
  }

  #checkWord(word: string, key: string | null, frame: Frame, reason: Reason | null): void {
    if (frame.isPrivateData || (key !== null && isPrivate(key))) return;
    const failing = key !== null && (this.#failed ? keySense(key) === 'failure' : isFailureKey(key));
    const inError = key === null ? frame.failure : failing || (frame.failure && namesFailure(key));
    if ((inError && isIdShaped(word)) || isNearly(word)) this.sightings.addUnknown(word, reason);
  }

  #checkKey(key: string, parent: Frame | undefined): void {
    if (isDocumented(key) || parent?.isPrivateData === true) return;
    // Keys below `errors` may be ids; keys below one `error` are its details.
    const listed = parent?.failure === true && /s$/.test(parent.key ?? '') && isIdShaped(key);
    if (listed || isNearly(key)) this.sightings.addUnknown(key, parent?.reason ?? null);
  }
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
