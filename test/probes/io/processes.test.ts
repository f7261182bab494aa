import { expect, test } from 'vitest';
import { parseProcessStat } from '../../../src/probes/io/processes.ts';

test('a process may have blanks and parentheses in its name', () => {
  const fields = Array.from({ length: 40 }, (_, n) => n + 4);
  expect(parseProcessStat(`226 (ja) co)) T ${fields.join(' ')}\n`)).toEqual({
    comm: 'ja) co)',
    state: 'T',
    parent: 4,
    startTicks: 22,
  });
  expect(parseProcessStat('nonsense')).toBeNull();
});
