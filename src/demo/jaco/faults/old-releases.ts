import { ReplicaState } from '../../../wire/jaco.ts';
import type { Cluster } from '../cluster.ts';
import { faultGroup } from '../fault.ts';
import { clearReport, deploy, removeContainer, replicaRow } from '../workload.ts';

/** Sets the release of all nodes. */
function allRun(cluster: Cluster, release: string): void {
  for (const node of cluster.nodes) node.release = release;
}

function deployShop(cluster: Cluster): void {
  deploy(cluster, 'shop', [
    { name: 'db', on: [1], healthcheck: true },
    { name: 'web', on: [1, 2], dependsOn: ['db'] },
  ]);
}

/** Releases before v0.3.8, which list replicas only in Deploy.Status. */
export const oldReleases = faultGroup('runtime', {
  'old-release': {
    title: 'three nodes of v0.3.7 run a shop',
    arrange(cluster) {
      allRun(cluster, 'v0.3.7');
      deployShop(cluster);
    },
  },
  'oldest-release': {
    title: 'a single node of v0.2.0, which lists no votes',
    nodes: 1,
    arrange(cluster) {
      allRun(cluster, 'v0.2.0');
      deploy(cluster, 'shop', [{ name: 'web', on: [1, 1] }]);
    },
  },
  'old-release-pull-failed': {
    title: 'on v0.3.7 an image cannot be pulled',
    expects: 'image_pull_failed',
    arrange(cluster) {
      allRun(cluster, 'v0.3.7');
      deployShop(cluster);
      removeContainer(cluster, 'shop-web-0');
      Object.assign(replicaRow(cluster, 'shop-web-0'), {
        state: ReplicaState.PENDING,
        code: 'image_pull_failed',
        containerId: '',
        details: { deployment: 'shop', host: 'demo-1', reason: 'nginx:1: Error response from daemon: unauthorized' },
        startedAt: undefined,
        lastHealthAt: undefined,
      });
    },
  },
  'releases-differ': {
    title: 'demo-2 was upgraded to v0.3.9, and the others run v0.3.7',
    warns: 'version_skew',
    arrange(cluster) {
      allRun(cluster, 'v0.3.7');
      cluster.node(2).release = 'v0.3.9';
      deployShop(cluster);
    },
  },
  'old-release-never-started': {
    title: 'on v0.3.7 a replica was never started, so it has no row at all',
    expects: 'replica_not_started',
    nodes: 1,
    arrange(cluster) {
      allRun(cluster, 'v0.3.7');
      deploy(cluster, 'shop', [{ name: 'web', on: [1] }]);
      removeContainer(cluster, 'shop-web-0');
      clearReport(cluster, 'shop-web-0');
      // A daemon that has just started has not created it yet.
      cluster.node(1).startedAtMs = Date.now() - 600_000;
    },
  },
});
