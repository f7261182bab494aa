import { isDocumented } from './id-shape.ts';

/** Most words of one line, besides ids, that are kept: the whole pasted text may be one line. */
const MAX_OTHERS = 20_000;

/** A word of a line and its position. */
export type Word = {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** `word`: part of a longer one. `path`: part of a path, an address or a file's name. */
  readonly joined: 'word' | 'path' | null;
};

/** The words of a line that may be ids: all documented ids and a limited number of others. */
export function candidateWords(line: string): readonly Word[] {
  const words: Word[] = [];
  let others = 0;
  for (const word of splitLine(line)) {
    if (!isDocumented(word.word)) others += 1;
    if (others <= MAX_OTHERS || isDocumented(word.word)) words.push(word);
  }
  return words;
}

function* splitLine(line: string): Generator<Word> {
  for (const match of line.matchAll(/\w[\w-]*/g)) {
    const [raw] = match;
    if (raw.length > 200 || !/[_-]|[a-z][A-Z]/.test(raw)) continue;
    const word = raw.replace(/-+$/, '');
    const start = match.index;
    const end = start + word.length;
    const [left, right] = [line.slice(Math.max(0, start - 2), start), line.slice(end, end + 2)];
    const inPath = /[/#\\%&?]$|\w\.$|^\.$/.test(left) || /^(?:\/|\\[^"'nrt]|\.\w)/.test(right);
    const inWord = /[^\x00-\x7f]$|[@$~]$/.test(left.replace(/[–—→•✖✗✘│“”‘’«»…]$/, '')) || /^\p{L}/u.test(right);
    yield { word, start, end, joined: inPath ? 'path' : inWord ? 'word' : null };
  }
}
