/** An id on a line, with how it stands there: as a code (`Error: id`, `id: …`), in brackets, or somewhere in a sentence. */
export type Form = 'code' | 'bracket' | 'bare';

/** Everything that may stand before a code at the beginning of a line: bullets, numbers, a time, a level. */
const LEAD =
  /^\s*(?:(?:[-*•✖✗✘×!>|+]+|\d{1,3}[.)]|\[[\w .:-]{1,30}\]|\S*\d{1,2}:\d{2}:?\S*)\s+)*(?:\[?(?:error|err|fatal|fail(?:ed|ure)?|warn(?:ing)?|critical|panic)\]?:?\s+)?$/i;

/** A table that explains ids: its header names the meaning and the remedy. */
export function isGlossary(line: string): boolean {
  return /\bwhat it means\b/i.test(line) || (/\bmeaning\b/i.test(line) && /\b(?:fix|remedy|next action)\b/i.test(line));
}

/** How an id stands between what is before and behind it; `clause` are the words that lead to a code. */
export function formOf(before: string, behind: string): { form: Form; clause: string } {
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
