import { AuditEventType, DeploymentStatus, type ReplicaDetail, ReplicaState } from '../../wire/jaco.ts';
import type { Cluster } from './cluster.ts';
import { addAuditEvent } from './replicated-state.ts';
import { clearReport, deploy, removeContainer, replicaContainer, replicaRow } from './workload.ts';

/** Deploys a shop on two nodes: a web service that depends on a database. */
export function deployShop(cluster: Cluster, appliedAt?: number): void {
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

/** Deploys one service with one container, for faults of a single container. */
export function deploySolo(
  cluster: Cluster,
  extra: { image?: string; compose?: string; healthcheck?: boolean; on?: number[] } = {},
): void {
  deploy(cluster, 'solo', [{ name: 'app', ...extra }]);
}

/** A replica whose container is running and fails its health check with `output`. */
export function makeUnhealthy(cluster: Cluster, replica: string, output: string): void {
  Object.assign(replicaContainer(cluster, replica), { health: { status: 'unhealthy', output, startPeriodMs: 0 } });
  replicaRow(cluster, replica).state = ReplicaState.DEGRADED;
}

/** A replica whose container was created and never started. No list of JACO shows it. */
export function makeNeverStarted(cluster: Cluster, replica: string, exitCode: number, error: string): void {
  clearReport(cluster, replica);
  Object.assign(replicaContainer(cluster, replica), { state: 'created', startedAt: null, exitCode, error });
}

/** A replica that waits for a dependency; `dependency` overrides the dependency entries of its row. */
export function makeWaiting(
  cluster: Cluster,
  replica: string,
  dependency: Partial<ReplicaDetail['dependsOn'][number]>,
): void {
  clearReport(cluster, replica);
  removeContainer(cluster, replica);
  const waiting = replicaRow(cluster, replica);
  waiting.dependsOn = waiting.dependsOn.map((row) => ({ ...row, ...dependency, satisfied: false }));
}

/** Marks a deployment as one that the scheduler could not place. */
export function makePending(cluster: Cluster, name: string, reason: string): void {
  const deployment = cluster.content.deploy.deployments.find((candidate) => candidate.name === name);
  if (deployment) Object.assign(deployment, { status: DeploymentStatus.PENDING, statusDetails: { reason } });
}

/** The network that a deleted deployment left on a host. */
export function leftoverNetwork(deployment: string, subnet: string) {
  const labels = {
    'jaco.cluster_id': 'dc67288a-0000-4000-8000-7ee895e76031',
    'jaco.deployment': deployment,
    'jaco.network': 'back',
    'jaco.subnet': subnet,
  };
  return { name: `jaco_${deployment}_back`, subnet, labels };
}

/** Adds a rollback of a deployment to the audit log, `agoMs` ago. */
export function addRollback(cluster: Cluster, deployment: string, agoMs: number): void {
  const payload = { deployment, revision: '1' };
  addAuditEvent(cluster.content, {
    type: AuditEventType.ROLLBACK,
    identity: 'rollout',
    at: Date.now() - agoMs,
    payload,
  });
}
