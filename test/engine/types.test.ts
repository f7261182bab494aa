import { expect, test } from 'vitest';
import { check, giving, judged, pass } from './small-product.ts';

// What these lines hold is held by the compiler (npm run check): each expected error must be one.
test('a check is a frozen record, and an undeclared id, an unread fact or an explanation of neither do not compile', () => {
  const fact = giving('fact');
  const base = { name: 'n', group: 'g', where: 'anywhere', title: 't', reads: { fact } } as const;
  const record = check({
    ...base,
    finds: ['no_leader'],
    judge: () => judged([{ id: 'no_leader', subject: null, evidence: [], explains: ['fact'] }]),
  });
  // @ts-expect-error quorum_lost is not in finds
  check({ ...base, finds: ['no_leader'], judge: () => judged([{ id: 'quorum_lost', subject: null, evidence: [] }]) });
  // @ts-expect-error no id of the catalogue
  check({ ...base, finds: ['no_such_id'], judge: () => pass([]) });
  // @ts-expect-error other is not in reads
  check({ ...base, finds: ['no_leader'], judge: ({ other }) => pass([String(other)]) });
  // @ts-expect-error explains names what is not read
  check({
    ...base,
    finds: ['no_leader'],
    judge: () => judged([{ id: 'no_leader', subject: null, evidence: [], explains: ['x'] }]),
  });
  expect(() => Object.assign(record, { title: 'other' })).toThrow(TypeError);
});
