import type { Deployment } from './deployments.ts';
import type { ObservedReplica } from './observed-replica.ts';
import type { Replica } from './replica-fact.ts';

/**
 * Rows as GetReplicas would list them, from Deploy.Status of a release that has no GetReplicas
 * (docs/jaco-daemon/releases.md#old-replica-lists). A replica of which nothing was ever reported has no row there, so it is added
 * for each service whose replicas are counted. `onlyMember` is the host of a cluster of one.
 */
export function rowsOfStatus(
  deployments: readonly Deployment[],
  observed: readonly ObservedReplica[],
  onlyMember: string | null,
): readonly Replica[] {
  const reported = observed.map(({ host, deployment, ...row }): Replica => {
    const owner = ownerOf(row.id, deployment, deployments);
    return { ...owner, image: imageOf(row.reason), revision: null, dependsOn: [], ...row, host: host ?? onlyMember };
  });
  const ids = new Set(observed.map(({ id }) => id));
  return [
    ...reported,
    ...wantedIds(deployments)
      .filter(({ id }) => !ids.has(id))
      .map((wanted): Replica => ({ ...UNREPORTED, ...wanted, host: onlyMember })),
  ].sort(byId);
}

const UNREPORTED = {
  image: null,
  revision: null,
  state: 'none',
  code: '',
  message: null,
  reason: null,
  exitCode: null,
  network: null,
  containerId: '',
  ips: {},
  startedAtMs: null,
  lastHealthAtMs: null,
  dependsOn: [],
} as const satisfies Partial<Replica>;

type Owner = Pick<Replica, 'deployment' | 'service'>;

/**
 * An id is `DEPLOYMENT-SERVICE-INDEX`, or ends with a host; names may hold `-`, so the stored names decide
 * (docs/jaco-daemon/runtime.md#docker-names). What belongs to no stored service is one that was removed.
 */
function ownerOf(id: string, given: string | null, deployments: readonly Deployment[]): Owner {
  const candidates = deployments.filter(({ name }) => id.startsWith(`${name}-`) && (given === null || given === name));
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

/** A service that is scheduled on each node has an id for each host, and which hosts it has is not told. */
function wantedIds(deployments: readonly Deployment[]): readonly (Owner & { readonly id: string })[] {
  return deployments
    .filter(({ status }) => status === 'active')
    .flatMap(({ name, services }) =>
      services
        .filter(({ placement }) => placement !== 'global')
        .flatMap(({ name: service, replicas }) =>
          Array.from({ length: Math.min(replicas, MAX_WANTED) }, (_, index) => {
            return { id: `${name}-${service}-${index}`, deployment: name, service };
          }),
        ),
    );
}

/** Replicas of one service that are looked for. */
const MAX_WANTED = 1_000;

/** The reason of a failed pull begins with the image. */
function imageOf(reason: string | null): string | null {
  return /^(\S+): /.exec(reason ?? '')?.[1] ?? null;
}

function byId(a: Replica, b: Replica): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
