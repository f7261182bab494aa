import { isGlossary } from './id-form.ts';
import type { Reason } from './keys.ts';
import { isFailureLine, reasonOfHeading } from './reason-phrases.ts';

/** A heading of the lines below it. `indented`: a line below it is indented further than the heading. */
type Heading = { readonly indent: number; readonly reason: Reason | null; indented: boolean };

const HEADING =
  /^\s*(?:#{1,6}\s+|\*\*|=+\s+|--+\s+)?["'`]?([A-Za-z][\w ,'()/&-]{1,60}?)["'`]?(?:\*\*)?\s*(:?)\s*(?:\*\*|=+|--+|[[{|>])?\s*$/;
/** A line that underlines the one above it as a heading. */
const UNDERLINE = /^\s*(?:-{3,}|={3,}|─{3,}|~{3,})\s*$/;

/** `jacqos verify` names each fixture below this line (docs/jacqos.md#commands). */
const REPLAY = /^\s*replaying fixtures\b/i;

/** The headings above the current line, outermost first. */
export class Headings {
  readonly #failed: boolean;
  readonly #headings: Heading[] = [];
  /** The start of the last line that was not blank. */
  last = '';

  /** `failed`: the text is output of a failed command, so its "last failure" is the current one. */
  constructor(failed: boolean) {
    this.#failed = failed;
  }

  /** The reason against an id, from the outermost heading that gives one. */
  get reason(): Reason | null {
    return this.#headings.find(({ reason }) => reason !== null)?.reason ?? null;
  }

  /** The reason given by the words before a sign, read as a heading: `Previous failure:`. */
  reasonOf(clause: string): Reason | null {
    const sense = reasonOfHeading(clause);
    if (sense !== 'last') return sense;
    return this.#failed ? null : 'past-run';
  }

  /** A blank line ends a list, unless it follows the heading directly. */
  blank(): void {
    if (!HEADING.test(this.last)) this.#headings.length = 0;
  }

  /** Drops the headings that end before this line. */
  dropEnded(line: string, indent: number, isListItem: boolean): void {
    for (let top = this.#headings.at(-1); top !== undefined; top = this.#headings.at(-1)) {
      if (indent > top.indent) top.indented = true;
      const hasEnded = indent < top.indent || (indent === top.indent && top.indented && !isListItem);
      if (!hasEnded && !(isFailureLine(line) && indent <= top.indent)) break;
      this.#headings.pop();
    }
  }

  /** Whether the line is a heading, or underlines the line above as one. A line with an id is not a heading. */
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
    else if (REPLAY.test(line)) this.#headings.push({ indent: 0, reason: 'name', indented: false });
    else if (isGlossary(line)) this.#headings.push({ indent: 0, reason: 'documentation', indented: false });
    else return false;
    return true;
  }

  #enter(text: string, indent: number): void {
    const top = this.#headings.at(-1);
    if (top !== undefined && !top.indented && indent <= top.indent) this.#headings.pop();
    this.#headings.push({ indent, reason: this.reasonOf(text), indented: false });
  }
}
