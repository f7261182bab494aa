import { expect, test } from 'vitest';
import { decodeText, unfoldLines, unquoteLines } from '../../src/engine/plain-lines.ts';

test('quotes of mails and issues are removed, also in each other; what was typed after a prompt stays', () => {
  expect(unquoteLines('> Error: no_leader\n>> a\n> > b\n>c\nd > e')).toBe('Error: no_leader\na\nb\nc\nd > e');
  for (const typed of ['> jacqos cloud status --json', '> ./deploy.sh --app shop', '> npm run build'])
    expect(unquoteLines(typed)).toBe(typed);
});

test('lines of one width are joined with the next', () => {
  const text = 'ERROR deploy of the app shop failed with missing_package_blob after 3 s';
  const folded = `${text.slice(0, 50)}\n${text.slice(50)}`;
  expect(unfoldLines(folded)).toBe(text);
  expect(unfoldLines(`short\n${folded}\nshort`)).toBe(`short\n${text}\nshort`);
  expect(unfoldLines('short\nlines')).toBeNull();
  expect(unfoldLines(text)).toBeNull();
  expect(unfoldLines(`a\n${'x'.repeat(300)}\nb`)).toBeNull();
});

test('a byte order mark tells the encoding, and is not kept', () => {
  const utf16 = Buffer.from('\ufeffé', 'utf16le');
  for (const bytes of [Buffer.from('é'), Buffer.from('\ufeffé'), utf16, Buffer.from(utf16).swap16()])
    expect(decodeText(bytes)).toBe('é');
  expect(decodeText(Buffer.concat([utf16, Buffer.from('x')]))).toBe('é');
});
