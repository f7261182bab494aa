import { expect, test } from 'vitest';
import { failed, value } from '../../src/engine/outcome.ts';
import { attempt, derive, giving, probe, productOf, reading, rowOf, run } from './small-product.ts';

test('a probe that many checks read looks once', async () => {
  let looks = 0;
  const shared = probe({
    name: 'shared',
    where: 'anywhere',
    deadlineMs: 500,
    collect: async () => {
      looks += 1;
      return value(looks);
    },
  });
  const behind = derive({ name: 'behind', from: { shared }, derive: ({ shared: n }) => value(n) });
  await run(
    productOf({ check: reading('a', { shared }) }, { check: reading('b', { shared: attempt(shared), behind }) }),
  );
  expect(looks).toBe(1);
});

test('probes without needs run together, and each starts as soon as its own needs are there', async () => {
  const order: string[] = [];
  // Each releases the other: if one waited for the other, neither would return.
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow = probe({
    name: 'slow',
    where: 'anywhere',
    deadlineMs: 2000,
    collect: async () => released.then(() => value(order.push('slow'))),
  });
  const quick = giving('quick');
  const afterQuick = probe({
    name: 'after-quick',
    where: 'anywhere',
    after: { quick },
    deadlineMs: 2000,
    collect: async () => {
      order.push('after-quick');
      release();
      return value(1);
    },
  });
  const ran = await run(productOf({ check: reading('all', { slow, afterQuick }) }));
  expect(rowOf(ran, 'all').status).toBe('pass');
  expect(order).toEqual(['after-quick', 'slow']);
});

test('only the probes of chosen checks look', async () => {
  const looked: string[] = [];
  const noisy = (name: string) =>
    probe({
      name,
      where: 'anywhere',
      deadlineMs: 500,
      collect: async () => {
        looked.push(name);
        return value(1);
      },
    });
  const a = noisy('a');
  const product = productOf({ check: reading('check-a', { a }) }, { check: reading('check-b', { b: noisy('b') }) });
  const ran = await run(product, { selection: { only: ['check-a'], skip: [] } });
  expect(looked).toEqual(['a']);
  expect(rowOf(ran, 'check-b')).toMatchObject({ status: 'skipped', reason: 'excluded by --only or --skip' });
});

test('--only also judges the owners of what it reads', async () => {
  const a = giving('a');
  const product = productOf(
    { check: reading('owner', { a }), owns: [a] },
    { check: reading('wanted', { a }) },
    { check: reading('other', { a }) },
  );
  const ran = await run(product, { selection: { only: ['wanted'], skip: [] } });
  expect(ran.rows.map((row) => row.status)).toEqual(['pass', 'pass', 'skipped']);
});

test('from a laptop, what only a node can show is not applicable, with the reason', async () => {
  const host = probe({ name: 'host', deadlineMs: 500, collect: async () => value(1) });
  const ran = await run(productOf({ check: reading('on-node', { host }) }), { mode: 'anywhere' });
  expect(rowOf(ran, 'on-node')).toMatchObject({ status: 'not-applicable', reason: 'visible only on the node itself' });
});

test('a demo without a host runs no probe of the host and says why', async () => {
  const kernel = probe({
    name: 'kernel',
    observes: 'host',
    deadlineMs: 500,
    collect: async () => {
      throw new Error('reads the wrong host');
    },
  });
  const product = productOf({ check: reading('host', { kernel }) }, { check: reading('product', { a: giving('a') }) });
  const ran = await run(product, { hostUnavailable: 'the demo has no kernel' });
  expect(rowOf(ran, 'host')).toMatchObject({ status: 'not-applicable', reason: 'the demo has no kernel' });
  expect(rowOf(ran, 'product').status).toBe('pass');
});

test('a host probe whose need failed keeps that failure, also without a host', async () => {
  const absent = probe({
    name: 'absent',
    where: 'anywhere',
    deadlineMs: 500,
    collect: async () => failed('absent', 'read', 'no file'),
  });
  const kernel = probe({
    name: 'kernel',
    observes: 'host',
    after: { absent },
    deadlineMs: 500,
    collect: async () => value(1),
  });
  const ran = await run(productOf({ check: reading('host', { kernel }) }), {
    hostUnavailable: 'the demo has no kernel',
  });
  expect(rowOf(ran, 'host')).toMatchObject({ status: 'unknown', reason: 'no file' });
});

test('a probe that a chosen check owns runs, although no check reads it', async () => {
  const owned = giving('owned');
  const ran = await run(productOf({ check: reading('owner', { a: giving('a') }), owns: [owned] }));
  expect([...ran.facts.keys()].sort()).toEqual(['a', 'owned']);
});
