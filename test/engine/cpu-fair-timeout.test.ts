import { expect, test } from 'vitest';
import { cpuFairTimeout } from '../../src/engine/cpu-fair-timeout.ts';

const busyFor = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

test('waits as long as requested, if the host has processor time', async () => {
  const began = performance.now();
  await new Promise<void>((resolve) => void cpuFairTimeout(200, resolve));
  expect(performance.now() - began).toBeGreaterThan(190);
});

test('time in which the doctor did not run is not counted as silence', async () => {
  // An answer that arrives after 50 ms, on a host that runs the doctor for a moment every 300 ms.
  let answered = false;
  setTimeout(() => {
    answered = true;
  }, 50);
  const late = new Promise<boolean>((resolve) => void cpuFairTimeout(100, () => resolve(answered)));
  busyFor(300);
  expect(await late).toBe(true);
});

test('an answer that arrived meanwhile is handled before the timeout', async () => {
  const order: string[] = [];
  const done = new Promise<void>(
    (resolve) =>
      void cpuFairTimeout(30, () => {
        order.push('late');
        resolve();
      }),
  );
  setTimeout(() => order.push('answer'), 35);
  busyFor(120);
  await done;
  expect(order).toEqual(['answer', 'late']);
});

test('called off, it stays silent', async () => {
  let called = 0;
  const cancelTimeout = cpuFairTimeout(20, () => {
    called += 1;
  });
  cancelTimeout();
  await new Promise<void>((resolve) => void cpuFairTimeout(80, resolve));
  expect(called).toBe(0);
});
