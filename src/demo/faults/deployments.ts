import { AuditEventType, ReplicaState } from '../../wire/jaco.ts';
import { audited } from '../content.ts';
import { group } from '../fault.ts';
import { pending, rolledBack, shop, solo } from '../scenes.ts';
import { container, deploy, neverReported, removeContainer, row } from '../workload.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/** What can be wrong with a deployment: what waits, is not placed, is rolled back, or is gone. */
export const deploymentFaults = group('runtime', {
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
