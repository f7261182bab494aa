import { AuditEventType, DeploymentStatus, type ReplicaDetail, ReplicaState } from '../../wire/jaco.ts';
import type { Cluster } from './cluster.ts';
import { audited } from './content.ts';
import { container, deploy, neverReported, removeContainer, row } from './workload.ts';

/** A shop on two nodes: a web that waits for its database. */
export function shop(cluster: Cluster, appliedAt?: number): void {
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
export function solo(
  cluster: Cluster,
  extra: { image?: string; compose?: string; healthcheck?: boolean; on?: number[] } = {},
): void {
  deploy(cluster, 'solo', [{ name: 'app', ...extra }]);
}

/** A replica whose container runs and fails its health check, which says `output`. */
export function unhealthy(cluster: Cluster, replica: string, output: string): void {
  Object.assign(container(cluster, replica), { health: { status: 'unhealthy', output, startPeriodMs: 0 } });
  row(cluster, replica).state = ReplicaState.DEGRADED;
}

/** A replica whose container was made and never started; no list of JACO's shows it. */
export function neverStarted(cluster: Cluster, replica: string, exitCode: number, error: string): void {
  neverReported(cluster, replica);
  Object.assign(container(cluster, replica), { state: 'created', startedAt: null, exitCode, error });
}

/** A replica that is not started before what it depends on, which is not so yet; `as` is what its row says of that. */
export function waits(cluster: Cluster, replica: string, as: Partial<ReplicaDetail['dependsOn'][number]>): void {
  neverReported(cluster, replica);
  removeContainer(cluster, replica);
  const waiting = row(cluster, replica);
  waiting.dependsOn = waiting.dependsOn.map((one) => ({ ...one, ...as, satisfied: false }));
}

/** Marks a deployment as one that the scheduler could not place. */
export function pending(cluster: Cluster, name: string, reason: string): void {
  const found = cluster.content.deploy.deployments.find((one) => one.name === name);
  if (found) Object.assign(found, { status: DeploymentStatus.PENDING, statusDetails: { reason } });
}

/** The network that a deleted deployment left on a host. */
export function leftNetwork(deployment: string, subnet: string) {
  const labels = {
    'jaco.cluster_id': 'dc67288a-0000-4000-8000-7ee895e76031',
    'jaco.deployment': deployment,
    'jaco.network': 'back',
    'jaco.subnet': subnet,
  };
  return { name: `jaco_${deployment}_back`, subnet, labels };
}

/** Writes into the audit log that JACO rolled a deployment back, `agoMs` ago. */
export function rolledBack(cluster: Cluster, deployment: string, agoMs: number): void {
  const payload = { deployment, revision: '1' };
  audited(cluster.content, { type: AuditEventType.ROLLBACK, identity: 'rollout', at: Date.now() - agoMs, payload });
}
