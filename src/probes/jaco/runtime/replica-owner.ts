import type { Deployment } from './deployments.ts';
import type { Replica } from './replica-fact.ts';

/** The deployment and the service of a replica. */
export type ReplicaOwner = Pick<Replica, 'deployment' | 'service'>;

/**
 * Finds the owner of a replica by its id, which is `DEPLOYMENT-SERVICE-INDEX` or ends with a host. Names may contain
 * `-`, so the stored names decide (docs/jaco-daemon/runtime.md#docker-names). A replica without a stored service
 * belongs to one that was removed. `given` is the deployment in its row, if there is one.
 */
export function ownerOf(id: string, given: string | null, deployments: ReadonlyMap<string, Stored>): ReplicaOwner {
  const candidates = candidatesOf(id, given, deployments);
  for (const { name, services } of candidates) {
    const service = serviceOf(id.slice(name.length + 1), services);
    if (service !== null) return { deployment: name, service };
  }
  const parts = id.split('-');
  const deployment = given ?? candidates[0]?.name ?? parts.slice(0, -2).join('-');
  return {
    deployment,
    service: parts
      .slice(0, -1)
      .join('-')
      .slice(deployment.length + 1),
  };
}

type Stored = Pick<Deployment, 'name' | 'services'>;

/** The deployments whose name the id may begin with, the shortest name first. */
function candidatesOf(id: string, given: string | null, deployments: ReadonlyMap<string, Stored>): readonly Stored[] {
  const candidates: Stored[] = [];
  for (let end = id.indexOf('-'); end >= 0; end = id.indexOf('-', end + 1)) {
    const name = id.slice(0, end);
    const stored = given === null || given === name ? deployments.get(name) : undefined;
    if (stored !== undefined) candidates.push(stored);
  }
  return candidates;
}

/** The service with the longest name that `SERVICE-INDEX` or `SERVICE-HOST` begins with. */
function serviceOf(rest: string, services: Stored['services']): string | null {
  let longest: string | null = null;
  for (const { name, placement } of services) {
    const isLonger = longest === null || name.length > longest.length;
    if (!isLonger || rest[name.length] !== '-' || !rest.startsWith(name)) continue;
    if (placement === 'global' || /^\d+$/.test(rest.slice(name.length + 1))) longest = name;
  }
  return longest;
}

/** Most replicas of one service that are looked for. */
const MAX_WANTED = 1_000;

/** The desired replicas of a deployment. A service that is scheduled on each node has one for each of `members`. */
export function desiredIds(
  { name, services }: Stored,
  members: readonly string[],
): readonly (ReplicaOwner & { readonly id: string })[] {
  return services.flatMap(({ name: service, replicas, placement }) => {
    const ends =
      placement === 'global'
        ? members
        : Array.from({ length: Math.min(replicas, MAX_WANTED) }, (_, index) => `${index}`);
    return ends.map((end) => ({ id: `${name}-${service}-${end}`, deployment: name, service }));
  });
}
