import { flagIn, isHelp, isMarkedOver, isReport, isTicked, reasonBefore, reasonBehind } from './cues.ts';
import { formOf } from './form.ts';
import { Headings } from './headings.ts';
import { type Reason, senseOf } from './keys.ts';
import { isDocumented, isIdShaped, isNearly } from './shape.ts';
import type { Sighting, Sightings } from './sightings.ts';
import { tellingWords, type Word } from './words.ts';

/** Words looked at for a slip of the pen, at most. */
const MOST_WORDS = 2_000;
/** Characters on either side of an id that are looked at. */
const WINDOW = 300;
/** A sentence that ends, and one that begins as a report of another failure. */
const REPORTED_NEXT = /[.;!?]\s+(?:error|fatal|failed|failure)\b\W*$/i;
const LIST = /^["'`*\])]*\s*(?:[,;|/&+]|\band\b|\bor\b|\s)*\s*["'`*[(]*$/i;

/** Reads lines of text that are no JSON. Headings and blocks reach over lines; everything else is told from one line. */
export class TextReader {
  readonly sightings: Sightings;
  readonly #base: Reason | null;
  readonly #headings: Headings;
  readonly #judged = new Map<string, boolean>();
  #block: { indent: number; seen: Sighting[]; over: boolean } | null = null;
  #owner: number | null = null;
  /** By id, what was seen of it and is not over yet. */
  readonly #open = new Map<string, readonly Sighting[]>();
  /** Whether any line held more than blanks and the commas between documents. */
  sawProse = false;

  constructor(sightings: Sightings, base: Reason | null, failed: boolean) {
    this.sightings = sightings;
    this.#base = base;
    this.#headings = new Headings(failed);
  }

  /** What the text so far says of a document that begins behind `before` on the same line. */
  reasonFor(before: string): Reason | null {
    const above = this.#base ?? this.#headings.reason;
    if (above !== null || isReport(before)) return above;
    const clause = /([^.;{}()[\]]*?)[\s:=]*$/.exec(before.slice(-200))?.[1] ?? '';
    return this.#headings.reasonOf(clause === '' ? this.#headings.last : clause);
  }

  line(line: string): void {
    if (line.trim() === '') {
      this.#headings.blank();
      this.#block = null;
      this.#owner = null;
      return;
    }
    if (/[^\s,;]/.test(line)) this.sawProse = true;
    const indent = line.search(/\S/);
    const item = /^\s*[-*•]\s/.test(line);
    this.#headings.leave(line, indent, item);
    const block = this.#block;
    if (block !== null && (indent < block.indent || (item && indent <= block.indent))) this.#block = null;
    if (this.#owner !== null && indent <= this.#owner) this.#owner = null;
    const words = tellingWords(line);
    const holdsId = words.some(({ word }) => isDocumented(word));
    if (!this.#headings.take(line, indent, holdsId)) this.#read(line, indent, words);
  }

  /** What stands on a line before a document: it is read, and is no heading of what comes after the document. */
  tail(line: string): void {
    if (line.trim() === '') return;
    this.sawProse = true;
    this.#read(line, line.search(/\S/), tellingWords(line));
  }

  #read(line: string, indent: number, words: readonly Word[]): void {
    if (this.#block === null) this.#block = { indent, seen: [], over: false };
    const block = this.#block;
    const flag = flagIn(line);
    const above = this.#base ?? this.#headings.reason ?? (isHelp(line) ? 'documentation' : null);
    let previous: { end: number; reason: Reason | null } | null = null;
    for (const word of words) {
      if (!isDocumented(word.word)) this.#meet(word, line, above);
      else if (word.joined !== 'word') {
        const over = flag === 'over' || block.over ? 'resolved' : null;
        const reason: Reason | null = above ?? over ?? this.#reasonOf(word, line, previous, indent);
        const sighting = this.sightings.see(word.word, reason);
        if (sighting !== null) {
          block.seen.push(sighting);
          this.#follow(sighting);
        }
        if (reason === null) this.#owner ??= indent;
        previous = { end: word.end, reason };
      }
    }
    // `resolved: true` on a line of its own speaks for the id beside it: above it, or else below.
    if (previous !== null) block.over = false;
    else if (flag === 'over') {
      block.over = block.seen.length === 0;
      for (const sighting of block.seen) sighting.reason ??= 'resolved';
      block.seen = [];
    }
  }

  /** A log that says of an id that it is over says so of all its lines before. */
  #follow(sighting: Sighting): void {
    const { id, reason } = sighting;
    if (reason === 'resolved') {
      for (const earlier of this.#open.get(id) ?? []) earlier.reason ??= reason;
      this.#open.delete(id);
    } else if (reason === null) this.#open.set(id, [...(this.#open.get(id) ?? []).slice(-50), sighting]);
  }

  #reasonOf(
    word: Word,
    line: string,
    previous: { end: number; reason: Reason | null } | null,
    indent: number,
  ): Reason | null {
    if (word.joined === 'path') return 'name';
    // An id far in has no beginning of a line before it.
    const before = `${word.start > WINDOW ? 'x ' : ''}${line.slice(Math.max(0, word.start - WINDOW), word.start)}`;
    const behind = line.slice(word.end, word.end + WINDOW);
    const over = isMarkedOver(before) ? 'resolved' : isTicked(before) ? 'false' : reasonBehind(behind, isReport(line));
    if (over !== null) return over;
    const { form, clause } = formOf(before, behind);
    if (previous !== null) {
      const between = line.slice(Math.max(previous.end, word.start - WINDOW), word.start);
      if (LIST.test(between)) return previous.reason;
      // A chain of causes is a chain of failures; else what follows an id on its line is about it, to the next report.
      if (REPORTED_NEXT.test(between)) return reasonBefore(clause, 'explaining');
      if (form !== 'code' || !/\b(?:causes?|caused|because|then|also|now)\b/i.test(between))
        return previous.reason ?? 'prose';
    }
    if (form === 'code') return this.#reasonOfClause(clause, line);
    const reason = reasonBefore(before, form === 'bracket' ? 'explaining' : 'all');
    if (reason !== null) return reason;
    return this.#owner !== null && indent > this.#owner ? 'prose' : null;
  }

  /** What the words before the sign that leads to a code say: `Previous failure: id`, `app = id`. */
  #reasonOfClause(clause: string, line: string): Reason | null {
    if (reasonBefore(clause, 'explaining') === 'name') return 'name';
    const sense = senseOf(clause.trim().split(/\s+/).at(-1) ?? '');
    if (isReport(line)) return sense === 'name' ? 'name' : null;
    return this.#headings.reasonOf(clause);
  }

  /** A word that is no id but stands where one would, or is nearly one. */
  #meet({ word, start, end, joined }: Word, line: string, above: Reason | null): void {
    if (joined === 'path' || word.length < 6) return;
    const before = line.slice(Math.max(0, start - 40), start);
    const behind = line.slice(end, end + 4);
    const placed =
      isIdShaped(word) &&
      joined === null &&
      /\berror[[(:]\s*["'`]?$|\b(?:code|error_id|failure_id)["']?\s*[:=]\s*["'`]?$/i.test(before) &&
      /^["'`]?\s*(?:$|[\]):,;}])/.test(behind);
    if (!placed && !this.#isNearly(word)) return;
    this.sightings.meet(word, above);
  }

  #isNearly(word: string): boolean {
    const known = this.#judged.get(word);
    if (known !== undefined) return known;
    if (this.#judged.size >= MOST_WORDS) return false;
    const nearly = isNearly(word);
    this.#judged.set(word, nearly);
    return nearly;
  }
}
