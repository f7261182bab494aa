/** Words that tell nothing about a fault. `no` and `not` tell much: "no leader". */
const FREQUENT = new Set(
  'a an and are as be been but by do does for from had has have how i in is it its me my of on or our so still that the their then there they this to was we were what when where which who why will with you your'.split(
    ' ',
  ),
);

/** Short forms that people type, and the word that the catalogue writes. */
const SAME: Readonly<Record<string, string>> = {
  cannot: 'not',
  cant: 'not',
  cert: 'certificate',
  certs: 'certificate',
  dir: 'directory',
  doesnt: 'not',
  dont: 'not',
  env: 'environment',
  ip: 'address',
  k8s: 'kubernetes',
  never: 'not',
  no: 'not',
  none: 'not',
  ssl: 'tls',
  without: 'not',
  wont: 'not',
};

/** The words of a text. An IPv4 address is one word. `can't` counts as "not", so that "can't resolve" meets "not resolved". */
export function wordsOf(text: string): string[] {
  const denied = text.replace(/\b[a-z]+n['’]t\b/gi, ' not ').replace(/['’]s\b/gi, '');
  return denied.match(/\d+(?:\.\d+){3}|[\p{L}\p{N}]+/gu) ?? [];
}

/** What a word is indexed and searched as; null for a word that is left out. One digit is a count and names nothing. */
export function termOf(word: string): string | null {
  const lower = word.toLowerCase();
  if (FREQUENT.has(lower) || /^\d$/.test(lower)) return null;
  const same = Object.hasOwn(SAME, lower) ? SAME[lower] : undefined;
  if (same !== undefined) return same;
  if (lower.length < 5 || !/^[a-z]+$/.test(lower)) return lower;
  // "stopped" and "stop", "running" and "run".
  return lower.replace(/(?:([bdg]|[mnp]|[rt])\1?(?:ing|ed)|(ing|ed|es|e|s))$/, '$1');
}

/** The distinct terms of a text. */
export function termsOf(text: string): ReadonlySet<string> {
  return new Set(wordsOf(text).flatMap((word) => termOf(word) ?? []));
}
