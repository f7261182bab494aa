import { expect, test } from 'vitest';
import { deploy, replicaContainer } from '../../../../src/demo/jaco/workload.ts';
import { type ClusterId, clusterId } from '../../../../src/probes/jaco/runtime/cluster-id.ts';
import { fact, start } from './stand-in-cluster.ts';

test('the cluster’s id, which its containers carry', async () => {
  const cluster = await start();
  deploy(cluster, 'shop', [{ name: 'web' }]);
  const { id } = await fact<ClusterId>(clusterId);
  expect(id).toBe(replicaContainer(cluster, 'shop-web-0').labels['jaco.cluster_id']);
});
