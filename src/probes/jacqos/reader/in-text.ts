import {
  flagIn,
  isHelp,
  isMarkedOver,
  isReport,
  isTicked,
  reasonBefore,
  reasonBehind,
  reasonOfHeading,
} from './cues.ts';
import { type Reason, senseOf } from './keys.ts';
import { isDocumented, isIdShaped, isNearly } from './shape.ts';
import type { Sighting, Sightings } from './sightings.ts';

/** A heading above the lines it speaks for. `indented` once a line below it was seen to stand further in. */
type Heading = { readonly indent: number; readonly reason: Reason | null; indented: boolean };

/** An id on a line, with how it stands there: as a code (`Error: id`, `id: …`), in brackets, or somewhere in a sentence. */
type Form = 'code' | 'bracket' | 'bare';

/** Words looked at for a slip of the pen, at most. */
const MOST_WORDS = 2_000;
/** Words of one line that are no id and kept all the same, at most: one line may be everything that was pasted. */
const MOST_OTHERS = 20_000;
/** Characters on either side of an id that are looked at. */
const WINDOW = 300;
const HEADING =
  /^\s*(?:#{1,6}\s+|\*\*|=+\s+|--+\s+)?["'`]?([A-Za-z][\w ,'()/&-]{1,60}?)["'`]?(?:\*\*)?\s*(:?)\s*(?:\*\*|=+|--+|[[{|>])?\s*$/;
/** A line that makes the one above it a heading. */
const UNDERLINE = /^\s*(?:-{3,}|={3,}|─{3,}|~{3,})\s*$/;
/** Everything that may stand before a code at the beginning of a line: bullets, numbers, a time, a level. */
const LEAD =
  /^\s*(?:(?:[-*•✖✗✘×!>|+]+|\d{1,3}[.)]|\[[\w .:-]{1,30}\]|\S*\d{1,2}:\d{2}:?\S*)\s+)*(?:\[?(?:error|err|fatal|fail(?:ed|ure)?|warn(?:ing)?|critical|panic)\]?:?\s+)?$/i;
