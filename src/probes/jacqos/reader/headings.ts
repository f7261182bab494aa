import { isReport, reasonOfHeading } from './cues.ts';
import { isGlossary } from './form.ts';
import type { Reason } from './keys.ts';

/** A heading above the lines it speaks for. `indented` once a line below it was seen to stand further in. */
type Heading = { readonly indent: number; readonly reason: Reason | null; indented: boolean };

const HEADING =
  /^\s*(?:#{1,6}\s+|\*\*|=+\s+|--+\s+)?["'`]?([A-Za-z][\w ,'()/&-]{1,60}?)["'`]?(?:\*\*)?\s*(:?)\s*(?:\*\*|=+|--+|[[{|>])?\s*$/;
/** A line that makes the one above it a heading. */
const UNDERLINE = /^\s*(?:-{3,}|={3,}|─{3,}|~{3,})\s*$/;

/** The headings that stand above the lines of a text, outermost first. */
export class Headings {
  readonly #failed: boolean;
  readonly #above: Heading[] = [];
  /** The last line that was not blank, its beginning. */
  last = '';

  /** `failed`: the text comes from a command that failed, so that its "last failure" is the one that is looked for. */
  constructor(failed: boolean) {
    this.#failed = failed;
  }

  /** The reason against an id that the headings give; the outermost one that gives any decides. */
  get reason(): Reason | null {
    return this.#above.find(({ reason }) => reason !== null)?.reason ?? null;
  }

  /** The reason that words before a sign give, as a heading would: `Previous failure:`. */
  reasonOf(clause: string): Reason | null {
    const sense = reasonOfHeading(clause);
    if (sense !== 'last') return sense;
    return this.#failed ? null : 'past-run';
  }

  /** A blank line ends a list, but for one directly under its heading. */
  blank(): void {
    if (!HEADING.test(this.last)) this.#above.length = 0;
  }

  /** Drops the headings that this line no longer stands below. */
  leave(line: string, indent: number, item: boolean): void {
    for (let top = this.#above.at(-1); top !== undefined; top = this.#above.at(-1)) {
      if (indent > top.indent) top.indented = true;
      const left = indent < top.indent || (indent === top.indent && top.indented && !item);
      if (!left && !(isReport(line) && indent <= top.indent)) break;
      this.#above.pop();
    }
  }

  /** Whether the line is a heading, or makes one of the line above it; what holds an id is none. */
  take(line: string, indent: number, holdsId: boolean): boolean {
    const underlined = UNDERLINE.test(line) ? HEADING.exec(this.last) : null;
    if (underlined !== null) {
      this.#enter(underlined[1] ?? '', this.last.search(/\S/));
      return true;
    }
    this.last = line.slice(0, 200);
    const heading = holdsId ? null : HEADING.exec(line);
    if (heading !== null && (heading[2] === ':' || /^\s*(?:#|\*\*|=|--)/.test(line)))
      this.#enter(heading[1] ?? '', indent);
    else if (isGlossary(line)) this.#above.push({ indent: 0, reason: 'documentation', indented: false });
    else return false;
    return true;
  }

  #enter(text: string, indent: number): void {
    const top = this.#above.at(-1);
    if (top !== undefined && !top.indented && indent <= top.indent) this.#above.pop();
    this.#above.push({ indent, reason: this.reasonOf(text), indented: false });
  }
}
