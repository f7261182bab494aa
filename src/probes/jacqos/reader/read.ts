import { stripVTControlCharacters } from 'node:util';
import { JsonReader } from './in-json.ts';
import { TextReader } from './in-text.ts';
import { type Patience, scanJson } from './json-scan.ts';
import type { Reason } from './keys.ts';
import { type DocumentedId, isShowable } from './shape.ts';
import { type Sighting, Sightings } from './sightings.ts';
import type { Shown, StateWord } from './states.ts';

/** What a text says of the product. Only ids of the published pages and words fit to show are in it, never the text. */
export type Reading = {
  /** What is wrong now by the text's own account, in the order in which it says so. */
  readonly present: readonly DocumentedId[];
  /** Ids that stand in it and are not said to be wrong now, with why. */
  readonly mentioned: readonly { readonly id: DocumentedId; readonly why: Reason }[];
  /** Words in an error's place that no page knows, as they stand. */
  readonly unrecognised: readonly string[];
  /** How many more of these look like something secret and are not shown. */
  readonly withheld: number;
  readonly words: readonly StateWord[];
  readonly shown: Shown;
  /** JSON documents in it; `broken` where one was cut off or had something printed into it. */
  readonly documents: { readonly whole: number; readonly broken: number };
  /** Whether there is anything but documents and blanks in it. */
  readonly prose: boolean;
};

/** Characters read, at most. */
const MOST = 10 * 1024 * 1024;
/** Documents within strings of documents, at most so deep. */
const MAX_NESTED = 3;
/** Characters before a document that say what it is. */
const WINDOW = 300;
/** Documents followed, begun ones included; what comes after so many is read as text. */
const MOST_DOCUMENTS = 200_000;
const MOST_UNRECOGNISED = 20;
/** What is left of colours where something else took their first character away, or wrote it out. */
const COLOUR_LEFT = /\\(?:u001b|x1b|e|033)\[[\d;]{0,20}m|\[\d{1,3}(?:;\d{1,3}){0,4}m/gi;
/** No failure is so many failures at once: this is a list of what there is. */
const A_LISTING = 20;

/**
 * Reads the output of a command: JSON of any shape, text, or both. `failed` where it comes from a command that ended badly:
 * the last failure it names is then the one that stands. Never throws; linear in the length of the text.
 */
export function readOutput(text: string, { failed }: { readonly failed: boolean }): Reading {
  const plain = stripVTControlCharacters(text.slice(0, MOST))
    .replace(/\r\n?/g, '\n')
    .replace(COLOUR_LEFT, '')
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[\0-\x08\x0b-\x1f\x7f]/g, '');
  const found = new Found(failed, { left: plain.length + 1_000_000 });
  found.read(plain);
  return found.reading();
}

/** One reading while it is made. */
class Found {
  readonly sightings = new Sightings();
  readonly #failed: boolean;
  readonly #patience: Patience;
  #documentsLeft = MOST_DOCUMENTS;
  readonly #documents = { whole: 0, broken: 0 };
  #prose = false;
  #words: StateWord[] = [];
  #shown: Shown | null = null;

  constructor(failed: boolean, patience: Patience) {
    this.#failed = failed;
    this.#patience = patience;
  }

  /** Reads a whole text. */
  read(text: string): void {
    this.#sections(text, this.sightings, null, 0);
  }

  /** Text and the documents in it, one after the other; documents in strings are read the same way, without their states. */
  #sections(text: string, into: Sightings, base: Reason | null, nested: number): void {
    const reader = new TextReader(into, base, this.#failed);
    let done = 0;
    // A bracket that a document may begin with. `error[id]` and `list[0]` are none.
    const bracket = /\{(?=\s*["'}A-Za-z_$])|(?<!\w)\[(?=\s*["'\]{[\d\-tfnTFNu])/g;
    for (let match = bracket.exec(text); match !== null; match = bracket.exec(text)) {
      if (this.#patience.left <= 0 || this.#documentsLeft <= 0) break;
      this.#documentsLeft -= 1;
      const at = match.index;
      const json = new JsonReader(this.#failed, (prose, reason) => this.#inString(prose, reason, nested));
      const scanned = scanJson(text, at, json, this.#patience);
      if (scanned === null) continue;
      const near = text.slice(Math.max(done, at - WINDOW), at);
      const before = near.slice(near.lastIndexOf('\n') + 1);
      readLines(reader, text, done, at - before.length);
      reader.tail(before);
      this.#take(json, into, reader.reasonFor(before), nested);
      if (nested === 0) this.#documents[scanned.state] += 1;
      done = scanned.end;
      bracket.lastIndex = done;
    }
    readLines(reader, text, done, text.length);
    if (nested === 0) this.#prose ||= reader.sawProse;
  }

  #take(json: JsonReader, into: Sightings, outer: Reason | null, nested: number): void {
    for (const { id, reason } of json.sightings.ids) into.see(id, outer ?? reason);
    for (const { word, reason } of json.sightings.strangers) into.meet(word, outer ?? reason);
    if (nested > 0 || outer !== null) return;
    const { states } = json;
    this.#words.push(...states.words);
    this.#shown = merged(this.#shown, states.shown);
    if (states.flags.readOnly) into.see('read_only_deployment', null);
    if (states.flags.degraded) into.see('degraded_deployment', null);
    if (states.flags.fixtureIdentity) into.see('local_auth_fixture_enabled', null);
  }

  #inString(text: string, reason: Reason | null, nested: number): readonly Sighting[] {
    if (nested >= MAX_NESTED) return [];
    const into = new Sightings();
    this.#sections(text, into, reason, nested + 1);
    for (const { word, reason: against } of into.strangers) this.sightings.meet(word, against);
    return into.ids;
  }

  reading(): Reading {
    const present = [...new Set(this.sightings.ids.filter(({ reason }) => reason === null).map(({ id }) => id))];
    const listing = present.length > A_LISTING;
    const mentioned = new Map<DocumentedId, Reason>();
    for (const { id, reason } of this.sightings.ids) {
      const why = listing ? 'documentation' : reason;
      if (why !== null && (listing || !present.includes(id)) && !mentioned.has(id)) mentioned.set(id, why);
    }
    const strangers = [
      ...new Set(this.sightings.strangers.filter(({ reason }) => reason === null).map(({ word }) => word)),
    ];
    const showable = strangers.filter(isShowable);
    return {
      present: listing ? [] : present,
      mentioned: [...mentioned].map(([id, why]) => ({ id, why })),
      unrecognised: showable.slice(0, MOST_UNRECOGNISED),
      withheld: strangers.length - showable.length,
      words: this.#words,
      shown: this.#shown ?? NOTHING_SHOWN,
      documents: this.#documents,
      prose: this.#prose,
    };
  }
}

const NOTHING_SHOWN: Shown = {
  evaluatorDigest: null,
  packageDigest: null,
  lastActivity: null,
  appId: null,
  environmentId: null,
};

/** The first that is known of each. */
function merged(one: Shown | null, other: Shown): Shown {
  if (one === null) return other;
  return Object.fromEntries(
    Object.entries(other).map(([name, value]) => [name, one[name as keyof Shown] ?? value]),
  ) as Shown;
}

/** Hands over the lines from `from` to `to`. What is left of a line behind a document is no blank line. */
function readLines(reader: TextReader, text: string, from: number, to: number): void {
  let start = from;
  while (start < to) {
    const found = text.indexOf('\n', start);
    const end = found === -1 || found > to ? to : found;
    const line = text.slice(start, end);
    if (start > from || from === 0 || line.trim() !== '') reader.line(line);
    start = end + 1;
  }
}
