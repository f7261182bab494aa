import { ReplicaState } from '../../../wire/jaco.ts';
import type { Cluster } from '../cluster.ts';
import { faultGroup } from '../fault.ts';
import { timestamp } from '../members.ts';
import { deploySolo, makeNeverStarted, makeUnhealthy } from '../scenes.ts';
import { clearReport, removeContainer, replicaContainer, replicaRow } from '../workload.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/** Deploys a program that exits shortly after each start, every 30 s. `state` is its state at the time of the run. */
function deployCrashLoop(cluster: Cluster, state: 'running' | 'exited', code = 3): void {
  deploySolo(cluster);
  const crashing = replicaContainer(cluster, 'solo-app-0');
  const now = Date.now();
  const exitAges = [2 * MINUTE, 90 * SECOND, 60 * SECOND, ...(state === 'exited' ? [] : [32 * SECOND])];
  for (const ago of exitAges)
    cluster.node(1).docker.events.push({
      action: 'die',
      container: crashing.id,
      replica: 'solo-app-0',
      at: now - ago,
      exitCode: code,
    });
  crashing.log = ['starting', 'cannot open the database: password=hunter2hunter2 refused'];
  if (state === 'running') Object.assign(crashing, { startedAt: now - 2 * SECOND, finishedAt: now - 32 * SECOND });
  else {
    Object.assign(crashing, {
      state: 'exited',
      exitCode: code,
      startedAt: now - 22 * SECOND,
      finishedAt: now - 20 * SECOND,
    });
    Object.assign(replicaRow(cluster, 'solo-app-0'), {
      state: ReplicaState.FAILED,
      code: 'restart_exhausted',
      message: 'restart policy gave up after 3 consecutive failures',
      details: { consecutive_failures: '3' },
    });
  }
}

/** Faults of a single container or replica. */
export const containerFaults = faultGroup('runtime', {
  'exit-loop': {
    title: 'a program exits with status 3 right after each start; JACO reports restart_exhausted',
    expects: 'container_exited',
    arrange: (cluster) => deployCrashLoop(cluster, 'exited'),
  },
  'exit-loop-running': {
    title: 'a program exits right after each start, seen at a moment when JACO reports RUNNING',
    expects: 'container_exited',
    arrange: (cluster) => deployCrashLoop(cluster, 'running'),
  },
  'exits-with-zero': {
    title: 'a program exits with status 0 again and again',
    expects: 'container_exited',
    arrange: (cluster) => deployCrashLoop(cluster, 'exited', 0),
  },
  'bad-command': {
    title: 'the command of a container is not in its image; no list of JACO shows the replica',
    expects: 'replica_not_started',
    arrange(cluster) {
      deploySolo(cluster);
      const error =
        'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/no/such/program": stat /no/such/program: no such file or directory: unknown';
      makeNeverStarted(cluster, 'solo-app-0', 127, error);
    },
  },
  'image-missing': {
    title: 'an image that is never pulled is not on the node',
    expects: 'replica_not_started',
    arrange(cluster) {
      deploySolo(cluster, { image: 'lab/nosuch:9', compose: '    pull_policy: never\n' });
      clearReport(cluster, 'solo-app-0');
      removeContainer(cluster, 'solo-app-0');
      cluster.node(1).docker.images.delete('lab/nosuch:9');
    },
  },
  'never-started': {
    title: 'a replica was placed on another node long ago and was never reported',
    expects: 'replica_not_started',
    arrange(cluster) {
      deploySolo(cluster, { on: [2] });
      clearReport(cluster, 'solo-app-0');
      removeContainer(cluster, 'solo-app-0');
    },
  },
  'pull-unauthorized': {
    title: 'a registry refuses an image, and no credential is stored for it',
    expects: 'image_pull_failed',
    arrange(cluster) {
      deploySolo(cluster, { image: 'ghcr.io/shop/app:2' });
      removeContainer(cluster, 'solo-app-0');
      cluster.content.registries.push({
        registry: 'docker.io',
        username: 'shop',
        updatedAt: timestamp(Date.now() - MINUTE),
      });
      const reason =
        'ghcr.io/shop/app:2: Error response from daemon: Head "https://ghcr.io/v2/shop/app/manifests/2": unauthorized: failed to fetch anonymous token: 401 Unauthorized';
      Object.assign(replicaRow(cluster, 'solo-app-0'), {
        state: ReplicaState.PENDING,
        code: 'image_pull_failed',
        containerId: '',
        details: { deployment: 'solo', host: 'demo-1', reason },
      });
    },
  },
  unhealthy: {
    title: 'a container is running and its health check fails',
    expects: 'replica_unhealthy',
    arrange(cluster) {
      deploySolo(cluster, { healthcheck: true });
      makeUnhealthy(cluster, 'solo-app-0', 'no database\n');
    },
  },
  'exhausted-elsewhere': {
    title: 'a replica on another node failed three times, and the reason was overwritten',
    expects: 'restart_exhausted',
    arrange(cluster) {
      deploySolo(cluster, { on: [2] });
      Object.assign(replicaRow(cluster, 'solo-app-0'), {
        state: ReplicaState.FAILED,
        code: 'restart_exhausted',
        details: { consecutive_failures: '3' },
      });
    },
  },
  'stale-health-report': {
    title: 'JACO reports a replica as RUNNING, but its node has sent no health report for a minute',
    expects: 'replica_stale',
    arrange(cluster) {
      deploySolo(cluster, { on: [2] });
      cluster.content.unwatched.add('solo-app-0');
      Object.assign(replicaRow(cluster, 'solo-app-0'), { lastHealthAt: timestamp(Date.now() - MINUTE) });
    },
  },
});
