import { AuditEventType, DeploymentStatus, ReplicaState } from '../wire/jaco.ts';
import type { Cluster } from './cluster.ts';
import { audited } from './content.ts';
import { group } from './fault.ts';
import { timestamp } from './members.ts';
import { container, deploy, neverReported, removeContainer, row } from './workload.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A shop on two nodes: a web that waits for its database. */
function shop(cluster: Cluster, appliedAt?: number): void {
  deploy(
    cluster,
    'shop',
    [
      { name: 'db', on: [1], healthcheck: true },
      { name: 'web', on: [1, 2], dependsOn: ['db'] },
    ],
    appliedAt,
  );
}

/** One deployment of one service, for what goes wrong with a single container. */
function solo(
  cluster: Cluster,
  extra: { image?: string; compose?: string; healthcheck?: boolean; on?: number[] } = {},
): void {
  deploy(cluster, 'solo', [{ name: 'app', ...extra }]);
}

/** As a program that ends shortly after each start, every 30 s; seen while it runs, or after it ended. */
function loop(cluster: Cluster, seen: 'running' | 'exited', code = 3): void {
  solo(cluster);
  const it = container(cluster, 'solo-app-0');
  const now = Date.now();
  const ends = [2 * MINUTE, 90 * SECOND, 60 * SECOND, ...(seen === 'exited' ? [] : [32 * SECOND])];
  for (const ago of ends)
    cluster
      .node(1)
      .docker.events.push({ action: 'die', container: it.id, replica: 'solo-app-0', at: now - ago, exitCode: code });
  it.log = ['starting', 'cannot open the database: password=hunter2hunter2 refused'];
  if (seen === 'running') Object.assign(it, { startedAt: now - 2 * SECOND, finishedAt: now - 32 * SECOND });
  else {
    Object.assign(it, { state: 'exited', exitCode: code, startedAt: now - 22 * SECOND, finishedAt: now - 20 * SECOND });
    Object.assign(row(cluster, 'solo-app-0'), {
      state: ReplicaState.FAILED,
      code: 'restart_exhausted',
      message: 'restart policy gave up after 3 consecutive failures',
      details: { consecutive_failures: '3' },
    });
  }
}

/** Marks a deployment as one that the scheduler could not place. */
function pending(cluster: Cluster, name: string, reason: string): void {
  const found = cluster.content.deploy.deployments.find((one) => one.name === name);
  if (found) Object.assign(found, { status: DeploymentStatus.PENDING, statusDetails: { reason } });
}

