import { denies, type Reason, says, senseOf, wordsOf } from './keys.ts';

/** Words that make what follows in a sentence an explanation and no report. */
const EXPLAINS =
  /\b(?:see|e\.g|i\.e|examples?|such as|docs?|documented|documentation|explains?|known|possible|if|unless|instead of|rather than|avoids?|fixe[sd]|for more|did you mean|retry|try again|wait for|prevents?|troubleshoot\w*|refer|when you (?:see|get))\b|\b(?:would|could|might|may)\b(?! ?n[o']t)/i;
/** Words that put what follows, or what stands before them, into the past. */
const PAST =
  /\b(?:previously|earlier|formerly|historical(?:ly)?|yesterday|in the past|used to|last (?:week|month|year|night|time)|\d+ (?:hours?|days?|weeks?|months?) ago|previous (?:run|deploy|deployment|attempt|failure|error))\b/i;
const DENIED = /(?:^|[\s(])(?:no|not|not an?|without|never|isn't|zero|0)\s+["'`]*$/i;
const TIMES = /(?:^|\s)(?:[02-9]|\d{2,})\s*[x×]\s+["'`]*$/;
const NAMED =
  /(?:\b(?:named|called|app|application|project|fixture|branch|tag|class|const|let|var|fn|def|function|struct|enum)|--[\w-]+[ =]|(?:^|\s)[$>%#]\s.*|^\++ (?:echo|printf|grep|jq|sed|awk|jacqos)\s.*)\s*["'`]*$|(?:^|[\s"'`])--$/i;

/** A line that begins so gives help about what was said above it. */
const HELP =
  /^[\s|>*•=-]*(?:help|hint|note|see|docs?|documentation|examples?|e\.g\.|tip|usage|more info\w*|more information|learn more|read more|next step|next)\b\s*[:=,]?/i;
/** A line that begins so reports a failure. */
const REPORT =
  /^\W*(?:\S*\d{1,2}:\d{2}\S*\s+)?\W*(?:error|err|fatal|failed|failure|fail|panic|critical|caused by|cause)\b/i;

/** Whether a line gives help about another one. */
export function isHelp(line: string): boolean {
  return HELP.test(line.slice(0, 80));
}

/** Whether a line says by its first words that something failed. */
export function isReport(line: string): boolean {
  return REPORT.test(line.slice(0, 80));
}

/** What the words before an id in its sentence say against it. `explaining` only: where it stands as a code. */
export function reasonBefore(before: string, only: 'explaining' | 'all'): Reason | null {
  const sentence =
    before
      .slice(-300)
      .split(/[.!?;]\s/)
      .at(-1) ?? '';
  if (NAMED.test(sentence)) return 'name';
  if (EXPLAINS.test(sentence)) return 'documentation';
  if (only === 'explaining') return null;
  if (DENIED.test(sentence)) return 'false';
  if (TIMES.test(sentence)) return 'count';
  return PAST.test(sentence) ? 'history' : null;
}

const SETTLED =
  /^["'`*\])]*[\s:,([–—|-]*(?:(?:was|were|is|has|have|had|been|now|already|since|got|automatically)\s+){0,4}(?:resolved|cleared|fixed|recovered)\b(?!\s*[:=]?\s*["']?(?:false|no\b|null|none))(?!\s+by\b)/i;
/** That it is so no more, or what it has become. */
const BETTER =
  /^["'`*\])]*\s*(?:(?:is|are|was)\s+no longer\b|,?\s*(?:(?:but|and)\s+)?(?:is\s+)?now\s+(?:healthy|ok|active|ready|well)\b|(?:→|->|=>)\s*(?:healthy|ok|active|ready)\b)/i;
const NO_FILE = /^["'`]?:?\s*(?:no such file|command not found|unbound variable)\b/i;
const VALUE = /^["'`]?\s*[:=]\s*["'`]?([\w/-]*)["'`]?\s*(?:$|[,;|)\]}#])/;
const CELL = /(?:\s{2,}|\||\t)\s*(resolved|cleared|recovered|fixed|closed|ok|passed|pass)\s*(?=$|\||\t|\s{2,})/i;
const COUNTED = /^["'`]?\s*(?:[:=]\s*["'`]?|[x×]\s?|\(\s*)(\d+)["'`]?\s*(?:times|$|[,;|)\]}#])/;
const DESCRIBED =
  /^["'`]?\s+(?:is what|means|indicates|happens|occurs|can|may|might|would|should|is (?:returned|raised|reported|shown|emitted|given) (?:when|if|for))\b/i;
const WELL =
  /^["'`]?[\s.…·:=-]*\s(?:ok|pass(?:ed)?|[✓✔✅]|not (?:detected|present|seen|active)|(?:is|was) not (?!(?:yet |been )*(?:resolved|cleared|fixed|recovered|gone|over)\b).*|did not .*|does not .*)\s*(?:$|[,;|)])/i;
const PAST_BEHIND =
  /^[^.;]{0,80}\b(?:yesterday|last (?:week|month|year|night)|\d+ (?:hours?|days?|weeks?|months?) ago|in the past)\b/i;
const STATE =
  /\b(?:status|state)["']?\s*[=:]\s*["']?(?:(resolved|cleared|recovered|closed|superseded)|open|firing|ongoing|unresolved)\b/i;
const FLAG = /\b(?:is_)?(resolved|cleared|recovered)(?:_?at)?["']?\s*[=:]\s*["']?([^\s,;"'})\]]+)/i;

/**
 * What stands behind an id and says that it is over, not so, or only counted. In a line that reports a failure the words
 * behind the id are about that failure.
 */
export function reasonBehind(behind: string, inReport: boolean): Reason | null {
  if (SETTLED.test(behind) || BETTER.test(behind) || CELL.test(behind)) return 'resolved';
  if (NO_FILE.test(behind)) return 'name';
  if (inReport) return null;
  const value = VALUE.exec(behind)?.[1];
  const denied = value === undefined || value === '' ? null : denies(value);
  if (denied !== null) return denied;
  const counted = COUNTED.exec(behind)?.[1];
  // A status of HTTP is no count.
  if (counted !== undefined && counted !== '1' && !/^[45]\d\d$/.test(counted)) return 'count';
  if (WELL.test(behind)) return 'false';
  if (DESCRIBED.test(behind)) return 'documentation';
  return PAST_BEHIND.test(behind) ? 'history' : null;
}

/** Whether a line says of what stands around it that it is over (`resolved_at=…`), that it is not, or nothing. */
export function flagIn(line: string): 'over' | 'open' | null {
  const value = FLAG.exec(line)?.[2];
  if (value !== undefined) return says(value) ? 'over' : 'open';
  const state = STATE.exec(line);
  if (state === null) return null;
  return state[1] === undefined ? 'open' : 'over';
}

/** The word before an id by which a table or log marks it as over. */
export function isMarkedOver(before: string): boolean {
  return (
    /(?:^|[\s[(|])(?:(?:resolved|cleared|recovered|fixed)(?:\s+from)?|no longer|ignor(?:ed|ing))[\])|:]*\s*["'`]*$/i.test(
      before,
    ) && !/\bnot\s+\w+\W*$/i.test(before)
  );
}

/** Whether a line begins with the tick of a check that passed. */
export function isTicked(before: string): boolean {
  return /^\s*(?:[✓✔√☑✅]|\[(?:ok|pass(?:ed)?|✓|✔)\]|ok(?:\s+\d+\s+-)?|pass(?:ed)?)\s*:?\s+["'`]?$/iu.test(before);
}

/**
 * What a heading, or the words before a colon, say of what follows them. Of a long phrase only its last word counts: it is a
 * sentence then and no heading.
 */
export function reasonOfHeading(text: string): Reason | 'last' | null {
  const found = wordsOf(text);
  const sense = senseOf(found.length > 3 ? (found.at(-1) ?? '') : text);
  return sense === 'failure' ? null : sense;
}
