import { expect, test } from 'vitest';
import { deploy } from '../../../../src/demo/jaco/workload.ts';
import { type RaftLogRate, raftLogRate } from '../../../../src/probes/jaco/runtime/raft-log-rate.ts';
import { DeploymentStatus } from '../../../../src/wire/jaco.ts';
import { ask, fact, start, stored } from './stand-in-cluster.ts';

test('the race of the log behind a pending deployment', async () => {
  const cluster = await start();
  deploy(cluster, 'shop', [{ name: 'web' }]);
  const [one] = cluster.content.deploy.deployments;
  if (one) one.status = DeploymentStatus.PENDING;
  cluster.raft.extraEntriesPerSecond = 20;
  const { entries, ms } = await fact<RaftLogRate>(raftLogRate, await stored());
  expect(entries / (ms / 1_000)).toBeGreaterThan(15);
  expect(ms).toBeGreaterThan(1_000);
});

test('a healthy cluster is not asked', async () => {
  deploy(await start(), 'shop', [{ name: 'web' }]);
  expect(await ask(raftLogRate, await stored())).toMatchObject({ kind: 'not-applicable' });
});
