import { expect, test } from 'vitest';
import { check, giving, judged, pass } from './small-product.ts';

const fact = giving('fact');
const base = { name: 'n', group: 'g', where: 'anywhere', title: 't', reads: { fact } } as const;
const finding = { subject: null, evidence: [] };

// What these lines hold is held by the compiler (npm run check): each expected error must be one.
test('a check is a frozen record, and an undeclared id, an unread fact or an explanation of neither do not compile', () => {
  const declared = () => judged([{ id: 'no_leader', ...finding, explains: ['fact'] }]);
  const undeclared = () => judged([{ id: 'quorum_lost', ...finding }]);
  const strange = () => judged([{ id: 'no_leader', ...finding, explains: ['other'] }]);
  const record = check({ ...base, finds: ['no_leader'], judge: declared });
  // @ts-expect-error quorum_lost is not in finds
  check({ ...base, finds: ['no_leader'], judge: undeclared });
  // @ts-expect-error the catalogue has no such id
  check({ ...base, finds: ['no_such_id'], judge: () => pass([]) });
  // @ts-expect-error other is not in reads
  check({ ...base, finds: ['no_leader'], judge: ({ other }) => pass([String(other)]) });
  // @ts-expect-error explains names what is not read
  check({ ...base, finds: ['no_leader'], judge: strange });
  expect(() => Object.assign(record, { title: 'other' })).toThrow(TypeError);
});
