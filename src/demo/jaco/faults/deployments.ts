import { AuditEventType, ReplicaState } from '../../../wire/jaco.ts';
import { faultGroup } from '../fault.ts';
import { addAuditEvent } from '../replicated-state.ts';
import {
  addRollback,
  deployShop,
  deploySolo,
  makeNeverStarted,
  makePending,
  makeUnhealthy,
  makeWaiting,
} from '../scenes.ts';
import { deploy } from '../workload.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/** Faults of a deployment: it waits, is not placed, is rolled back, or is deleted. */
export const deploymentFaults = faultGroup('runtime', {
  'waits-for-unhealthy': {
    title: 'a service waits for its database, which is unhealthy: the database is the cause',
    expects: 'replica_unhealthy',
    arrange(cluster) {
      deployShop(cluster);
      makeUnhealthy(cluster, 'shop-db-0', 'disk is full');
      for (const id of ['shop-web-0', 'shop-web-1']) makeWaiting(cluster, id, { condition: 'service_healthy' });
    },
  },
  'dependency-cycle': {
    title: 'two services wait for each other',
    expects: 'depends_on_cycle',
    arrange(cluster) {
      deploy(cluster, 'ring', [
        { name: 'a', dependsOn: ['b'] },
        { name: 'b', dependsOn: ['a'] },
      ]);
      for (const id of ['ring-a-0', 'ring-b-0']) makeWaiting(cluster, id, { state: ReplicaState.UNSPECIFIED });
    },
  },
  'waits-for-zero-replicas': {
    title: 'a service waits for another one with zero replicas',
    expects: 'depends_on_unmet',
    arrange(cluster) {
      deploy(cluster, 'alone', [
        { name: 'db', on: [] },
        { name: 'web', dependsOn: ['db'] },
      ]);
      makeWaiting(cluster, 'alone-web-0', { state: ReplicaState.UNSPECIFIED });
    },
  },
  'too-few-hosts': {
    title: 'more replicas are requested than hosts are eligible: none is placed',
    expects: 'deployment_pending',
    arrange(cluster) {
      deployShop(cluster);
      deploy(cluster, 'pinned', [{ name: 'app', on: [] }]);
      const [service] = cluster.content.deploy.deployments.find(({ name }) => name === 'pinned')?.services ?? [];
      if (service) service.replicas = 3;
      makePending(cluster, 'pinned', 'service "app": only 1 eligible host(s) but 3 replicas requested');
      cluster.raft.extraEntriesPerSecond = 11;
    },
  },
  'underscore-in-name': {
    title: 'a deployment with an underscore in its name never starts a container',
    expects: 'deployment_name_unsafe',
    arrange(cluster) {
      deploy(cluster, 'my_app', [{ name: 'app' }]);
      makeNeverStarted(cluster, 'my_app-app-0', 128, 'network jaco_my_app_back not found');
    },
  },
  'ghost-replicas': {
    title: 'replicas of a deleted deployment are still listed and restarted',
    expects: 'orphan_replica',
    arrange(cluster) {
      deployShop(cluster);
      const { deploy: stored } = cluster.content;
      stored.deployments = stored.deployments.filter(({ name }) => name !== 'shop');
      const payload = { deployment: 'shop' };
      addAuditEvent(cluster.content, {
        type: AuditEventType.DELETE,
        identity: 'bootstrap',
        at: Date.now() - MINUTE,
        payload,
      });
    },
  },
  'rolled-back': {
    title: 'JACO rolls an update back again and again because a replica does not become healthy',
    expects: 'replica_unhealthy',
    arrange(cluster) {
      deploySolo(cluster, { healthcheck: true });
      makeUnhealthy(cluster, 'solo-app-0', 'not ready');
      const [one] = cluster.content.deploy.deployments;
      if (one) Object.assign(one, { appliedRevision: '1', previousRevision: '2' });
      for (const ago of [3, 2, 1]) addRollback(cluster, 'solo', ago * MINUTE - 10 * SECOND);
    },
  },
  'rolled-back-once': {
    title: 'JACO rolled an update back; all replicas are running',
    expects: 'rollout_rolled_back',
    arrange(cluster) {
      deployShop(cluster);
      addRollback(cluster, 'shop', 20 * MINUTE);
    },
  },
});
