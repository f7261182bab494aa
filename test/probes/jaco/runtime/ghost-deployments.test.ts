import { expect, test } from 'vitest';
import { deploy } from '../../../../src/demo/jaco/workload.ts';
import { type GhostDeployments, ghostDeployments } from '../../../../src/probes/jaco/runtime/ghost-deployments.ts';
import { ask, fact, start, stored } from './stand-in-cluster.ts';

test('replicas whose deployment is missing in both samples, and not one that was deleted in between', async () => {
  const cluster = await start();
  deploy(cluster, 'gone', [{ name: 'web' }]);
  deploy(cluster, 'late', [{ name: 'web' }]);
  const facts = { ...(await stored()), deployments: { list: [], omitted: 0 } };
  const { deploy: state } = cluster.content;
  state.deployments = state.deployments.filter(({ name }) => name !== 'gone');
  expect(await fact<GhostDeployments>(ghostDeployments, facts)).toEqual({ ghosts: ['gone'] });
});

test('a healthy cluster is not asked', async () => {
  deploy(await start(), 'shop', [{ name: 'web' }]);
  expect(await ask(ghostDeployments, await stored())).toMatchObject({ kind: 'not-applicable' });
});
