import { expect, test } from 'vitest';
import { deploy, replicaRow } from '../../../../src/demo/jaco/workload.ts';
import { type ReplicaDetails, replicaDetails } from '../../../../src/probes/jaco/runtime/replica-details.ts';
import { ReplicaState } from '../../../../src/wire/jaco.ts';
import { fact, start } from './stand-in-cluster.ts';

test('rows come with their dependencies and their times', async () => {
  deploy(await start(), 'shop', [{ name: 'db' }, { name: 'web', dependsOn: ['db'] }]);
  const { rows } = await fact<ReplicaDetails>(replicaDetails);
  expect(rows).toMatchObject([
    { id: 'shop-db-0', state: 'running', dependsOn: [] },
    {
      id: 'shop-web-0',
      host: 'demo-1',
      revision: '40',
      exitCode: null,
      dependsOn: [{ service: 'db', condition: 'service_started', satisfied: true }],
    },
  ]);
  expect(Date.now() - (rows[1]?.lastHealthAtMs ?? 0)).toBeLessThan(5_000);
});

test('a failed row tells its exit status, a pull its reason, and no secret of either', async () => {
  const cluster = await start();
  deploy(cluster, 'shop', [{ name: 'db' }, { name: 'web' }]);
  Object.assign(replicaRow(cluster, 'shop-db-0'), {
    state: ReplicaState.FAILED,
    code: 'container_exited',
    details: { exit_code: '137' },
  });
  const reason = 'reg/app:1: Get "https://user:hunter2hunter2@reg/v2/": unauthorized \u001b[2J';
  Object.assign(replicaRow(cluster, 'shop-web-0'), {
    state: ReplicaState.PENDING,
    code: 'image_pull_failed',
    details: { reason },
  });
  const { rows } = await fact<ReplicaDetails>(replicaDetails);
  expect(rows[0]).toMatchObject({ state: 'failed', exitCode: 137 });
  expect(rows[1]?.reason).toBe('reg/app:1: Get "https://[redacted]@reg/v2/": unauthorized');
});
