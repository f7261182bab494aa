import { expect, test } from 'vitest';
import { writtenFiles } from './repository.ts';

/** Phrases that no documentation of the field uses, and their replacements. Blanks also match a line break. */
const PHRASES: readonly (readonly [phrase: RegExp, instead: string])[] = [
  [/\banew\b/gi, 'again'],
  [/\bwhoever\b/gi, 'the user, the program'],
  [/\bwhatever\b/gi, 'any, in any case'],
  [/\bnobody(?:['’]s)?\b/gi, 'no program, no user, no listener'],
  [/\bby the words? of\b/gi, 'according to'],
  [/\b(?:runs|lives|is running) since\b/gi, 'has been running for'],
  [/\bcomes? to (?:the same|one|this|nothing)\b/gi, 'maps to'],
  [/\bas (?:it|they) should(?: be)?\b/gi, 'correct, expected'],
  [/\bis so\b(?! (?:\w+ that|recent|new|young|small|large)\b)/gi, 'is true'],
  [/\bmend(?:s|ed|ing)?\b/gi, 'fix'],
  [/\bshall\b/gi, 'must, will'],
  [
    /\bof (?:its|their|his|our|one['’]s) own(?=[^\w ]| (?:that|which|and|in|on|for|where|is|are|here|there)\b)/gi,
    'separate, its',
  ],
  [/\bgo(?:es)? on\b/gi, 'continue'],
  [/\blook(?:s|ed)? at\b/gi, 'check, examine'],
  [/\b(?:is|be) (?:had|learnt)\b/gi, 'available, determined'],
  [/\b(?:stands|stood)\b/gi, 'is'],
  [/\btill\b/gi, 'until'],
  [/(?<!\b(?:far|long|soon) )\bas it (?:is|stands)\b/gi, 'unchanged'],
  [/(?<!there )\b(?:is|are|was|were) no (?!longer\b|more than\b)/gi, 'is not a'],
  [/(?<!there )\b(?:is|are) none\b/gi, 'does not exist'],
];

/** Legitimate uses of a phrase, by file: a quotation, a name of the system, or another meaning. */
const ALLOWED: Readonly<Record<string, readonly (readonly [text: string, reason: string])[]>> = {
  'src/catalog/jaco/access.yaml': [
    ['nobody has a working token', 'what people type'],
    ['nobody can log in', 'what people type'],
  ],
  'test/probes/io/accounts.test.ts': [["accounts.user('nobody')", 'the user nobody of the system']],
  'test/real/single-file.test.ts': [["'nobody'", 'the user nobody of the system']],
  'test/real/single-file/minimal-host.ts': [
    ["'nobody'", 'the user nobody of the system'],
    ["nobody: '65534", 'the user nobody of the system'],
  ],
  'test/probes/jacqos/reader/made-up.ts': [['This is no package_digest_mismatch', 'output of another program']],
};

/** A text on one line: blanks, line breaks and the marks of comments and quotes between words count as one blank. */
function joined(text: string): string {
  return text.replace(/\s*\n\s*(?:\/\/|\*(?!\/)|#(?= )|>)?\s*/g, ' ');
}

/** The banned phrases of a text, each with the words around it. */
function banned(path: string, text: string): readonly string[] {
  const allowed = (ALLOWED[path] ?? []).reduce((rest, [quote]) => rest.replaceAll(quote, ''), joined(text));
  return PHRASES.flatMap(([phrase, instead]) =>
    [...allowed.matchAll(phrase)].map(({ 0: found, index }) => {
      const around = allowed.slice(Math.max(0, index - 40), index + found.length + 30);
      return `${path}: "${around}": instead of "${found}" write "${instead}"`;
    }),
  );
}

test('no text that people read has a phrase that only this project would use', () => {
  const found = [...writtenFiles()]
    .filter(([path]) => path !== 'test/tooling/plain-english.test.ts')
    .flatMap(([path, text]) => banned(path, text));
  expect(found).toEqual([]);
});

test('each allowed use still exists, so that the list does not outlive it', () => {
  const texts = writtenFiles();
  const unused = Object.entries(ALLOWED).flatMap(([path, uses]) =>
    uses.filter(([quote]) => !joined(texts.get(path) ?? '').includes(quote)).map(([quote]) => `${path}: ${quote}`),
  );
  expect(unused).toEqual([]);
});

test.each([
  ['a comment', '/** The file is made\n * anew. */'],
  ['a phrase that a line break divides', '// the port goes\n// on to answer'],
  ['a test name', "test('that is no address', () => {});"],
  ['a list of a document', '- It stands there.\n- It ends.'],
  ['a capital', 'Nobody listens.'],
])('a banned phrase in %s is found', (_what, text) => {
  expect(banned('x.ts', text)).toHaveLength(1);
});

test.each([
  'There is no route, and the address is no longer local.',
  'The container has its own network, as far as it is known.',
  'The stand-in shows what the program of its own release prints.',
])('plain words are left alone: %s', (text) => {
  expect(banned('x.ts', text)).toEqual([]);
});