/** A sentence that ends, and one that begins as a report of another failure. */
const REPORTED_NEXT = /[.;!?]\s+(?:error|fatal|failed|failure)\b\W*$/i;
const LIST = /^["'`*\])]*\s*(?:[,;|/&+]|\band\b|\bor\b|\s)*\s*["'`*[(]*$/i;

/** Reads lines of text that are no JSON. Headings and blocks reach over lines; everything else is told from one line. */
export class TextReader {
  readonly sightings: Sightings;
  readonly #base: Reason | null;
  readonly #failed: boolean;
  readonly #headings: Heading[] = [];
  readonly #judged = new Map<string, boolean>();
  #block: { indent: number; seen: Sighting[]; over: boolean } | null = null;
  #owner: number | null = null;
  /** By id, what was seen of it and is not over yet. */
  readonly #open = new Map<string, readonly Sighting[]>();
  #last = '';
  /** Whether any line held more than blanks and the commas between documents. */
  sawProse = false;

  constructor(sightings: Sightings, base: Reason | null, failed: boolean) {
    this.sightings = sightings;
    this.#base = base;
    this.#failed = failed;
  }

  /** What the text so far says of a document that begins behind `before` on the same line. */
  reasonFor(before: string): Reason | null {
    const above = this.#base ?? this.#heading();
    if (above !== null || isReport(before)) return above;
    const clause = /([^.;{}()[\]]*?)[\s:=]*$/.exec(before.slice(-200))?.[1] ?? '';
    return this.#of(reasonOfHeading(clause === '' ? this.#last : clause));
  }

  line(line: string): void {
    if (line.trim() === '') {
      this.#blank();
      return;
    }
    if (/[^\s,;]/.test(line)) this.sawProse = true;
    const indent = line.search(/\S/);
    this.#leave(line, indent);
    const words = tellingWords(line);
    const underlined = UNDERLINE.test(line) ? HEADING.exec(this.#last) : null;
    if (underlined !== null) {
      this.#enter(underlined[1] ?? '', this.#last.search(/\S/));
      return;
    }
    const heading = words.some(({ word }) => isDocumented(word)) ? null : HEADING.exec(line);
    if (heading !== null && (heading[2] === ':' || /^\s*(?:#|\*\*|=|--)/.test(line)))
      this.#enter(heading[1] ?? '', indent);
    else if (isGlossary(line)) this.#headings.push({ indent: 0, reason: 'documentation', indented: false });
    else this.#read(line, indent, words);
    this.#last = line.slice(0, 200);
  }

  #blank(): void {
    // A blank line ends a list, but for one directly under its heading.
    if (!HEADING.test(this.#last)) this.#headings.length = 0;
    this.#block = null;
    this.#owner = null;
  }

  #leave(line: string, indent: number): void {
    const item = /^\s*[-*•]\s/.test(line);
    for (let top = this.#headings.at(-1); top !== undefined; top = this.#headings.at(-1)) {
      if (indent > top.indent) top.indented = true;
      const left = indent < top.indent || (indent === top.indent && top.indented && !item);
      if (!left && !(isReport(line) && indent <= top.indent)) break;
      this.#headings.pop();
    }
    const block = this.#block;
    if (block !== null && (indent < block.indent || (item && indent <= block.indent))) this.#block = null;
    if (this.#owner !== null && indent <= this.#owner) this.#owner = null;
  }

  #enter(text: string, indent: number): void {
    const top = this.#headings.at(-1);
    if (top !== undefined && !top.indented && indent <= top.indent) this.#headings.pop();
    this.#headings.push({ indent, reason: this.#of(reasonOfHeading(text)), indented: false });
  }

  #heading(): Reason | null {
    return this.#headings.find(({ reason }) => reason !== null)?.reason ?? null;
  }

  #of(sense: Reason | 'last' | null): Reason | null {
    if (sense !== 'last') return sense;
    return this.#failed ? null : 'past-run';
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
    const above = this.#base ?? this.#heading() ?? (isHelp(line) ? 'documentation' : null);
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
    return this.#of(reasonOfHeading(clause));
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

/** A table that explains ids: its header names the meaning and the remedy. */
function isGlossary(line: string): boolean {
  return /\bwhat it means\b/i.test(line) || (/\bmeaning\b/i.test(line) && /\b(?:fix|remedy|next action)\b/i.test(line));
}

function formOf(before: string, behind: string): { form: Form; clause: string } {
  const plain = before.replace(/["'`*_<]+$/, '');
  const signed = /^(.*?)\s*([:=>→|[]|\s[-–—]|\()\s*["'`*]*$/.exec(plain);
  if (signed?.[2] === '(') return { form: 'bracket', clause: '' };
  if (signed !== null) {
    const clause = /[^:;,.(){}[\]|]*$/.exec((signed[1] ?? '').replace(/["'`]/g, '').slice(-200))?.[0] ?? '';
    return { form: 'code', clause };
  }
  const led = LEAD.test(plain) && /^["'`*\])]*\s*(?:$|[:,;|()[\]–—-]|\s{2}|\t)/.test(behind);
  return { form: led ? 'code' : 'bare', clause: '' };
}

type Word = {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** `word`: part of a longer one. `path`: part of a path, an address or a file's name. */
  readonly joined: 'word' | 'path' | null;
};

/** The words of a line that ids may be: all documented ones, and so many others. */
function tellingWords(line: string): readonly Word[] {
  const words: Word[] = [];
  let others = 0;
  for (const word of wordsIn(line)) {
    if (!isDocumented(word.word)) others += 1;
    if (others <= MOST_OTHERS || isDocumented(word.word)) words.push(word);
  }
  return words;
}

function* wordsIn(line: string): Generator<Word> {
  for (const match of line.matchAll(/\w[\w-]*/g)) {
    const [whole] = match;
    if (whole.length > 200 || !/[_-]|[a-z][A-Z]/.test(whole)) continue;
    const word = whole.replace(/-+$/, '');
    const start = match.index;
    const end = start + word.length;
    const [left, right] = [line.slice(Math.max(0, start - 2), start), line.slice(end, end + 2)];
    const inPath = /[/#\\%&?]$|\w\.$|^\.$/.test(left) || /^(?:\/|\\[^"'nrt]|\.\w)/.test(right);
    const inWord = /[^\x00-\x7f]$|[@$~]$/.test(left.replace(/[–—→•✖✗✘│“”‘’«»…]$/, '')) || /^\p{L}/u.test(right);
    yield { word, start, end, joined: inPath ? 'path' : inWord ? 'word' : null };
  }
}
