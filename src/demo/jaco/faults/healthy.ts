import { ReplicaState } from '../../../wire/jaco.ts';
import type { Cluster } from '../cluster.ts';
import { faultGroup } from '../fault.ts';
import { addRoute } from '../routes.ts';
import { addRollback, deployShop, deploySolo, leftoverNetwork, makePending, makeWaiting } from '../scenes.ts';
import { deploy, removeContainer, replicaContainer, replicaRow } from '../workload.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/** Healthy states, including some that look wrong. */
export const healthyStates = faultGroup('none', {
  'healthy-app': { title: 'a shop runs on two nodes', arrange: (cluster) => deployShop(cluster) },
  'healthy-routes': {
    title: 'a shop on two nodes has routes, and its proxy forwards them',
    async arrange(cluster) {
      deployShop(cluster);
      await addRoute(cluster, { domain: 'shop.test', deployment: 'shop', service: 'web' });
      await addRoute(cluster, { domain: 'shop.test', path: '/db', deployment: 'shop', service: 'db' });
    },
  },
  'replicas-zero': {
    title: 'a deployment has zero replicas',
    arrange: (cluster) => deploy(cluster, 'parked', [{ name: 'app', on: [] }]),
  },
  'start-period': {
    title: 'a container is within the start period of its health check',
    arrange(cluster) {
      deploySolo(cluster, { healthcheck: true });
      Object.assign(replicaContainer(cluster, 'solo-app-0'), {
        startedAt: Date.now() - 70 * SECOND,
        health: { status: 'starting', output: '', startPeriodMs: 90 * SECOND },
      });
      Object.assign(replicaRow(cluster, 'solo-app-0'), { state: ReplicaState.PENDING });
    },
  },
  'image-being-pulled': {
    title: 'an image is still being pulled',
    arrange(cluster) {
      deployShop(cluster, Date.now() - 3 * MINUTE);
      removeContainer(cluster, 'shop-web-0');
      Object.assign(replicaRow(cluster, 'shop-web-0'), {
        state: ReplicaState.PULLING,
        code: 'pulling',
        containerId: '',
        lastHealthAt: undefined,
      });
    },
  },
  'just-applied': {
    title: 'a deployment was applied a few seconds ago and waits for its database to start',
    arrange(cluster) {
      deployShop(cluster, Date.now() - 8 * SECOND);
      makeWaiting(cluster, 'shop-web-0', { state: ReplicaState.PENDING });
      Object.assign(replicaRow(cluster, 'shop-db-0'), { state: ReplicaState.PENDING });
      Object.assign(replicaContainer(cluster, 'shop-db-0'), {
        health: { status: 'starting', output: '', startPeriodMs: 0 },
      });
    },
  },
  'docker-restarted-once': {
    title: 'a container was restarted manually an hour ago and has been running since',
    arrange(cluster) {
      deploySolo(cluster);
      Object.assign(replicaContainer(cluster, 'solo-app-0'), {
        startedAt: Date.now() - 60 * MINUTE,
        finishedAt: Date.now() - 61 * MINUTE,
      });
    },
  },
  paused: {
    title: 'a container was paused a moment ago: JACO will recreate it',
    arrange(cluster) {
      deploySolo(cluster);
      Object.assign(replicaContainer(cluster, 'solo-app-0'), { state: 'paused' });
      Object.assign(replicaRow(cluster, 'solo-app-0'), { state: ReplicaState.PENDING });
    },
  },
  'network-left-idle': {
    title: 'the network of a deleted deployment still exists, but causes no conflict',
    arrange(cluster) {
      deployShop(cluster);
      cluster.node(1).docker.networks.push(leftoverNetwork('old', '10.244.9.0/24'));
    },
  },
  'global-rolled-back': {
    title: 'a global service is running, and JACO rolls its revision back and forth',
    arrange(cluster) {
      deploy(cluster, 'agent', [{ name: 'app', on: [1, 2, 3], global: true }]);
      for (const ago of [4, 3, 2, 1]) addRollback(cluster, 'agent', ago * MINUTE - 10 * SECOND);
    },
  },
  'pending-and-placed': {
    title: 'a deployment is still PENDING although all of it was placed since',
    warns: 'deployment_pending_stale',
    arrange(cluster) {
      deployShop(cluster);
      makePending(cluster, 'shop', 'service "web": no eligible hosts');
    },
  },
  'foreign-container': {
    title: 'a container of a deleted cluster remains on the host',
    warns: 'orphan_container',
    arrange(cluster) {
      deployShop(cluster);
      deploy(cluster, 'ancient', [{ name: 'app' }]);
      replicaContainer(cluster, 'ancient-app-0').labels['jaco.cluster_id'] = '00000000-1111-4222-8333-444444444444';
      deleteDeployment(cluster, 'ancient');
    },
  },
  'pool-low': {
    title: 'three quarters of the address pool are in use',
    warns: 'subnet_pool_low',
    arrange(cluster) {
      deploy(cluster, 'wide', [{ name: 'app', on: [1, 2] }]);
      const [service] = cluster.content.deploy.deployments[0]?.services ?? [];
      if (service) service.networks = ['back', ...Array.from({ length: 99 }, (_, index) => `n${index}`)];
    },
  },
});

/** Deletes a deployment and its rows. Its containers remain. */
function deleteDeployment(cluster: Cluster, name: string): void {
  const { deploy: stored } = cluster.content;
  stored.deployments = stored.deployments.filter((one) => one.name !== name);
  stored.replicas = stored.replicas.filter((one) => !one.id.startsWith(`${name}-`));
  cluster.content.replicas = cluster.content.replicas.filter((one) => one.deployment !== name);
}
