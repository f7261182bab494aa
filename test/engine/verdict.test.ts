import fc from 'fast-check';
import { expect, test } from 'vitest';
import { severityOf } from '../../src/catalog/generated/ids.ts';
import type { Row, Status } from '../../src/engine/row.ts';
import { coverageOf, exitCodeOf, type FailOn, firstFailing, verdictOf } from '../../src/engine/verdict.ts';

const statuses: readonly Status[] = ['pass', 'warn', 'fail', 'unknown', 'blocked', 'not-applicable', 'skipped'];

function row(status: Status): Row {
  const ids = status === 'fail' ? (['no_leader'] as const) : status === 'warn' ? (['clock_skew'] as const) : [];
  const findings = ids.map((id) => ({ id, subject: null, evidence: [] }));
  const rest = {
    group: 'g',
    title: 't',
    ms: 0,
    reason: null,
    next: null,
    blockedBy: null,
    notes: [],
    evidence: [],
    notJudged: [],
  };
  return { name: status, status, findings, ...rest };
}

const rowsOf = fc.array(fc.constantFrom(...statuses), { minLength: 1, maxLength: 8 }).map((list) => list.map(row));

test('a run with unknown rows is never green, with any --fail-on', () => {
  fc.assert(
    fc.property(rowsOf, fc.constantFrom<FailOn>('fail', 'warn', 'never'), (rows, failOn) => {
      const blind = rows.some((one) => one.status === 'unknown' || one.status === 'blocked');
      if (blind) expect(exitCodeOf(rows, failOn)).not.toBe(0);
    }),
  );
});

test('exit 1 exactly if a check failed, unless failures are excluded', () => {
  fc.assert(
    fc.property(rowsOf, fc.constantFrom<FailOn>('fail', 'warn'), (rows, failOn) => {
      expect(exitCodeOf(rows, failOn) === 1).toBe(rows.some((one) => one.status === 'fail'));
      expect(firstFailing(rows, (id) => severityOf[id]) === null).toBe(verdictOf(rows) !== 'fail');
    }),
  );
});

test('coverage counts every row once', () => {
  fc.assert(
    fc.property(rowsOf, (rows) => {
      const { checks, ...parts } = coverageOf(rows);
      expect(Object.values(parts).reduce((a, b) => a + b)).toBe(checks);
    }),
  );
});

const table: readonly (readonly [Status[], FailOn, number])[] = [
  [['pass'], 'fail', 0],
  [['pass', 'not-applicable', 'skipped'], 'warn', 0],
  [['pass', 'warn'], 'fail', 0],
  [['pass', 'warn'], 'warn', 2],
  [['warn', 'unknown'], 'warn', 3],
  [['fail', 'unknown'], 'fail', 1],
  [['fail', 'unknown'], 'never', 3],
  [['fail'], 'never', 0],
  [['blocked'], 'fail', 3],
  [['skipped', 'not-applicable'], 'fail', 3],
];

for (const [list, failOn, code] of table) {
  test(`${list.join(' + ')} with --fail-on ${failOn} exits ${code}`, () => {
    expect(exitCodeOf(list.map(row), failOn)).toBe(code);
  });
}
