import { groupBy } from '../../../engine/group-by.ts';
import type { Container } from '../../docker/containers.ts';
import type { DeletedDeployments } from './deleted-deployments.ts';
import type { Deployment, Deployments } from './deployments.ts';
import type { ObservedReplica } from './observed-replica.ts';
import { desiredIds, ownerOf } from './replica-owner.ts';

/** The facts that show whether Deploy.Status shows enough about the replicas; null for what could not be read. */
export type DetailSources = {
  readonly stored: Deployments | null;
  readonly deleted: DeletedDeployments | null;
  /** Containers of this node. */
  readonly containers: readonly Pick<Container, 'deployment' | 'createdAtMs'>[];
  /** Host names of the members. */
  readonly members: readonly string[];
};

/** Most deployments that are asked for one by one; one call for all costs no more than this many. */
const MAX_ASKED = 30;
/** Docker lists the creation of a container in whole seconds. */
const CREATION_ACCURACY_MS = 1_000;

/**
 * The deployments for which GetReplicas must be asked, because only it shows the desired revision, the image and the
 * dependencies of a replica. The daemon reads a compose file for each service that it lists, so it is asked for no
 * other (docs/jaco-daemon/control.md#server-options). For the rest, exactly the desired replicas are reported
 * as running, and no container here is older than the last apply. `all`: Deploy.Status does not show which.
 */
export function deploymentsNeedingDetails({
  stored,
  deleted,
  containers,
  members,
}: DetailSources): readonly string[] | 'all' {
  const observed = stored?.replicas;
  if (stored === null || observed === undefined || stored.omitted > 0 || observed.omitted > 0) return 'all';
  // Only v0.3.9 and later name the host of a running replica.
  if (stored.namesHosts !== true || deleted === null || deleted.cut) return 'all';
  const byName = new Map(stored.list.map((one) => [one.name, one]));
  const rowsByDeployment = groupBy(observed.list, ({ id, deployment }) => ownerOf(id, deployment, byName).deployment);
  // The name of a deleted deployment cannot be read from an id.
  for (const [name, rows] of rowsByDeployment)
    if (!byName.has(name) && rows.some(({ deployment }) => deployment === null)) return 'all';
  const oldestContainer = new Map<string, number>();
  for (const { deployment, createdAtMs } of containers)
    oldestContainer.set(deployment, Math.min(createdAtMs, oldestContainer.get(deployment) ?? createdAtMs));
  const incomplete = stored.list.filter(
    (one) =>
      !isFullyReported(one, rowsByDeployment.get(one.name) ?? [], members) ||
      isOlder(oldestContainer.get(one.name) ?? null, one.updatedAtMs),
  );
  const gone = [...deleted.names, ...rowsByDeployment.keys()].filter((name) => !byName.has(name));
  const names = [...new Set([...incomplete.map(({ name }) => name), ...gone])];
  return names.length > MAX_ASKED ? 'all' : names;
}

/** Whether the container may be from before the last apply. */
function isOlder(createdAtMs: number | null, updatedAtMs: number | null): boolean {
  return createdAtMs !== null && (updatedAtMs === null || createdAtMs + CREATION_ACCURACY_MS <= updatedAtMs);
}

function isFullyReported(
  deployment: Deployment,
  rows: readonly ObservedReplica[],
  members: readonly string[],
): boolean {
  if (deployment.status !== 'active') return false;
  const wanted = new Set(desiredIds(deployment, members).map(({ id }) => id));
  return (
    rows.length === wanted.size &&
    rows.every(({ id, state, host }) => state === 'running' && host !== null && wanted.has(id))
  );
}
