import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { documents, exists, writtenFiles } from './repository.ts';

/** Anchors of a document, as GitHub makes them from its headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const plain = text.replace(/^```[\s\S]*?^```/gm, '');
  for (const [, heading = ''] of plain.matchAll(/^#+ (.*)$/gm)) {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

/**
 * The citations of our documents in a file. In code only comments cite: the `docs` fields of the catalogue and their
 * tests name published pages of the products.
 */
function citationsIn(path: string, text: string): readonly string[] {
  if (path.endsWith('.md')) {
    const links = [...text.matchAll(/\]\(([^):]*)\)/g)].map(([, target = '']) => {
      const [file = '', anchor] = target.split('#');
      const resolved = file === '' ? path : posix.join(posix.dirname(path), file);
      return anchor === undefined ? resolved : `${resolved}#${anchor}`;
    });
    const named = [...text.matchAll(/`(docs\/[\w./-]+\.md(?:#[\w-]+)?)`/g)].map(([, target = '']) => target);
    return [...links, ...named];
  }
  const comments = text.split('\n').flatMap((line) => /(?:^\s*\/?\*|\/\/|^\s*#|\s#\s).*$/.exec(line)?.[0] ?? []);
  return comments.flatMap((comment) => comment.match(/(?<![\w/])docs\/[\w./-]+\.md(?:#[\w-]+)?/g) ?? []);
}

/** Citations of a missing file or heading. */
function broken(files: ReadonlyMap<string, string>, texts: ReadonlyMap<string, string>): readonly string[] {
  return [...files].flatMap(([path, text]) =>
    citationsIn(path, text).flatMap((citation) => {
      const [file = '', anchor] = citation.split('#');
      const cited = texts.get(file);
      const found = anchor === undefined ? cited !== undefined || exists(file) : cited && anchorsOf(cited).has(anchor);
      return found ? [] : [`${path}: ${citation}`];
    }),
  );
}

/** Citations of texts that are not in the repository. */
const ELSEWHERE = [
  /\b(?:contract|facts|tooling|coverage|releases) \d+(?:\.\d+)?/g,
  /\blive (?:rules? \d|[CHR]\d)[\w.]*/g,
  /\((?:a )?live(?: captures)?\)/g,
  /\bcaptures? \d+/g,
  /\bDESIGN\b/g,
];

function leftovers(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].flatMap(([path, text]) =>
    ELSEWHERE.flatMap((pattern) => (text.match(pattern) ?? []).map((found) => `${path}: ${found}`)),
  );
}

const self = 'test/tooling/citations.test.ts';
const written = new Map([...writtenFiles()].filter(([path]) => path !== self));

test('each citation leads to a heading of a document of this repository', () => {
  const cited = [...written].flatMap(([path, text]) => citationsIn(path, text));
  expect(cited.filter((citation) => citation.startsWith('docs/jaco-daemon/')).length).toBeGreaterThan(100);
  expect(broken(written, documents())).toEqual([]);
});

test('nothing cites a text that is not in the repository', () => {
  expect(leftovers(written)).toEqual([]);
});

test('a link to an absent file, a renamed heading and a private note are reported', () => {
  const texts = new Map([['docs/a.md', '# A\n\n## No quorum\n\n## No quorum\n\n```\n## not a heading\n```\n']]);
  const files = new Map([
    ['src/one.ts', '/** Known (docs/a.md#no-quorum), and docs/a.md#quorum. */\n// docs/b.md\n'],
    ['src/two.ts', "const docs = 'docs/operations/recovery.md#quorum';\n// https://example.org/docs/c.md#d\n"],
    ['docs/c.md', '[again](a.md#no-quorum-1) [code](a.md#not-a-heading) [here](#gone) [web](https://example.org/#x)'],
    ['src/note.ts', '// a node keeps its list (contract 4.2, live C1.1, capture 03), DESIGN "Speed", facts 2, (live)'],
  ]);
  expect(broken(files, texts)).toEqual([
    'src/one.ts: docs/a.md#quorum',
    'src/one.ts: docs/b.md',
    'docs/c.md: docs/a.md#not-a-heading',
    'docs/c.md: docs/c.md#gone',
  ]);
  expect(leftovers(files)).toEqual([
    'src/note.ts: contract 4.2',
    'src/note.ts: facts 2',
    'src/note.ts: live C1.1',
    'src/note.ts: (live)',
    'src/note.ts: capture 03',
    'src/note.ts: DESIGN',
  ]);
});
