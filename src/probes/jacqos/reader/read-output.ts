import { stripVTControlCharacters } from 'node:util';
import { unfoldLines, unquoteLines } from '../../../engine/plain-lines.ts';
import { type DocumentedId, isDocumented, isShowable } from './id-shape.ts';
import { JsonReader } from './json-reader.ts';
import type { Reason } from './keys.ts';
import { type Occurrence, Occurrences } from './occurrences.ts';
import { type ScanBudget, scanJson } from './scan-json.ts';
import type { StateWord, StatusFields } from './states.ts';
import { TextReader } from './text-reader.ts';

/** What a text says about the product: documented ids and showable words only, never the text itself. */
export type Reading = {
  /** Ids that the text reports as wrong now, in its order. */
  readonly present: readonly DocumentedId[];
  /** Ids that the text mentions but does not report as wrong now, with the reason. */
  readonly mentioned: readonly { readonly id: DocumentedId; readonly why: Reason }[];
  /** Words in the position of an error id that no page documents, unchanged. */
  readonly unrecognised: readonly string[];
  /** Number of further such words that look like a secret and are not shown. */
  readonly withheld: number;
  readonly words: readonly StateWord[];
  readonly shown: StatusFields;
  /** JSON documents in it; `broken` if one was cut off or interrupted by other output. */
  readonly documents: { readonly whole: number; readonly broken: number };
  /** Whether there is anything but documents and blanks in it. */
  readonly prose: boolean;
};

