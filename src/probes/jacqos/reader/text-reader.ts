import { candidateWords, type Word } from './candidate-words.ts';
import { Headings } from './headings.ts';
import { idFormOf } from './id-form.ts';
import { isDocumented, isIdShaped, resemblesId } from './id-shape.ts';
import { keySense, type Reason } from './keys.ts';
import type { Occurrence, Occurrences } from './occurrences.ts';
import {
  isDataLine,
  isFailureLine,
  isHelpLine,
  isMarkedPassed,
  isMarkedResolved,
  reasonAfter,
  reasonBefore,
  resolvedFlag,
} from './reason-phrases.ts';

/** Most words that are checked for misspelled ids. */
const MAX_WORDS = 2_000;
/** Characters before and after an id that are read. */
const WINDOW = 300;
/** The end of a sentence, and the start of one that reports another failure. */
const NEXT_REPORT = /[.;!?]\s+(?:error|fatal|failed|failure)\b\W*$/i;
const LIST_SEPARATOR = /^["'`*\])]*\s*(?:[,;|/&+]|\band\b|\bor\b|\s)*\s*["'`*[(]*$/i;

/** Reads lines of text that are not JSON. Headings and blocks span lines; everything else is decided from one line. */
export class TextReader {
  readonly occurrences: Occurrences;
  readonly #base: Reason | null;
  readonly #headings: Headings;
  readonly #nearlyCache = new Map<string, boolean>();
  #block: { indent: number; occurrences: Occurrence[]; isResolved: boolean } | null = null;
  #ownerIndent: number | null = null;
  /** The unresolved occurrences of each id. */
  readonly #open = new Map<string, Occurrence[]>();
  /** Whether a line had more than blanks and the commas between documents. */
  sawProse = false;

  constructor(occurrences: Occurrences, base: Reason | null, failed: boolean) {
    this.occurrences = occurrences;
    this.#base = base;
    this.#headings = new Headings(failed);
  }

  /** The reason from the text so far against a document that starts after `before` on the same line. */
  reasonFor(before: string): Reason | null {
    const above = this.#base ?? this.#headings.reason;
    if (above !== null || isFailureLine(before)) return above;
    const clause = /([^.;{}()[\]]*?)[\s:=]*$/.exec(before.slice(-200))?.[1] ?? '';
    return this.#headings.reasonOf(clause === '' ? this.#headings.last : clause);
  }

  line(line: string): void {
    if (line.trim() === '') {
      this.#headings.blank();
      this.#block = null;
      this.#ownerIndent = null;
      return;
    }
    if (/[^\s,;]/.test(line)) this.sawProse = true;
    const indent = line.search(/\S/);
    const item = /^\s*[-*•]\s/.test(line);
    this.#headings.dropEnded(line, indent, item);
    const block = this.#block;
    if (block !== null && (indent < block.indent || (item && indent <= block.indent))) this.#block = null;
    if (this.#ownerIndent !== null && indent <= this.#ownerIndent) this.#ownerIndent = null;
    const words = candidateWords(line);
    const holdsId = words.some(({ word }) => isDocumented(word));
    if (!this.#headings.take(line, indent, holdsId)) this.#read(line, indent, words);
  }

  /** Reads the part of a line before a document. It is not a heading for what follows the document. */
  tail(line: string): void {
    if (line.trim() === '') return;
    this.sawProse = true;
    this.#read(line, line.search(/\S/), candidateWords(line));
  }

  #read(line: string, indent: number, words: readonly Word[]): void {
    if (this.#block === null) this.#block = { indent, occurrences: [], isResolved: false };
    const block = this.#block;
    const lineFlag = resolvedFlag(line);
    const ofLine = isHelpLine(line) ? 'documentation' : isDataLine(line) ? 'data' : null;
    const above = this.#base ?? this.#headings.reason ?? ofLine;
    let previous: { end: number; reason: Reason | null } | null = null;
    for (const word of words) {
      if (!isDocumented(word.word)) this.#checkWord(word, line, above);
      else if (word.joined !== 'word') {
        const resolved = lineFlag === 'over' || block.isResolved ? 'resolved' : null;
        const reason: Reason | null = above ?? resolved ?? this.#reasonOf(word, line, previous, indent);
        const occurrence = this.occurrences.addId(word.word, reason);
        block.occurrences.push(occurrence);
        this.#resolveEarlier(occurrence);
        if (reason === null) this.#ownerIndent ??= indent;
        previous = { end: word.end, reason };
      }
    }
    // `resolved: true` on its own line belongs to the id above it, else to the one below.
    if (previous !== null) block.isResolved = false;
    else if (lineFlag === 'over') {
      block.isResolved = block.occurrences.length === 0;
      for (const occurrence of block.occurrences) occurrence.reason ??= 'resolved';
      block.occurrences = [];
    }
  }

  /** A log line that resolves an id also resolves all earlier lines with that id. */
  #resolveEarlier(occurrence: Occurrence): void {
    const { id, reason } = occurrence;
    if (reason === 'resolved') {
      for (const earlier of this.#open.get(id) ?? []) earlier.reason ??= reason;
      this.#open.delete(id);
    } else if (reason === null) {
      const open = this.#open.get(id);
      if (open === undefined) this.#open.set(id, [occurrence]);
      else open.push(occurrence);
    }
  }

  #reasonOf(
    word: Word,
    line: string,
    previous: { end: number; reason: Reason | null } | null,
    indent: number,
  ): Reason | null {
    if (word.joined === 'path') return 'name';
    // An id far inside a line is not at its start.
    const before = `${word.start > WINDOW ? 'x ' : ''}${line.slice(Math.max(0, word.start - WINDOW), word.start)}`;
    const after = line.slice(word.end, word.end + WINDOW);
    const resolved = isMarkedResolved(before)
      ? 'resolved'
      : isMarkedPassed(before)
        ? 'false'
        : reasonAfter(after, isFailureLine(line));
    if (resolved !== null) return resolved;
    const { form, clause } = idFormOf(before, after);
    const between = previous === null ? '' : line.slice(Math.max(previous.end, word.start - WINDOW), word.start);
    if (previous !== null && LIST_SEPARATOR.test(between)) return previous.reason;
    // What follows a name is not about that name: `team=… code=…`.
    if (previous !== null && previous.reason !== 'name') {
      // In a chain of causes each id is a failure. Otherwise an id after another one, up to the next report, describes
      // that one.
      if (NEXT_REPORT.test(between)) return reasonBefore(clause, 'explaining');
      if (form !== 'code' || !/\b(?:causes?|caused|because|then|also|now)\b/i.test(between))
        return previous.reason ?? 'prose';
    }
    if (form === 'code') return this.#reasonOfClause(clause, line);
    const reason = reasonBefore(before, form === 'bracket' ? 'explaining' : 'all');
    if (reason !== null) return reason;
    return this.#ownerIndent !== null && indent > this.#ownerIndent ? 'prose' : null;
  }

  /** The reason given by the words before the sign of a code: `Previous failure: id`, `app = id`. */
  #reasonOfClause(clause: string, line: string): Reason | null {
    if (reasonBefore(clause, 'explaining') === 'name') return 'name';
    const sense = keySense(clause.trim().split(/\s+/).at(-1) ?? '');
    if (isFailureLine(line)) return sense === 'name' ? 'name' : null;
    return this.#headings.reasonOf(clause);
  }

  /** Records a word that is not an id but is in the position of one, or is nearly one. */
  #checkWord({ word, start, end, joined }: Word, line: string, above: Reason | null): void {
    if (joined === 'path' || word.length < 6) return;
    const before = line.slice(Math.max(0, start - 40), start);
    const after = line.slice(end, end + 4);
    const isCode =
      isIdShaped(word) &&
      joined === null &&
      /\berror[[(:]\s*["'`]?$|\b(?:code|error_id|failure_id)["']?\s*[:=]\s*["'`]?$/i.test(before) &&
      /^["'`]?\s*(?:$|[\]):,;}])/.test(after);
    if (!isCode && !this.#resemblesId(word)) return;
    this.occurrences.addUnknown(word, above);
  }

  #resemblesId(word: string): boolean {
    const known = this.#nearlyCache.get(word);
    if (known !== undefined) return known;
    if (this.#nearlyCache.size >= MAX_WORDS) return false;
    const nearly = resemblesId(word);
    this.#nearlyCache.set(word, nearly);
    return nearly;
  }
}
