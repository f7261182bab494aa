import { expect, test } from 'vitest';
import { type Id, severityOf } from '../../src/catalog/generated/ids.ts';
import { failed, notApplicable, value } from '../../src/engine/outcome.ts';
import type { Source } from '../../src/engine/probe.ts';
import { firstFailing } from '../../src/engine/verdict.ts';
import {
  attempt,
  check,
  derive,
  giving,
  judged,
  pass,
  probe,
  productOf,
  reading,
  rowOf,
  run,
  unknown,
} from './small-product.ts';

const dead = probe({
  name: 'socket',
  where: 'anywhere',
  deadlineMs: 500,
  collect: async () => failed('absent', 'connect', 'ENOENT /run/x.sock'),
});
const status = probe({
  name: 'status',
  where: 'anywhere',
  after: { dead },
  deadlineMs: 500,
  collect: async () => value('up'),
});
const leader = derive({ name: 'leader', from: { status }, derive: () => value('one') });

const socketCheck = <const I extends Id>(id: I) =>
  check({
    name: 'socket-answers',
    group: 'g',
    where: 'anywhere',
    title: 'the socket answers',
    reads: { dead: attempt(dead) },
    finds: [id],
    judge: ({ dead: outcome }) =>
      outcome.kind === 'failed'
        ? judged([{ id, subject: null, evidence: ['no socket'], explains: ['dead'] }])
        : pass([]),
  });

test('a row whose root failed probe is explained by a failing finding is blocked by that id', async () => {
  const ran = await run(
    productOf({ check: socketCheck('daemon_unreachable') }, { check: reading('leader-known', { leader }) }),
  );
  expect(rowOf(ran, 'leader-known')).toMatchObject({ status: 'blocked', blockedBy: 'daemon_unreachable' });
});

test('a finding with a lower severity than its id warns, leads nothing and blocks nothing', async () => {
  const mild = check({
    name: 'socket-answers',
    group: 'g',
    where: 'anywhere',
    title: 'the socket answers',
    reads: { dead: attempt(dead) },
    finds: ['daemon_unreachable'],
    judge: () =>
      judged([{ id: 'daemon_unreachable', subject: null, evidence: [], severity: 'warn', explains: ['dead'] }]),
  });
  const ran = await run(productOf({ check: mild }, { check: reading('leader-known', { leader }) }));
  expect(rowOf(ran, 'socket-answers').status).toBe('warn');
  expect(rowOf(ran, 'leader-known')).toMatchObject({ status: 'unknown', blockedBy: null });
  expect(firstFailing(ran.rows, (id) => severityOf[id])).toBeNull();
});

test('a warning never blocks: the row is unknown, with the phase and reason of the root', async () => {
  const ran = await run(
    productOf({ check: socketCheck('heartbeat_stale') }, { check: reading('leader-known', { leader }) }),
  );
  expect(rowOf(ran, 'leader-known')).toMatchObject({
    status: 'unknown',
    blockedBy: null,
    reason: 'ENOENT /run/x.sock',
  });
});

test('with several roots, the id that comes first in the order of checks blocks', async () => {
  const other = probe({
    name: 'other',
    where: 'anywhere',
    deadlineMs: 500,
    collect: async () => failed('absent', 'read', 'x'),
  });
  const otherCheck = check({
    name: 'other-check',
    group: 'g',
    where: 'anywhere',
    title: 't',
    reads: { other: attempt(other) },
    finds: ['port_in_use'],
    judge: () => judged([{ id: 'port_in_use', subject: null, evidence: [], explains: ['other'] }]),
  });
  const reads = reading('needs-both', { other, leader });
  const ran = await run(
    productOf({ check: socketCheck('daemon_unreachable') }, { check: otherCheck }, { check: reads }),
  );
  expect(rowOf(ran, 'needs-both').blockedBy).toBe('daemon_unreachable');
  const turned = await run(
    productOf({ check: otherCheck }, { check: socketCheck('daemon_unreachable') }, { check: reads }),
  );
  expect(rowOf(turned, 'needs-both').blockedBy).toBe('port_in_use');
});