/** Most characters that are read. */
const MAX_CHARACTERS = 10 * 1024 * 1024;
/** Maximum depth of documents within strings of documents. */
const MAX_NESTED = 3;
/** Characters before a document that are read as its heading. */
const WINDOW = 300;
/** Most documents that are read, including incomplete ones. The rest is read as text. */
const MAX_DOCUMENTS = 200_000;
const MAX_UNRECOGNISED = 20;
/** The rest of a colour code whose escape character was removed or spelled out. */
const COLOUR_REST = /\\(?:u001b|x1b|e|033)\[[\d;]{0,20}m|\[\d{1,3}(?:;\d{1,3}){0,4}m/gi;
/** No failure has more ids than this: such a text is a list of all ids. */
const LISTING_SIZE = 20;

/**
 * Reads the output of a command: JSON of any shape, text, or both. `failed` says that the command failed: then the last
 * failure that the output names is the current one. Never throws; linear in the length of the text.
 */
export function readOutput(text: string, { failed }: { readonly failed: boolean }): Reading {
  const plain = stripVTControlCharacters(text.slice(0, MAX_CHARACTERS))
    .replace(/\r\n?/g, '\n')
    .replace(COLOUR_REST, '')
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[\0-\x08\x0b-\x1f\x7f]/g, '');
  const unquoted = unquoteLines(plain);
  const reading = readPlain(unquoted, failed);
  const unfolded = unfoldLines(unquoted);
  if (unfolded === null || (reading.documents.broken === 0 && !namesMore(unfolded, unquoted))) return reading;
  const other = readPlain(unfolded, failed);
  return other.documents.broken < reading.documents.broken || namesMore(unfolded, unquoted) ? other : reading;
}

function readPlain(text: string, failed: boolean): Reading {
  const reader = new OutputReader(failed, { remaining: text.length + 1_000_000 });
  reader.read(text);
  return reader.reading();
}

/** Whether a text has an id that the other does not have. */
function namesMore(text: string, other: string): boolean {
  const idsOf = (one: string): readonly string[] => one.match(/[a-z]+(?:_[a-z]+)+/g)?.filter(isDocumented) ?? [];
  const known = new Set(idsOf(other));
  return idsOf(text).some((id) => !known.has(id));
}

/** The state of one reading. */
class OutputReader {
  readonly occurrences = new Occurrences();
  readonly #failed: boolean;
  readonly #budget: ScanBudget;
  #documentsLeft = MAX_DOCUMENTS;
  readonly #documents = { whole: 0, broken: 0 };
  #prose = false;
  #words: StateWord[] = [];
  #shown: StatusFields | null = null;

  constructor(failed: boolean, budget: ScanBudget) {
    this.#failed = failed;
    this.#budget = budget;
  }

  /** Reads a whole text. */
  read(text: string): void {
    this.#sections(text, this.occurrences, null, 0);
  }

  /**
   * Reads the text and the documents in it, in order. Documents inside strings are read in the same way, without their
   * states.
   */
  #sections(text: string, occurrences: Occurrences, base: Reason | null, nested: number): void {
    const reader = new TextReader(occurrences, base, this.#failed);
    let readUntil = 0;
    // A bracket that may start a document. `error[id]` and `list[0]` do not.
    const bracket = /\{(?=\s*["'}A-Za-z_$])|(?<!\w)\[(?=\s*["'\]{[\d\-tfnTFNu])/g;
    for (let match = bracket.exec(text); match !== null; match = bracket.exec(text)) {
      if (this.#budget.remaining <= 0 || this.#documentsLeft <= 0) break;
      this.#documentsLeft -= 1;
      const at = match.index;
      const json = new JsonReader(this.#failed, (prose, reason) => this.#readString(prose, reason, nested));
      const scan = scanJson(text, at, json, this.#budget);
      if (scan === null) continue;
      const preceding = text.slice(Math.max(readUntil, at - WINDOW), at);
      const before = preceding.slice(preceding.lastIndexOf('\n') + 1);
      readLines(reader, text, readUntil, at - before.length);
      reader.tail(before);
      this.#merge(json, occurrences, reader.reasonFor(before), nested);
      if (nested === 0) this.#documents[scan.state] += 1;
      readUntil = scan.end;
      bracket.lastIndex = readUntil;
    }
    readLines(reader, text, readUntil, text.length);
    if (nested === 0) this.#prose ||= reader.sawProse;
  }

  #merge(json: JsonReader, occurrences: Occurrences, outer: Reason | null, nested: number): void {
    for (const { id, reason } of json.occurrences.ids) occurrences.addId(id, outer ?? reason);
    for (const { word, reason } of json.occurrences.unknownWords) occurrences.addUnknown(word, outer ?? reason);
    if (nested > 0 || outer !== null) return;
    const { states } = json;
    this.#words.push(...states.words);
    this.#shown = mergeFields(this.#shown, states.shown);
    if (states.flags.readOnly) occurrences.addId('read_only_deployment', null);
    if (states.flags.degraded) occurrences.addId('degraded_deployment', null);
    if (states.flags.fixtureIdentity) occurrences.addId('local_auth_fixture_enabled', null);
  }

  #readString(text: string, reason: Reason | null, nested: number): readonly Occurrence[] {
    if (nested >= MAX_NESTED) return [];
    const occurrences = new Occurrences();
    this.#sections(text, occurrences, reason, nested + 1);
    for (const { word, reason: wordReason } of occurrences.unknownWords) this.occurrences.addUnknown(word, wordReason);
    return occurrences.ids;
  }

  reading(): Reading {
    const present = [...new Set(this.occurrences.ids.filter(({ reason }) => reason === null).map(({ id }) => id))];
    const isListing = present.length > LISTING_SIZE;
    const mentioned = new Map<DocumentedId, Reason>();
    for (const { id, reason } of this.occurrences.ids) {
      const why = isListing ? 'documentation' : reason;
      if (why !== null && (isListing || !present.includes(id)) && !mentioned.has(id)) mentioned.set(id, why);
    }
    const unknownWords = [
      ...new Set(this.occurrences.unknownWords.filter(({ reason }) => reason === null).map(({ word }) => word)),
    ];
    const showable = unknownWords.filter(isShowable);
    return {
      present: isListing ? [] : present,
      mentioned: [...mentioned].map(([id, why]) => ({ id, why })),
      unrecognised: showable.slice(0, MAX_UNRECOGNISED),
      withheld: unknownWords.length - showable.length,
      words: this.#words,
      shown: this.#shown ?? NOTHING_SHOWN,
      documents: this.#documents,
      prose: this.#prose,
    };
  }
}

const NOTHING_SHOWN: StatusFields = {
  evaluatorDigest: null,
  packageDigest: null,
  lastActivity: null,
  appId: null,
  environmentId: null,
};

/** Takes each field from the first that has it. */
function mergeFields(first: StatusFields | null, second: StatusFields): StatusFields {
  if (first === null) return second;
  return Object.fromEntries(
    Object.entries(second).map(([name, value]) => [name, first[name as keyof StatusFields] ?? value]),
  ) as StatusFields;
}

/**
 * Passes the lines from `from` to `to` to the reader. The empty rest of a line after a document is not a blank line.
 */
function readLines(reader: TextReader, text: string, from: number, to: number): void {
  let start = from;
  while (start < to) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 || newline > to ? to : newline;
    const line = text.slice(start, end);
    if (start > from || from === 0 || line.trim() !== '') reader.line(line);
    start = end + 1;
  }
}
