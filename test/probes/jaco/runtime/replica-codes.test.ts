import { expect, test } from 'vitest';
import { deploy, replicaRow } from '../../../../src/demo/jaco/workload.ts';
import { type ReplicaCodes, replicaCodes } from '../../../../src/probes/jaco/runtime/replica-codes.ts';
import { ReplicaState } from '../../../../src/wire/jaco.ts';
import { ask, fact, start, stored } from './stand-in-cluster.ts';

test('the code that restart_exhausted hides', async () => {
  const cluster = await start();
  deploy(cluster, 'shop', [{ name: 'web' }]);
  const failing = Object.assign(replicaRow(cluster, 'shop-web-0'), {
    state: ReplicaState.FAILED,
    code: 'restart_exhausted',
  });
  const facts = await stored();
  const watching = fact<ReplicaCodes>(replicaCodes, facts);
  cluster.calls.length = 0;
  await expect.poll(() => cluster.calls.length).toBeGreaterThan(1);
  Object.assign(failing, { code: 'container_exited', details: { exit_code: '4' } });
  expect(await watching).toMatchObject({ 'shop-web-0': { code: 'container_exited', exitCode: 4 } });
});

test('a healthy cluster is not asked', async () => {
  deploy(await start(), 'shop', [{ name: 'web' }]);
  expect(await ask(replicaCodes, await stored())).toMatchObject({ kind: 'not-applicable' });
});
