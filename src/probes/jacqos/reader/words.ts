import { isDocumented } from './shape.ts';

/** Words of one line that are no id and kept all the same, at most: one line may be everything that was pasted. */
const MOST_OTHERS = 20_000;

/** A word of a line with its place in it. */
export type Word = {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** `word`: part of a longer one. `path`: part of a path, an address or a file's name. */
  readonly joined: 'word' | 'path' | null;
};

/** The words of a line that ids may be: all documented ones, and so many others. */
export function tellingWords(line: string): readonly Word[] {
  const words: Word[] = [];
  let others = 0;
  for (const word of wordsIn(line)) {
    if (!isDocumented(word.word)) others += 1;
    if (others <= MOST_OTHERS || isDocumented(word.word)) words.push(word);
  }
  return words;
}

function* wordsIn(line: string): Generator<Word> {
  for (const match of line.matchAll(/\w[\w-]*/g)) {
    const [whole] = match;
    if (whole.length > 200 || !/[_-]|[a-z][A-Z]/.test(whole)) continue;
    const word = whole.replace(/-+$/, '');
    const start = match.index;
    const end = start + word.length;
    const [left, right] = [line.slice(Math.max(0, start - 2), start), line.slice(end, end + 2)];
    const inPath = /[/#\\%&?]$|\w\.$|^\.$/.test(left) || /^(?:\/|\\[^"'nrt]|\.\w)/.test(right);
    const inWord = /[^\x00-\x7f]$|[@$~]$/.test(left.replace(/[–—→•✖✗✘│“”‘’«»…]$/, '')) || /^\p{L}/u.test(right);
    yield { word, start, end, joined: inPath ? 'path' : inWord ? 'word' : null };
  }
}
