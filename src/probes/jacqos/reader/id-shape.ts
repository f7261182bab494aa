import { jacqosDocumented } from '../../../catalog/generated/ids.ts';

/** A documented id. */
export type DocumentedId = (typeof jacqosDocumented)[number];

const DOCUMENTED: ReadonlySet<string> = new Set(jacqosDocumented);
const KNOWN_LETTERS: ReadonlySet<string> = new Set(jacqosDocumented.map(onlyLetters));
const MAX_LENGTH = Math.max(...jacqosDocumented.map((id) => id.length));

export function isDocumented(word: string): word is DocumentedId {
  return DOCUMENTED.has(word);
}

/** Whether a word has the shape of an id: small letters and digits, in parts joined by underscores. */
export function isIdShaped(word: string): boolean {
  return word.length <= 100 && /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/.test(word);
}

/**
 * Whether a word is a documented id in another spelling, or differs from one in up to two letters. Such a word is shown
 * unchanged and never counted as the id.
 */
export function resemblesId(word: string): boolean {
  if (word.length > MAX_LENGTH + 8 || DOCUMENTED.has(word) || !/[A-Za-z]/.test(word)) return false;
  const letters = onlyLetters(word);
  if (letters.length < 8) return false;
  if (KNOWN_LETTERS.has(letters)) return true;
  for (const known of KNOWN_LETTERS) if (differSlightly(letters, known)) return true;
  return false;
}

function onlyLetters(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Whether two words differ in one run of at most two letters: inserted, omitted, changed or swapped. */
function differSlightly(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2) return false;
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  return Math.max(a.length, b.length) - head - tail <= 2;
}

/**
 * Whether a word may be shown: plain, short, with parts that read like words. A token, key or digest does not, and
 * nothing that looks like one is shown (docs/jacqos.md#redaction).
 */
export function isShowable(word: string): boolean {
  if (!/^[A-Za-z0-9]+(?:[_ .:-]+[A-Za-z0-9]+)*$/.test(word) || word.length > 64) return false;
  return word.split(/[^A-Za-z0-9]+/).every(readsLikeWords);
}

/** Up to four digits, a short part, or letters in camel case with a vowel in each hump. */
function readsLikeWords(part: string): boolean {
  if (/^\d{1,4}$/.test(part) || /^[A-Za-z]{1,4}\d{0,2}$/.test(part)) return true;
  if (!/^[A-Za-z]+$/.test(part) || /^[a-fA-F]{8,}$/.test(part)) return false;
  const humps = part.split(/(?<=[a-z])(?=[A-Z])/);
  return (
    humps.length <= 6 &&
    humps.every((hump) => hump.length <= 18 && /[aeiouy]/i.test(hump) && !/[^aeiouy]{6}/i.test(hump))
  );
}
