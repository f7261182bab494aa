import { expect, test } from 'vitest';
import type { Finding } from '../../src/engine/finding.ts';
import { check, giving, judged, pass } from './small-product.ts';

const fact = giving('fact');
const base = { name: 'n', group: 'g', where: 'anywhere', title: 't', reads: { fact } } as const;
const finding = { subject: null, evidence: [] };

// The compiler checks these lines (npm run check): each expected error must be one.
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
  // @ts-expect-error explains names no source of the check
  check({ ...base, finds: ['no_leader'], judge: strange });
  check({ ...base, finds: ['no_leader'], explains: { other: fact }, judge: strange });
  // @ts-expect-error the value of a required source is not given to judge
  check({ ...base, finds: ['no_leader'], requires: { other: fact }, judge: ({ other }) => pass([String(other)]) });
  expect(() => Object.assign(record, { title: 'other' })).toThrow(TypeError);
});

test('a finding of a cause or value that its id does not have does not compile', () => {
  const one = (finding: Finding<'no_leader' | 'quorum_lost'>) => finding.id;
  one({ id: 'no_leader', ...finding, cause: 'election' });
  one({ id: 'quorum_lost', ...finding, cause: 'lone-survivor', values: { silent: 'jaco-2', leader_name: 'jaco-1' } });
  // @ts-expect-error lone-survivor is a cause of quorum_lost
  one({ id: 'no_leader', ...finding, cause: 'lone-survivor' });
  // @ts-expect-error no step of no_leader holds {silent}
  one({ id: 'no_leader', ...finding, cause: 'election', values: { silent: 'jaco-2' } });
  // @ts-expect-error no step of quorum_lost holds {slient}
  one({ id: 'quorum_lost', subject: null, evidence: [], values: { silent: 'jaco-2', slient: 'jaco-3' } });
  // @ts-expect-error cluster_uninitialized has no causes
  judged([{ id: 'cluster_uninitialized', ...finding, cause: 'election' }]);
  const both = (list: readonly Finding<'no_leader' | 'quorum_lost'>[]) => judged(list);
  both([
    { id: 'quorum_lost', ...finding, cause: 'lone-survivor' },
    // @ts-expect-error lone-survivor is a cause of quorum_lost
    { id: 'no_leader', ...finding, cause: 'lone-survivor' },
  ]);
  expect(one({ id: 'no_leader', ...finding })).toBe('no_leader');
});