/** What runs, and what looks odd and is well. */
export const runsWell = group('none', {
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
      const waiting = row(cluster, 'shop-web-0');
      neverReported(cluster, 'shop-web-0');
      removeContainer(cluster, 'shop-web-0');
      Object.assign(waiting, {
        dependsOn: waiting.dependsOn.map((one) => ({ ...one, state: ReplicaState.PENDING, satisfied: false })),
      });
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

function leftNetwork(deployment: string, subnet: string) {
  const labels = {
    'jaco.cluster_id': 'dc67288a-0000-4000-8000-7ee895e76031',
    'jaco.deployment': deployment,
    'jaco.network': 'back',
    'jaco.subnet': subnet,
  };
  return { name: `jaco_${deployment}_back`, subnet, labels };
}

function rolledBack(cluster: Cluster, deployment: string, agoMs: number): void {
  const payload = { deployment, revision: '1' };
  audited(cluster.content, { type: AuditEventType.ROLLBACK, identity: 'rollout', at: Date.now() - agoMs, payload });
}

/** Deletes a deployment and its rows; its containers stay. */
function forget(cluster: Cluster, name: string): void {
  const { deploy: stored } = cluster.content;
  stored.deployments = stored.deployments.filter((one) => one.name !== name);
  stored.replicas = stored.replicas.filter((one) => !one.id.startsWith(`${name}-`));
  cluster.content.replicas = cluster.content.replicas.filter((one) => one.deployment !== name);
}

/** What can be wrong with the container engine of this host. */
export const engineFaults = group('engine', {
  'docker-stopped': {
    title: 'the container engine is stopped and its socket is gone',
    expects: 'docker_error',
    async arrange(cluster) {
      shop(cluster);
      await cluster.node(1).docker.stop();
    },
  },
  'docker-killed': {
    title: 'the container engine was killed and left its socket behind',
    expects: 'docker_error',
    async arrange(cluster) {
      shop(cluster);
      await cluster.node(1).docker.stop('kill');
    },
  },
  'docker-frozen': {
    title: 'the container engine accepts connections and says nothing',
    expects: 'docker_error',
    arrange(cluster) {
      shop(cluster);
      cluster.node(1).docker.behave('freeze');
    },
  },
  'docker-other-server': {
    title: 'something that is no container engine listens on its socket',
    expects: 'docker_error',
    arrange(cluster) {
      shop(cluster);
      cluster.node(1).docker.behave('http');
    },
  },
  'docker-refuses': {
    title: 'the container engine answers and cannot list its containers',
    expects: 'docker_error',
    arrange(cluster) {
      shop(cluster);
      cluster
        .node(1)
        .docker.refusals.push({ path: '/containers/json', status: 500, message: 'containerd is not responding' });
    },
  },
});

/** What can be wrong with what is deployed. */
export const runtimeFaults = group('runtime', {
  'exit-loop': {
    title: 'a program ends with 3 right after each start; JACO says restart_exhausted',
    expects: 'container_exited',
    arrange: (cluster) => loop(cluster, 'exited'),
  },
  'exit-loop-running': {
    title: 'a program ends right after each start, seen in a moment in which JACO calls it RUNNING',
    expects: 'container_exited',
    arrange: (cluster) => loop(cluster, 'running'),
  },
  'exits-with-zero': {
    title: 'a program ends with success, again and again',
    expects: 'container_exited',
    arrange: (cluster) => loop(cluster, 'exited', 0),
  },
  'bad-command': {
    title: 'the command of a container is not in its image; no list of JACO’s shows the replica',
    expects: 'replica_not_started',
    arrange(cluster) {
      solo(cluster);
      neverReported(cluster, 'solo-app-0');
      const error =
        'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/no/such/program": stat /no/such/program: no such file or directory: unknown';
      Object.assign(container(cluster, 'solo-app-0'), { state: 'created', startedAt: null, exitCode: 127, error });
    },
  },
  'image-not-here': {
    title: 'an image that is never pulled is not on the node',
    expects: 'replica_not_started',
    arrange(cluster) {
      solo(cluster, { image: 'lab/nosuch:9', compose: '    pull_policy: never\n' });
      neverReported(cluster, 'solo-app-0');
      removeContainer(cluster, 'solo-app-0');
      cluster.node(1).docker.images.delete('lab/nosuch:9');
    },
  },
  'started-nowhere': {
    title: 'a replica on another node was placed long ago and was never reported',
    expects: 'replica_not_started',
    arrange(cluster) {
      solo(cluster, { on: [2] });
      neverReported(cluster, 'solo-app-0');
      removeContainer(cluster, 'solo-app-0');
    },
  },
  'pull-unauthorized': {
    title: 'a registry refuses an image, and no credential is stored for it',
    expects: 'image_pull_failed',
    arrange(cluster) {
      solo(cluster, { image: 'ghcr.io/shop/app:2' });
      removeContainer(cluster, 'solo-app-0');
      cluster.content.registries.push({
        registry: 'docker.io',
        username: 'shop',
        updatedAt: timestamp(Date.now() - MINUTE),
      });
      const reason =
        'ghcr.io/shop/app:2: Error response from daemon: Head "https://ghcr.io/v2/shop/app/manifests/2": unauthorized: failed to fetch anonymous token: 401 Unauthorized';
      Object.assign(row(cluster, 'solo-app-0'), {
        state: ReplicaState.PENDING,
        code: 'image_pull_failed',
        containerId: '',
        details: { deployment: 'solo', host: 'demo-1', reason },
      });
    },
  },
  unhealthy: {
    title: 'a container runs and its health check fails',
    expects: 'replica_unhealthy',
    arrange(cluster) {
      solo(cluster, { healthcheck: true });
      Object.assign(container(cluster, 'solo-app-0'), {
        health: { status: 'unhealthy', output: 'no database\n', startPeriodMs: 0 },
      });
      Object.assign(row(cluster, 'solo-app-0'), { state: ReplicaState.DEGRADED });
    },
  },
  'waits-for-sick': {
    title: 'a service waits for its database, which is unhealthy: the database leads',
    expects: 'replica_unhealthy',
    arrange(cluster) {
      shop(cluster);
      Object.assign(container(cluster, 'shop-db-0'), {
        health: { status: 'unhealthy', output: 'disk is full', startPeriodMs: 0 },
      });
      Object.assign(row(cluster, 'shop-db-0'), { state: ReplicaState.DEGRADED });
      for (const id of ['shop-web-0', 'shop-web-1']) {
        neverReported(cluster, id);
        removeContainer(cluster, id);
        const waiting = row(cluster, id);
        waiting.dependsOn = waiting.dependsOn.map((one) => ({
          ...one,
          condition: 'service_healthy',
          satisfied: false,
        }));
      }
    },
  },
  'depends-on-circle': {
    title: 'two services wait for each other',
    expects: 'depends_on_cycle',
    arrange(cluster) {
      deploy(cluster, 'ring', [
        { name: 'a', dependsOn: ['b'] },
        { name: 'b', dependsOn: ['a'] },
      ]);
      for (const id of ['ring-a-0', 'ring-b-0']) {
        neverReported(cluster, id);
        removeContainer(cluster, id);
        const waiting = row(cluster, id);
        waiting.dependsOn = waiting.dependsOn.map((one) => ({
          ...one,
          state: ReplicaState.UNSPECIFIED,
          satisfied: false,
        }));
      }
    },
  },
  'too-few-hosts': {
    title: 'more replicas are asked for than hosts are allowed: none is placed',
    expects: 'deployment_pending',
    arrange(cluster) {
      shop(cluster);
      deploy(cluster, 'pinned', [{ name: 'app', on: [] }]);
      const [service] = cluster.content.deploy.deployments.find(({ name }) => name === 'pinned')?.services ?? [];
      if (service) service.replicas = 3;
      pending(cluster, 'pinned', 'service "app": only 1 eligible host(s) but 3 replicas requested');
      cluster.raft.racing = 11;
    },
  },
  'underscore-in-name': {
    title: 'a deployment with an underscore in its name never starts a container',
    expects: 'deployment_name_unsafe',
    arrange(cluster) {
      deploy(cluster, 'my_app', [{ name: 'app' }]);
      neverReported(cluster, 'my_app-app-0');
      const error = 'network jaco_my_app_back not found';
      Object.assign(container(cluster, 'my_app-app-0'), { state: 'created', startedAt: null, exitCode: 128, error });
    },
  },
  'ghost-replicas': {
    title: 'replicas of a deleted deployment are listed and tried for ever',
    expects: 'orphan_replica',
    arrange(cluster) {
      shop(cluster);
      const { deploy: stored } = cluster.content;
      stored.deployments = stored.deployments.filter(({ name }) => name !== 'shop');
      const payload = { deployment: 'shop' };
      audited(cluster.content, {
        type: AuditEventType.DELETE,
        identity: 'bootstrap',
        at: Date.now() - MINUTE,
        payload,
      });
    },
  },
  'network-left-behind': {
    title: 'the network of a deleted deployment holds the addresses that the next one was given',
    expects: 'network_conflict',
    arrange(cluster) {
      deploy(cluster, 'new', [{ name: 'app' }]);
      neverReported(cluster, 'new-app-0');
      const error = 'network jaco_new_back not found';
      Object.assign(container(cluster, 'new-app-0'), { state: 'created', startedAt: null, exitCode: 128, error });
      const { networks } = cluster.node(1).docker;
      networks.splice(0, networks.length, leftNetwork('old', '10.244.0.0/24'));
    },
  },
  'network-name-taken': {
    title: 'somebody else’s network has the name that JACO would give: the container runs outside of the pool',
    expects: 'network_conflict',
    arrange(cluster) {
      solo(cluster);
      const [network] = cluster.node(1).docker.networks;
      if (network) Object.assign(network, { subnet: '172.30.0.0/16', labels: {} });
      container(cluster, 'solo-app-0').networks = { jaco_solo_back: '172.30.0.2' };
    },
  },
  'pool-exhausted': {
    title: 'the address pool is given out, and a replica gets no network',
    expects: 'subnet_pool_exhausted',
    arrange(cluster) {
      solo(cluster);
      removeContainer(cluster, 'solo-app-0');
      Object.assign(row(cluster, 'solo-app-0'), {
        state: ReplicaState.FAILED,
        code: 'subnet_pool_exhausted',
        containerId: '',
        details: { deployment: 'solo', network: 'back', host: 'demo-1' },
      });
    },
  },
  'exhausted-elsewhere': {
    title: 'a replica on another node failed three looks, and nothing says why',
    expects: 'restart_exhausted',
    arrange(cluster) {
      solo(cluster, { on: [2] });
      Object.assign(row(cluster, 'solo-app-0'), {
        state: ReplicaState.FAILED,
        code: 'restart_exhausted',
        details: { consecutive_failures: '3' },
      });
    },
  },
  'unwatched-replica': {
    title: 'a replica is called RUNNING, and its node has not looked for a minute',
    expects: 'replica_stale',
    arrange(cluster) {
      solo(cluster, { on: [2] });
      cluster.content.unwatched.add('solo-app-0');
      Object.assign(row(cluster, 'solo-app-0'), { lastHealthAt: timestamp(Date.now() - MINUTE) });
    },
  },
  'waits-for-nobody': {
    title: 'a service waits for one of which no replica is asked for',
    expects: 'depends_on_unmet',
    arrange(cluster) {
      deploy(cluster, 'alone', [
        { name: 'db', on: [] },
        { name: 'web', dependsOn: ['db'] },
      ]);
      neverReported(cluster, 'alone-web-0');
      removeContainer(cluster, 'alone-web-0');
      const waiting = row(cluster, 'alone-web-0');
      waiting.dependsOn = waiting.dependsOn.map((one) => ({
        ...one,
        state: ReplicaState.UNSPECIFIED,
        satisfied: false,
      }));
    },
  },
  'rolled-back': {
    title: 'JACO rolls an update back and forth because a replica does not come up',
    expects: 'replica_unhealthy',
    arrange(cluster) {
      solo(cluster, { healthcheck: true });
      Object.assign(container(cluster, 'solo-app-0'), {
        health: { status: 'unhealthy', output: 'not ready', startPeriodMs: 0 },
      });
      Object.assign(row(cluster, 'solo-app-0'), { state: ReplicaState.DEGRADED });
      const [one] = cluster.content.deploy.deployments;
      if (one) Object.assign(one, { appliedRevision: '1', previousRevision: '2' });
      for (const ago of [3, 2, 1]) rolledBack(cluster, 'solo', ago * MINUTE - 10 * SECOND);
    },
  },
  'rolled-back-once': {
    title: 'JACO rolled an update back by itself; all of it runs',
    expects: 'rollout_rolled_back',
    arrange(cluster) {
      shop(cluster);
      rolledBack(cluster, 'shop', 20 * MINUTE);
    },
  },
});
