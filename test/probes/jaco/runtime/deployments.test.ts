import { expect, test } from 'vitest';
import { deploy } from '../../../../src/demo/jaco/workload.ts';
import { type Deployments, deployments } from '../../../../src/probes/jaco/runtime/deployments.ts';
import { replicaDetails } from '../../../../src/probes/jaco/runtime/replica-details.ts';
import { ask, fact, start, UNREAD } from './stand-in-cluster.ts';

test('deployments come without their manifests', async () => {
  deploy(await start(), 'shop', [{ name: 'web' }]);
  const read = await fact<Deployments>(deployments);
  expect(read.list).toMatchObject([
    { name: 'shop', status: 'active', services: [{ name: 'web', replicas: 1, networks: ['back'] }] },
  ]);
  expect(JSON.stringify(read)).not.toMatch(/canary|image:/);
});

test('a daemon that stopped, or refuses, is reported', async () => {
  const cluster = await start();
  await cluster.node(1).stop();
  expect(await ask(replicaDetails, UNREAD)).toMatchObject({
    kind: 'failed',
    failure: { why: 'absent', phase: 'connect' },
  });
  expect(await ask(deployments)).toMatchObject({ kind: 'failed', failure: { why: 'absent' } });
});
