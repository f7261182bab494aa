import type { Deployment } from './deployments.ts';
import type { Replica } from './replica-fact.ts';

/** The deployment and the service of a replica. */
export type ReplicaOwner = Pick<Replica, 'deployment' | 'service'>;

/**
 * Finds the owner of a replica by its id, which is `DEPLOYMENT-SERVICE-INDEX` or ends with a host. Names may contain
 * `-`, so the stored names decide (docs/jaco-daemon/runtime.md#docker-names). A replica without a stored service
 * belongs to one that was removed. `given` is the deployment in its row, if there is one.
 */
export function ownerOf(
  id: string,
  given: string | null,
  deployments: ReadonlyMap<string, Pick<Deployment, 'name' | 'services'>>,
): ReplicaOwner {
  const candidates = prefixesOf(id)
    .filter((name) => given === null || given === name)
    .flatMap((name) => deployments.get(name) ?? []);
  for (const { name, services } of candidates) {
    const rest = id.slice(name.length + 1);
    const service = services
      .filter((one) => rest.startsWith(`${one.name}-`))
      .filter((one) => one.placement === 'global' || /^\d+$/.test(rest.slice(one.name.length + 1)))
      .toSorted((a, b) => b.name.length - a.name.length)[0];
    if (service !== undefined) return { deployment: name, service: service.name };
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

/** The names with which an id may begin, the shortest first. */
function prefixesOf(id: string): readonly string[] {
  const prefixes: string[] = [];
  for (let at = id.indexOf('-'); at >= 0; at = id.indexOf('-', at + 1)) prefixes.push(id.slice(0, at));
  return prefixes;
}

/** Most replicas of one service that are looked for. */
const MAX_WANTED = 1_000;

/** The desired replicas of a deployment. A service that is scheduled on each node has one for each of `members`. */
export function wantedIds(
  { name, services }: Pick<Deployment, 'name' | 'services'>,
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
