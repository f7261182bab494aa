import { ReplicaState } from '../../../wire/jaco.ts';
import type { Cluster } from '../cluster.ts';
import { group } from '../fault.ts';
import { leftNetwork, pending, rolledBack, shop, solo, waits } from '../scenes.ts';
import { container, deploy, removeContainer, row } from '../workload.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/** What runs, and what looks odd and is well. */
export const healthyStates = group('none', {
  'healthy-app': { title: 'a shop runs on two nodes', arrange: (cluster) => shop(cluster) },
  'replicas-zero': {
    title: 'a deployment asks for no replicas',
    arrange: (cluster) => deploy(cluster, 'parked', [{ name: 'app', on: [] }]),
  },
  'start-period': {
    title: 'a container is within the start period of its health check',
    arrange(cluster) {
      solo(cluster, { healthcheck: true });
      Object.assign(container(cluster, 'solo-app-0'), {
        startedAt: Date.now() - 70 * SECOND,
        health: { status: 'starting', output: '', startPeriodMs: 90 * SECOND },
      });
      Object.assign(row(cluster, 'solo-app-0'), { state: ReplicaState.PENDING });
    },
  },
  'image-being-pulled': {
    title: 'an image is still being pulled',
    arrange(cluster) {
      shop(cluster, Date.now() - 3 * MINUTE);
      removeContainer(cluster, 'shop-web-0');
      Object.assign(row(cluster, 'shop-web-0'), {
        state: ReplicaState.PULLING,
        code: 'pulling',
        containerId: '',
        lastHealthAt: undefined,
      });
    },
  },
  'just-applied': {
    title: 'a deployment was applied a few seconds ago and waits for its database to come up',
    arrange(cluster) {
      shop(cluster, Date.now() - 8 * SECOND);
      waits(cluster, 'shop-web-0', { state: ReplicaState.PENDING });
      Object.assign(row(cluster, 'shop-db-0'), { state: ReplicaState.PENDING });
      Object.assign(container(cluster, 'shop-db-0'), { health: { status: 'starting', output: '', startPeriodMs: 0 } });
    },
  },
  'docker-restarted-once': {
    title: 'a container was started again by hand an hour ago and has run since',
    arrange(cluster) {
      solo(cluster);
      Object.assign(container(cluster, 'solo-app-0'), {
        startedAt: Date.now() - 60 * MINUTE,
        finishedAt: Date.now() - 61 * MINUTE,
      });
    },
  },
  paused: {
    title: 'somebody paused a container a moment ago: JACO makes it anew',
    arrange(cluster) {
      solo(cluster);
      Object.assign(container(cluster, 'solo-app-0'), { state: 'paused' });
      Object.assign(row(cluster, 'solo-app-0'), { state: ReplicaState.PENDING });
    },
  },
  'network-left-idle': {
    title: 'the network of a deleted deployment is still there, in nobody’s way',
    arrange(cluster) {
      shop(cluster);
      cluster.node(1).docker.networks.push(leftNetwork('old', '10.244.9.0/24'));
    },
  },
  'global-rolled-back': {
    title: 'a global service runs, and JACO rolls its revision back and forth',
    arrange(cluster) {
      deploy(cluster, 'agent', [{ name: 'app', on: [1, 2, 3], global: true }]);
      for (const ago of [4, 3, 2, 1]) rolledBack(cluster, 'agent', ago * MINUTE - 10 * SECOND);
    },
  },
  'pending-and-placed': {
    title: 'a deployment still says PENDING although all of it was placed since',
    warns: 'deployment_pending_stale',
    arrange(cluster) {
      shop(cluster);
      pending(cluster, 'shop', 'service "web": no eligible hosts');
    },
  },
  'foreign-container': {
    title: 'a container of a cluster that was wiped is left on the host',
    warns: 'orphan_container',
    arrange(cluster) {
      shop(cluster);
      deploy(cluster, 'ancient', [{ name: 'app' }]);
      container(cluster, 'ancient-app-0').labels['jaco.cluster_id'] = '00000000-1111-4222-8333-444444444444';
      forget(cluster, 'ancient');
    },
  },
  'pool-low': {
    title: 'three quarters of the address pool are given out',
    warns: 'subnet_pool_low',
    arrange(cluster) {
      deploy(cluster, 'wide', [{ name: 'app', on: [1, 2] }]);
      const [service] = cluster.content.deploy.deployments[0]?.services ?? [];
      if (service) service.networks = ['back', ...Array.from({ length: 99 }, (_, index) => `n${index}`)];
    },
  },
});

/** Deletes a deployment and its rows; its containers stay. */
function forget(cluster: Cluster, name: string): void {
  const { deploy: stored } = cluster.content;
  stored.deployments = stored.deployments.filter((one) => one.name !== name);
  stored.replicas = stored.replicas.filter((one) => !one.id.startsWith(`${name}-`));
  cluster.content.replicas = cluster.content.replicas.filter((one) => one.deployment !== name);
}
