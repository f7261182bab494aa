import { type Frame, settle, settleAs } from './frame.ts';
import type { JsonSink } from './json-scan.ts';
import {
  accuses,
  denies,
  isCarried,
  isIdOf,
  isObserved,
  isPrivate,
  isSubject,
  type KeySense,
  type Reason,
  says,
  senseOf,
  stateOfValue,
  wordsOf,
} from './keys.ts';
import { type DocumentedId, isDocumented, isIdShaped, isNearly } from './shape.ts';
import { type Sighting, Sightings } from './sightings.ts';
import { below, NOWHERE, States } from './states.ts';

type Scalar = string | number | boolean | null;

/** Reads a string that is more than one word; `owned` where it is the prose of an id. */
export type ReadProse = (text: string, reason: Reason | null) => readonly Sighting[];

/** The kind of a problem as RFC 9457 writes it: an address whose last part names it. */
const TYPE_URI = /^(?:https?:\/\/|urn:)\S*[/#:](\w+)$/;

/** How many prose strings of one document are read, at most. */
const MOST_PROSE = 20_000;

/** Follows one document and sees its ids, each with the reason against it that its keys and neighbours give. */
export class JsonReader implements JsonSink {
  readonly sightings = new Sightings();
  readonly states = new States();
  readonly #failed: boolean;
  readonly #readProse: ReadProse;
  readonly #frames: Frame[] = [];
  #key: string | null = null;
  #proseLeft = MOST_PROSE;

  /** `failed`: the document comes from a command that failed. */
  constructor(failed: boolean, readProse: ReadProse) {
    this.#failed = failed;
    this.#readProse = readProse;
  }

  open(kind: 'object' | 'array'): void {
    const parent = this.#frames.at(-1);
    const key = this.#key ?? parent?.key ?? null;
    const sense = this.#key === null ? null : senseOf(this.#key);
    const said = reasonOf(parent?.reason ?? null, sense);
    // A name is a word; what stands below a key like `app` is about the app.
    const carried = this.#key !== null && isCarried(this.#key, parent?.observed ?? false) ? 'data' : null;
    const reason = said === 'name' && kind === 'object' ? carried : (said ?? carried);
    const keyed = this.#key !== null && isDocumented(this.#key) ? this.#see(this.#key, parent?.reason ?? null) : null;
    if (parent) parent.empty = false;
    if (this.#key !== null) this.#meetKey(this.#key, parent);
    const own = (parent?.own ?? false) || (this.#key !== null && isPrivate(this.#key));
    const observed = (parent?.observed ?? false) || (this.#key !== null && isObserved(this.#key));
    const place = below(parent?.place ?? NOWHERE, this.#key);
    this.#key = null;
    const failure = sense === 'failure' || (sense === null && (parent?.failure ?? false));
    this.#frames.push({
      kind,
      key,
      reason,
      failure,
      own,
      observed,
      place,
      keyed,
      seen: [],
      whole: [],
      prose: [],
      wordsBefore: this.states.words.length,
      glossary: { meaning: false, remedy: false },
      standing: null,
      over: false,
      empty: true,
    });
  }

  key(name: string): void {
    this.#key = name;
  }

  scalar(value: Scalar): void {
    const frame = this.#frames.at(-1) as Frame;
    const key = this.#key;
    this.#key = null;
    frame.empty = false;
    const sense = key === null ? null : senseOf(key);
    // The name of an error is the error.
    const named = sense === 'name' && frame.failure && frame.reason === null;
    const carried = key !== null && isCarried(key, frame.observed) ? 'data' : null;
    const ofThing = key !== null && isIdOf(key, frame.key) ? 'name' : null;
    const reason = named ? null : (reasonOf(frame.reason, sense) ?? carried ?? ofThing);
    if (key !== null) {
      this.#standing(frame, key, value);
      if (/^(?:meaning|description)$/i.test(key)) frame.glossary.meaning = true;
      if (/^(?:fix|remedy)$/i.test(key)) frame.glossary.remedy = true;
      const shown = !frame.own && !isPrivate(key) && frame.reason === null;
      if (shown && (sense === null || sense === 'failure' || sense === 'last'))
        this.states.take(frame.place, key, value);
    }
    if (key !== null && isDocumented(key)) {
      this.#seeKey(key, value, frame);
      return;
    }
    if (value === true && key !== null) this.#meetKey(key, frame);
    if (typeof value !== 'string') return;
    const kind = key === 'type' ? TYPE_URI.exec(value)?.[1] : undefined;
    if (isDocumented(value)) this.#seeWhole(value, key, frame, reason);
    else if (kind !== undefined && isDocumented(kind)) this.#seeWhole(kind, key, frame, reason);
    else if (/^[\w-]+(?:[.:]+[\w-]+)+$/.test(value) && isDocumented(value.split(/[.:]/).at(-1) ?? ''))
      this.sightings.meet(value, reason);
    else if (/[^A-Za-z0-9_-]/.test(value)) this.#seeProse(value, frame, reason);
    else this.#meetWord(value, key, frame, reason);
  }

  close(): void {
    const frame = this.#frames.pop() as Frame;
    this.#key = null;
    if (frame.kind === 'object') settle(frame, this.#frames.length === 0);
    // What is over says nothing of how things stand.
    if (frame.over) this.states.words.length = frame.wordsBefore;
    if (frame.keyed !== null) {
      // `"no_active_evaluator": []` lists none; what is written below an id is about it.
      if (frame.kind === 'array' && frame.empty) frame.keyed.reason ??= 'false';
      if (frame.glossary.meaning && frame.glossary.remedy && this.#frames.at(-1)?.failure !== true)
        frame.keyed.reason ??= 'documentation';
      if (frame.over) settleAs(frame.keyed, 'resolved');
      else if (frame.standing === 'passing') frame.keyed.reason ??= 'false';
      for (const sighting of frame.prose) sighting.reason ??= 'prose';
    }
    const parent = this.#frames.at(-1);
    if (!parent) {
      if (this.#failed && !this.#saysWell(frame))
        for (const sighting of this.sightings.ids) if (sighting.reason === 'past-run') sighting.reason = null;
      return;
    }
    if (frame.keyed !== null) parent.seen.push(frame.keyed);
    parent.seen.push(...frame.seen);
    if (parent.kind === 'array' && parent.keyed !== null) parent.prose.push(...frame.prose);
  }

  /** Whether a document says by itself that its command did not fail, whoever pasted it. */
  #saysWell({ standing }: Frame): boolean {
    const { words } = this.states;
    if (standing === 'failing') return false;
    return standing === 'passing' || (words.length > 0 && words.every((word) => word.standing === 'good'));
  }

  #see(id: DocumentedId, reason: Reason | null): Sighting | null {
    return this.sightings.see(id, reason);
  }

  #standing(frame: Frame, key: string, value: Scalar): void {
    const standing = stateOfValue(key, value);
    if (standing === 'over') frame.over = true;
    if (standing !== null && frame.standing !== 'over') frame.standing = standing;
  }

  /** An id as a key: its value says whether it is so. A number counts how often, and only 1 can be a yes. */
  #seeKey(id: DocumentedId, value: Scalar, frame: Frame): void {
    const said = typeof value === 'string' ? denies(value) : says(value) ? null : 'false';
    const counted = typeof value === 'number' && value !== 1 ? 'count' : null;
    const sighting = this.#see(id, frame.reason ?? said ?? counted);
    if (sighting === null) return;
    frame.seen.push(sighting);
    if (typeof value === 'string' && said === null && /\s/.test(value)) {
      for (const other of this.#proseOf(value, frame.reason ?? 'prose')) frame.seen.push(other);
    }
  }

  #seeWhole(id: DocumentedId, key: string | null, frame: Frame, reason: Reason | null): void {
    const sighting = this.#see(id, reason);
    if (sighting === null) return;
    frame.seen.push(sighting);
    if (frame.kind === 'object') frame.whole.push({ sighting, subject: key !== null && isSubject(key) });
  }

  #seeProse(text: string, frame: Frame, reason: Reason | null): void {
    for (const sighting of this.#proseOf(text, reason)) {
      frame.seen.push(sighting);
      frame.prose.push(sighting);
    }
  }

  #proseOf(text: string, reason: Reason | null): readonly Sighting[] {
    // Every id has an underscore, so most strings need no reading.
    if (!text.includes('_') || this.#proseLeft <= 0) return [];
    this.#proseLeft -= 1;
    return this.#readProse(text, reason).flatMap((one) => this.sightings.see(one.id, one.reason) ?? []);
  }

  #meetWord(word: string, key: string | null, frame: Frame, reason: Reason | null): void {
    if (frame.own || (key !== null && isPrivate(key))) return;
    const failing = key !== null && (this.#failed ? senseOf(key) === 'failure' : accuses(key));
    const inError = key === null ? frame.failure : failing || (frame.failure && namesFailure(key));
    if ((inError && isIdShaped(word)) || isNearly(word)) this.sightings.meet(word, reason);
  }

  #meetKey(key: string, parent: Frame | undefined): void {
    if (isDocumented(key) || parent?.own === true) return;
    // The keys of `errors` may be ids; those of one `error` are its details.
    const listed = parent?.failure === true && /s$/.test(parent.key ?? '') && isIdShaped(key);
    if (listed || isNearly(key)) this.sightings.meet(key, parent?.reason ?? null);
  }
}

/** The last failure stays one of the past until the whole document is known. */
function reasonOf(inherited: Reason | null, sense: KeySense): Reason | null {
  if (inherited !== null) return inherited;
  if (sense === 'last') return 'past-run';
  return sense === 'failure' ? null : sense;
}

const NAMES_FAILURE = new Set(['id', 'code', 'type', 'kind', 'key', 'name']);

/** Whether a key of a failure's own object holds its id: `id`, `type`, and not `request_id`. */
function namesFailure(key: string): boolean {
  return wordsOf(key).every((word) => NAMES_FAILURE.has(word));
}
