/** How a line presents an id: as a code (`Error: id`, `id: …`), in brackets, or inside a sentence. */
export type IdForm = 'code' | 'bracket' | 'bare';

/** What may precede a code at the start of a line: bullets, numbers, a time, a level. */
const LEAD =
  /^\s*(?:(?:[-*•✖✗✘×!>|+]+|\d{1,3}[.)]|\[[\w .:-]{1,30}\]|\S*\d{1,2}:\d{2}:?\S*)\s+)*(?:\[?(?:error|err|fatal|fail(?:ed|ure)?|warn(?:ing)?|critical|panic)\]?:?\s+)?$/i;

/** Whether a line is the header of a table that explains ids: it names the meaning and the remedy. */
export function isGlossary(line: string): boolean {
  return /\bwhat it means\b/i.test(line) || (/\bmeaning\b/i.test(line) && /\b(?:fix|remedy|next action)\b/i.test(line));
}

/** The form of an id between the text before and after it; `clause` is the words before the sign of a code. */
export function idFormOf(before: string, after: string): { form: IdForm; clause: string } {
  const plain = before.replace(/["'`*_<]+$/, '');
  const signMatch = /^(.*?)\s*([:=>→|[]|\s[-–—]|\()\s*["'`*]*$/.exec(plain);
  if (signMatch?.[2] === '(') return { form: 'bracket', clause: '' };
  if (signMatch !== null) {
    const clause = /[^:;,.(){}[\]|]*$/.exec((signMatch[1] ?? '').replace(/["'`]/g, '').slice(-200))?.[0] ?? '';
    return { form: 'code', clause };
  }
  const startsLine = LEAD.test(plain) && /^["'`*\])]*\s*(?:$|[:,;|()[\]–—-]|\s{2}|\t)/.test(after);
  return { form: startsLine ? 'code' : 'bare', clause: '' };
}
