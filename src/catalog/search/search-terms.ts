/** Words that say nothing about a fault. `no` and `not` are kept, because they matter: "no leader". */
const FREQUENT = new Set(
  'a am an and any are as be been but by do does for from get gets getting got had has have how i in is it its just make makes me my of on or our so some still that the their then there they this to us was we were what when where which who why will with you your'.split(
    ' ',
  ),
);

/** Words that people use for the same thing; the first of each line is the term for all, in names and in queries. */
const SAME = new Map(
  [
    'not no none never cannot cant dont doesnt didnt wont isnt without',
    'address addresses ip ips',
    'application app apps',
    'certificate cert certs',
    'container containers pod pods',
    'crash crashes crashed crashing die dies died dying segfault segfaults panic panics',
    'database db postgres postgresql mysql mariadb redis',
    'deploy deploys deployed deploying deployment deployments',
    'digest hash checksum sha256 sha',
    'directory dir folder',
    'environment env',
    'external outside outbound internet',
    'hang hangs hung hanging freeze freezes frozen stuck unresponsive blocked',
    'image images img',
    'kubernetes k8s',
    'large big huge',
    'limit limits quota',
    'login signin logon log-in logged',
    'mail email emails e-mail mails',
    'resolve resolves resolved resolving resolution nslookup dig',
    'tls ssl',
    'website site webpage page',
  ].flatMap((line) => {
    const [first = '', ...more] = line.split(' ');
    return [first, ...more].map((word) => [word, first] as const);
  }),
);

/**
 * The words of a text. An IPv4 address is one word. `can't` counts as "not", so that "can't resolve" meets "not
 * resolved".
 */
export function wordsOf(text: string): string[] {
  const denied = text.replace(/\b[a-z]+n['’]t\b/gi, ' not ').replace(/['’](?:s|m|re|ve|ll)\b/gi, '');
  return denied.match(/\d+(?:\.\d+){3}|v?\d+(?:\.\d+){2}|[\p{L}\p{N}]+/gu) ?? [];
}

/**
 * The term for a word, in the index and in a query; null for a word that is left out. A single digit is a count and
 * names nothing.
 */
export function termOf(word: string): string | null {
  const lower = word.toLowerCase();
  if (FREQUENT.has(lower) || /^\d$/.test(lower)) return null;
  if (/^v?\d+\.\d+\.\d+$/.test(lower)) return 'version';
  const same = SAME.get(lower);
  if (same !== undefined) return same;
  if (lower.length < 5 || !/^[a-z]+$/.test(lower)) return lower;
  // "stopped" and "stop", "running" and "run".
  return lower.replace(/(?:([bdg]|[mnp]|[rt])\1?(?:ing|ed)|(ing|ed|es|e|s))$/, '$1');
}

/** The distinct terms of a text. */
export function termsOf(text: string): ReadonlySet<string> {
  return new Set(wordsOf(text).flatMap((word) => termOf(word) ?? []));
}
