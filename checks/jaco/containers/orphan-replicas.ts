import type { Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import type { DeploymentEvents } from '../../../src/probes/jaco/runtime/deployment-events.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';

/**
 * Replicas that were written again after their deployment was deleted, a finding for each deployment
 * (docs/jaco-daemon/runtime.md#ghost-replicas).
 */
export function orphanReplicas(
  rows: readonly Replica[],
  deletedDeployments: readonly string[],
  events: DeploymentEvents | null,
): readonly Finding<'orphan_replica', never>[] {
  return deletedDeployments.map((deployment) => {
    const left = rows.filter((row) => row.deployment === deployment);
    const deleted = events?.events.filter((one) => one.kind === 'delete' && one.deployment === deployment).at(-1);
    const hosts = [...new Set(left.map((row) => row.host))].join(', ');
    const evidence = [
      `${left.length} replicas of ${deployment} are listed on ${hosts}, and there is no such deployment`,
      ...(deleted === undefined ? [] : [`it was deleted at ${formatTime(deleted.atMs)}`]),
    ];
    return { id: 'orphan_replica', subject: deployment, evidence, values: { deployment } };
  });
}
