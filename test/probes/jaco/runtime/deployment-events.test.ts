import { expect, test } from 'vitest';
import { deploy } from '../../../../src/demo/jaco/workload.ts';
import { type DeploymentEvents, deploymentEvents } from '../../../../src/probes/jaco/runtime/deployment-events.ts';
import { fact, start } from './stand-in-cluster.ts';

test('events of deployments within the requested time, with their author', async () => {
  const cluster = await start();
  deploy(cluster, 'shop', [{ name: 'web' }], Date.now() - 60_000);
  deploy(cluster, 'old', [{ name: 'web' }], Date.now() - 7_200_000);
  const { events } = await fact<DeploymentEvents>(deploymentEvents);
  expect(events).toMatchObject([{ kind: 'apply', deployment: 'shop', identity: 'local' }]);
});
