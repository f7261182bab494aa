import { expect, test } from 'vitest';
import { probed, start } from './stand-in-cluster.ts';

test('an election that ends is waited for, and then confirmed', async () => {
  const c = await start();
  c.election(600);
  const { settled } = await probed(c.node(3));
  expect(settled.samples[0]?.leader).toBe('');
  expect(settled.last.leader).not.toBe('');
  expect(settled.samples.filter((sample) => sample.leader !== '')).toHaveLength(2);
  expect(settled.samples.at(-1)?.atMs).toBeLessThan(3_000);
});
