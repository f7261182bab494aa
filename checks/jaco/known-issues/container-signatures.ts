import { formatDuration, formatTime } from '../../../src/engine/format.ts';
import { groupBy } from '../../../src/engine/group-by.ts';
import type { Container } from '../../../src/probes/docker/containers.ts';
import type { Manifest } from '../../../src/probes/jaco/runtime/manifests.ts';
import { type Sign, signature } from './signature.ts';

/** Without #152, a started container is RUNNING after this time, in ms (docs/jaco-daemon/releases.md#known-issues). */
const RUNNING_AFTER_MS = 20_000;
/**
 * The scheduler stops containers that a new revision does not name within this time, in ms
 * (docs/jaco-daemon/releases.md#known-issues).
 */
const STOPPED_AFTER_MS = 30_000;
/** Most names in one sentence. */
const MAX_NAMES = 5;

/** #181: a container on a network of JACO has no name server setting, so Docker uses the host's name servers. */
export const containerWithoutResolver = signature(['containers'], ({ containers }) => {
  const without = containers.list.filter(
    ({ look, networks }) =>
      look?.state === 'running' && look.dns.length === 0 && networks.some(({ name }) => name.startsWith('jaco_')),
  );
  return byService(without).map(({ about, list }): Sign => {
    return {
      about,
      evidence: [
        `${names(list)} of ${about}: HostConfig.Dns is empty, so its external queries do not go to JACO's resolver`,
      ],
      impact: `${about} resolves no external name, and no service on another host.`,
      madeAtMs: Math.max(...list.map(({ createdAtMs }) => createdAtMs)),
    };
  });
});

/** #152: a container without a health check is running, and JACO reports its replica as PENDING. */
export const pendingWithoutHealthCheck = signature(['containers', 'replicas'], ({ containers, replicas }, now) => {
  const pending = new Set(
    replicas.rows.filter(({ state, code }) => state === 'pending' && code === '').map(({ id }) => id),
  );
  const up = containers.list.filter(
    ({ replica, look }) =>
      pending.has(replica) &&
      look?.state === 'running' &&
      look.health === null &&
      look.startedAtMs !== null &&
      now - look.startedAtMs > RUNNING_AFTER_MS,
  );
  return byService(up).map(({ about, list }): Sign => {
    const since = formatDuration(now - Math.max(...list.map(({ look }) => look?.startedAtMs ?? now)));
    return {
      about,
      evidence: [`${names(list)} of ${about}: running for ${since} without a health check, while JACO reports PENDING`],
      impact: `${about} is running, but JACO reports PENDING. What waits for it does not start.`,
      madeAtMs: null,
    };
  });
});

/** #191: a container of a service that its deployment no longer has. */
export const removedServiceRunning = signature(['containers', 'deployments'], ({ containers, deployments }, now) => {
  const stored = new Map(deployments.list.map((one) => [one.name, one]));
  const left = containers.list.filter(({ deployment, service, state }) => {
    const one = stored.get(deployment);
    if (one === undefined || state !== 'running' || service === '' || one.updatedAtMs === null) return false;
    return now - one.updatedAtMs > STOPPED_AFTER_MS && !one.services.some(({ name }) => name === service);
  });
  return byService(left).map(({ about, list }): Sign => {
    const applied = stored.get(list[0]?.deployment ?? '')?.updatedAtMs ?? null;
    return {
      about,
      evidence: [
        `${names(list)} is running, and its service is not in the deployment, which was applied at ${formatTime(applied)}`,
      ],
      impact: `${names(list)} of ${about} continues to run, although the deployment does not have that service.`,
      madeAtMs: null,
    };
  });
});

/** #148: a container is older than the last apply, and its variables differ from the compose file. */
export const oldEnvironment = signature(['environment'], ({ environment }) =>
  environment.map(({ container, deployment, service, keys }): Sign => {
    return {
      about: `${deployment}/${service}`,
      evidence: [
        `${container} of ${deployment}/${service} is older than the last apply, and does not have the values of the compose file for ${keys.join(', ')}`,
      ],
      impact: `${container} of ${deployment}/${service} runs with old values.`,
      madeAtMs: null,
    };
  }),
);

/** #142: containers of two deployments mount one volume, which neither declares as shared. */
export const sharedVolume = signature(['containers', 'manifests'], ({ containers, manifests }) => {
  const users = new Map<string, Container[]>();
  for (const container of containers.list)
    for (const volume of container.volumes ?? []) users.set(volume, [...(users.get(volume) ?? []), container]);
  return [...users].flatMap(([volume, list]): readonly Sign[] => {
    const deployments = [...new Set(list.map(({ deployment }) => deployment))].sort();
    if (deployments.length < 2 || !deployments.every((name) => declaresAsOwn(manifests, name, volume))) return [];
    return [
      {
        about: volume,
        evidence: [`containers of ${deployments.join(' and ')} mount the Docker volume ${volume}: ${names(list)}`],
        impact: `Containers of ${deployments.join(' and ')} write to the same files in volume ${volume}. They can damage each other's data.`,
        madeAtMs: Math.max(...list.map(({ createdAtMs }) => createdAtMs)),
      },
    ];
  });
});

/** A key of the compose file, without `external` and without a name that selects this same volume. */
function declaresAsOwn(manifests: readonly Manifest[], deployment: string, volume: string): boolean {
  const declared = manifests.find((one) => one.deployment === deployment)?.volumes?.find((one) => one.key === volume);
  return declared !== undefined && !declared.external && declared.name !== volume;
}

function byService(containers: readonly Container[]): readonly { about: string; list: readonly Container[] }[] {
  const groups = groupBy(containers, ({ deployment, service }) => `${deployment}/${service}`);
  return [...groups].map(([about, list]) => ({ about, list }));
}

function names(containers: readonly Container[]): string {
  const more = containers.length - MAX_NAMES;
  const shown = containers.slice(0, MAX_NAMES).map(({ name }) => name);
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
