import { denialReason, isAffirmative, isUserData, keySense, type Reason } from './keys.ts';
import { splitWords } from './split-words.ts';

/** Words that make the rest of a sentence an explanation, not a report. */
const EXPLAINS =
  /\b(?:see|e\.g|i\.e|examples?|such as|docs?|documented|documentation|explains?|known|possible|if|unless|instead of|rather than|avoids?|fixe[sd]|for more|did you mean|retry|try again|wait for|prevents?|troubleshoot\w*|refer|when you (?:see|get))\b|\b(?:would|could|might|may)\b(?! ?n[o']t)/i;
/** Words that put the text after or before them into the past. */
const PAST =
  /\b(?:previously|earlier|formerly|historical(?:ly)?|yesterday|in the past|used to|last (?:week|month|year|night|time)|\d+ (?:hours?|days?|weeks?|months?) ago|previous (?:run|deploy|deployment|attempt|failure|error))\b/i;
const DENIED_BEFORE = /(?:^|[\s(])(?:no|not|not an?|without|never|isn't|zero|0)\s+["'`]*$/i;
const COUNT_BEFORE = /(?:^|\s)(?:[02-9]|\d{2,})\s*[x×]\s+["'`]*$/;
const NAME_BEFORE =
  /(?:\b(?:named|called|app|application|project|fixture|branch|tag|class|const|let|var|fn|def|function|struct|enum)|--[\w-]+[ =]|(?:^|\s)[$>%#]\s.*|^\++ (?:echo|printf|grep|jq|sed|awk|jacqos)\s.*)\s*["'`]*$|(?:^|[\s"'`])--$/i;

/** Start of a line that gives help about the text above it. */
const HELP =
  /^[\s|>*•=-]*(?:help|hint|note|see|docs?|documentation|examples?|e\.g\.|tip|usage|more info\w*|more information|learn more|read more|next step|next)\b\s*[:=,]?/i;
/** Start of a line that reports a failure. */
const REPORT =
  /^\W*(?:\S*\d{1,2}:\d{2}\S*\s+)?\W*(?:error|err|fatal|failed|failure|fail|panic|critical|caused by|cause)\b/i;

/** Whether a line gives help about another line. */
export function isHelpLine(line: string): boolean {
  return HELP.test(line.slice(0, 80));
}

/** Whether a line lists user data: `labels: team=…`. */
export function isDataLine(line: string): boolean {
  const key = /^[\s>*•-]*([A-Za-z][\w ]{0,30}?)\s*[:=]\s*\S/.exec(line.slice(0, 80))?.[1];
  return key !== undefined && isUserData(key, false);
}

/** Whether the first words of a line report a failure. */
export function isFailureLine(line: string): boolean {
  return REPORT.test(line.slice(0, 80));
}

/**
 * The reason against an id, from the words before it in its sentence. `explaining`: the id is a code, so fewer words
 * count.
 */
export function reasonBefore(before: string, only: 'explaining' | 'all'): Reason | null {
  const sentence =
    before
      .slice(-300)
      .split(/[.!?;]\s/)
      .at(-1) ?? '';
  if (NAME_BEFORE.test(sentence)) return 'name';
  if (EXPLAINS.test(sentence)) return 'documentation';
  if (only === 'explaining') return null;
  if (DENIED_BEFORE.test(sentence)) return 'false';
  if (COUNT_BEFORE.test(sentence)) return 'count';
  return PAST.test(sentence) ? 'history' : null;
}

const RESOLVED_AFTER =
  /^["'`*\])]*[\s:,([–—|-]*(?:(?:was|were|is|has|have|had|been|now|already|since|got|automatically)\s+){0,4}(?:resolved|cleared|fixed|recovered)\b(?!\s*[:=]?\s*["']?(?:false|no\b|null|none))(?!\s+by\b)/i;
/** Words that say that the fault is gone, or what the state is now. */
const RECOVERED_AFTER =
  /^["'`*\])]*\s*(?:(?:is|are|was)\s+no longer\b|,?\s*(?:(?:but|and)\s+)?(?:is\s+)?now\s+(?:healthy|ok|active|ready|well)\b|(?:→|->|=>)\s*(?:healthy|ok|active|ready)\b)/i;
const NO_FILE = /^["'`]?:?\s*(?:no such file|command not found|unbound variable)\b/i;
const VALUE = /^["'`]?\s*[:=]\s*["'`]?([\w/-]*)["'`]?\s*(?:$|[,;|)\]}#])/;
const RESOLVED_CELL =
  /(?:\s{2,}|\||\t)\s*(resolved|cleared|recovered|fixed|closed|ok|passed|pass)\s*(?=$|\||\t|\s{2,})/i;
const COUNT_AFTER = /^["'`]?\s*(?:[:=]\s*["'`]?|[x×]\s?|\(\s*)(\d+)["'`]?\s*(?:times|$|[,;|)\]}#])/;
const EXPLAINED_AFTER =
  /^["'`]?\s+(?:is what|means|indicates|happens|occurs|can|may|might|would|should|is (?:returned|raised|reported|shown|emitted|given) (?:when|if|for))\b/i;
const ABSENT_AFTER =
  /^["'`]?[\s.…·:=-]*\s(?:ok|pass(?:ed)?|[✓✔✅]|not (?:detected|present|seen|active)|(?:is|was) not (?!(?:yet |been )*(?:resolved|cleared|fixed|recovered|gone|over)\b).*|did not .*|does not .*)\s*(?:$|[,;|)])/i;
const PAST_AFTER =
  /^[^.;]{0,80}\b(?:yesterday|last (?:week|month|year|night)|\d+ (?:hours?|days?|weeks?|months?) ago|in the past)\b/i;
const STATE =
  /\b(?:status|state)["']?\s*[=:]\s*["']?(?:(resolved|cleared|recovered|closed|superseded)|open|firing|ongoing|unresolved)\b/i;
const FLAG = /\b(?:is_)?(resolved|cleared|recovered)(?:_?at)?["']?\s*[=:]\s*["']?([^\s,;"'})\]]+)/i;

/**
 * The reason against an id, from the words after it: resolved, absent, or only counted. In a line that reports a
 * failure, the words after the id describe that failure.
 */
export function reasonAfter(after: string, inReport: boolean): Reason | null {
  if (RESOLVED_AFTER.test(after) || RECOVERED_AFTER.test(after) || RESOLVED_CELL.test(after)) return 'resolved';
  if (NO_FILE.test(after)) return 'name';
  if (inReport) return null;
  const value = VALUE.exec(after)?.[1];
  const denied = value === undefined || value === '' ? null : denialReason(value);
  if (denied !== null) return denied;
  const counted = COUNT_AFTER.exec(after)?.[1];
  // An HTTP status is not a count.
  if (counted !== undefined && counted !== '1' && !/^[45]\d\d$/.test(counted)) return 'count';
  if (ABSENT_AFTER.test(after)) return 'false';
  if (EXPLAINED_AFTER.test(after)) return 'documentation';
  return PAST_AFTER.test(after) ? 'history' : null;
}

/** Whether a line marks its neighbours as resolved (`resolved_at=…`) or as open; null if it marks nothing. */
export function resolvedFlag(line: string): 'over' | 'open' | null {
  const value = FLAG.exec(line)?.[2];
  if (value !== undefined) return isAffirmative(value) ? 'over' : 'open';
  const state = STATE.exec(line);
  if (state === null) return null;
  return state[1] === undefined ? 'open' : 'over';
}

/** Whether the words before an id mark it as resolved, as in a table or a log. */
export function isMarkedResolved(before: string): boolean {
  return (
    /(?:^|[\s[(|])(?:(?:resolved|cleared|recovered|fixed)(?:\s+from)?|no longer|ignor(?:ed|ing))[\])|:]*\s*["'`]*$/i.test(
      before,
    ) && !/\bnot\s+\w+\W*$/i.test(before)
  );
}

/** Whether a line starts with the mark of a passed check. */
export function isMarkedPassed(before: string): boolean {
  return /^\s*(?:[✓✔√☑✅]|\[(?:ok|pass(?:ed)?|✓|✔)\]|ok(?:\s+\d+\s+-)?|pass(?:ed)?)\s*:?\s+["'`]?$/iu.test(before);
}

/**
 * The sense of a heading, or of the words before a colon. Of more than three words only the last one counts, because
 * they are a sentence.
 */
export function reasonOfHeading(text: string): Reason | 'last' | null {
  const words = splitWords(text);
  const counted = words.length > 3 ? (words.at(-1) ?? '') : text;
  const sense = keySense(counted);
  if (sense === null && isUserData(counted, false)) return 'data';
  return sense === 'failure' ? null : sense;
}