test('a probe that did not look on account of another is blocked by what explains the other', async () => {
  const unit = giving('unit', { active: false });
  const dial = probe({
    name: 'dial',
    where: 'anywhere',
    after: { unit },
    deadlineMs: 500,
    collect: async () => failed('withheld', 'connect', 'a dial would start the stopped unit', unit),
  });
  const unitCheck = check({
    name: 'unit-runs',
    group: 'g',
    where: 'anywhere',
    title: 't',
    reads: { unit },
    finds: ['unit_inactive'],
    judge: () => judged([{ id: 'unit_inactive', subject: null, evidence: [], explains: ['unit'] }]),
  });
  const ran = await run(productOf({ check: unitCheck }, { check: reading('answers', { dial }) }));
  expect(rowOf(ran, 'answers')).toMatchObject({ status: 'blocked', blockedBy: 'unit_inactive' });
});

test('a check that is unknown because of a failed attempt is blocked if that failure is explained', async () => {
  const honest = check({
    name: 'honest',
    group: 'g',
    where: 'anywhere',
    title: 't',
    reads: { status: attempt(status) },
    finds: [],
    judge: ({ status: outcome }) => (outcome.kind === 'failed' ? unknown('no status', outcome.failure) : pass([])),
  });
  const alone = await run(productOf({ check: honest }));
  expect(rowOf(alone, 'honest')).toMatchObject({ status: 'unknown', reason: 'no status' });
  const explained = await run(productOf({ check: socketCheck('daemon_unreachable') }, { check: honest }));
  expect(rowOf(explained, 'honest')).toMatchObject({ status: 'blocked', blockedBy: 'daemon_unreachable' });
});

test('a fan-out that judged some targets is fail before warn before unknown, and lists the rest', async () => {
  const facts = giving('facts');
  const fan = (findings: ('node_unreachable' | 'clock_skew')[], notJudged: number) =>
    check({
      name: 'fan',
      group: 'g',
      where: 'anywhere',
      title: 't',
      reads: { facts },
      finds: ['node_unreachable', 'clock_skew'],
      judge: () =>
        judged(
          findings.map((id) => ({ id, subject: 'n1', evidence: [], explains: [] })),
          {
            notJudged: Array.from({ length: notJudged }, (_, i) => ({
              subject: `n${i + 2}`,
              reason: 'silent',
              next: { kind: 'again' },
            })),
          },
        ),
    });
  const status = async (findings: ('node_unreachable' | 'clock_skew')[], notJudged: number) =>
    rowOf(await run(productOf({ check: fan(findings, notJudged) })), 'fan');
  expect((await status(['clock_skew', 'node_unreachable'], 1)).status).toBe('fail');
  expect((await status(['clock_skew'], 1)).status).toBe('warn');
  expect(await status([], 1)).toMatchObject({ status: 'unknown', reason: 'not judged: n2 (silent)' });
  expect((await status([], 0)).status).toBe('pass');
});

test('a row whose required source failed is blocked like one that reads it, and is not applicable if that source is', async () => {
  const off = probe({
    name: 'off',
    where: 'anywhere',
    deadlineMs: 500,
    collect: async () => notApplicable('switched off'),
  });
  const requiring = (name: string, source: Source) =>
    check({
      name,
      group: 'g',
      where: 'anywhere',
      title: 't',
      requires: { source },
      reads: { dead },
      finds: [],
      judge: () => pass([]),
    });
  const ran = await run(
    productOf(
      { check: socketCheck('daemon_unreachable') },
      { check: requiring('behind-leader', leader) },
      { check: requiring('switched', off) },
    ),
  );
  expect(rowOf(ran, 'behind-leader')).toMatchObject({ status: 'blocked', blockedBy: 'daemon_unreachable' });
  expect(rowOf(ran, 'switched')).toMatchObject({ status: 'not-applicable', reason: 'switched off' });
});

test('a finding explains the failure of a probe that its check owns and does not read', async () => {
  const file = giving('file', 'broken');
  const owner = check({
    name: 'file-valid',
    group: 'g',
    where: 'anywhere',
    title: 't',
    reads: { file },
    explains: { dead },
    finds: ['config_invalid'],
    judge: () => judged([{ id: 'config_invalid', subject: null, evidence: [], explains: ['dead'] }]),
  });
  const product = productOf({ check: owner, owns: [dead] }, { check: reading('behind', { dead }) });
  const ran = await run(product, { selection: { only: ['behind'], skip: [] } });
  expect(rowOf(ran, 'behind')).toMatchObject({ status: 'blocked', blockedBy: 'config_invalid' });
});
