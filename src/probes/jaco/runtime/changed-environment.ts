import { notApplicable, value } from '../../../engine/outcome.ts';
import { clean, compareText } from '../../../engine/text.ts';
import { type Container, dockerContainers } from '../../docker/containers.ts';
import { getJson } from '../../docker/docker-api.ts';
import { dockerTarget } from '../../docker/engine.ts';
import { asList, asObject } from '../../io/read-json.ts';
import { callControl, controlAccess } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';
import { runningRelease } from '../journal/running-release.ts';
import { includesRelease } from '../release/includes-release.ts';
import type { Release } from '../release/release.ts';
import { type Deployment, deployments } from './deployments.ts';

/** A container whose environment differs from the applied compose file. Values are compared and never kept. */
export type ChangedEnvironment = {
  readonly container: string;
  readonly deployment: string;
  readonly service: string;
  /** Names of variables, sorted. */
  readonly keys: readonly string[];
};

/** The release since which a changed environment recreates a container (docs/jaco-daemon/releases.md#known-issues). */
const RECREATES: Release = [0, 3, 1];
/** A container is recreated within this time after an apply: start, pull and stop, in ms. */
const RECREATED_AFTER_MS = 60_000;
/** Most containers that are compared. */
const MAX_COMPARED = 20;
const MAX_KEYS = 20;

/**
 * Containers that are older than the last apply of their deployment, and whose variables differ from its compose file.
 * Docker is only asked if this node's release may be one that does not recreate such containers, so a healthy node with
 * a current release is not asked.
 */
export const changedEnvironment = probe({
  name: 'jaco.changed-environment',
  right: 'root or group docker',
  after: { access: controlAccess, release: runningRelease, deployments, containers: dockerContainers },
  deadlineMs: 4_000,
  async collect(io, { access, release, deployments: { list }, containers }, signal) {
    if (includesRelease(release.version, RECREATES) === 'yes')
      return notApplicable('asked only of releases that do not recreate a container for it');
    const stored = new Map(list.map((one) => [one.name, one]));
    const old = containers.list.filter((one) => isOlderThanApply(one, stored.get(one.deployment), Date.now()));
    if (old.length === 0) return value<readonly ChangedEnvironment[]>([]);
    const [{ DeployService }, yaml] = await Promise.all([import('../../../wire/jaco.ts'), import('yaml')]);
    io.phase('compare');
    const wantedOf = async ({ deployment, service }: Container): Promise<ReadonlyMap<string, string>> => {
      const request = { deploymentFilter: deployment, serviceFilter: '' };
      const called = await callControl(io, access, DeployService.status, request, { limitMs: 2_000, signal });
      const text = called.kind === 'failure' ? '' : (called.response.deployments[0]?.composeYaml ?? '');
      try {
        return environmentOf(yaml.parse(text, { merge: true, logLevel: 'error' }), service);
      } catch {
        return new Map();
      }
    };
    const compare = async (one: Container): Promise<readonly ChangedEnvironment[]> => {
      const [wanted, inspected] = await Promise.all([
        wantedOf(one),
        getJson(dockerTarget(io), `/containers/${one.id}/json`, { limitMs: 2_000, signal, maxBytes: 1024 * 1024 }),
      ]);
      if (inspected.kind === 'failed') return [];
      const has = pairsOf(asList(asObject(asObject(inspected.json)['Config'])['Env']));
      const keys = [...wanted].filter(([key, text]) => has.get(key) !== text).map(([key]) => clean(key, 60));
      const { name: container, deployment, service } = one;
      return keys.length === 0
        ? []
        : [{ container, deployment, service, keys: keys.sort(compareText).slice(0, MAX_KEYS) }];
    };
    return value((await Promise.all(old.slice(0, MAX_COMPARED).map(compare))).flat());
  },
});

/** Whether a running container is older than the last apply of its deployment, which had the time to recreate it. */
function isOlderThanApply({ state, createdAtMs }: Container, deployment: Deployment | undefined, now: number): boolean {
  if (deployment === undefined || state !== 'running' || Number(deployment.appliedRevision) < 2) return false;
  const { updatedAtMs } = deployment;
  return updatedAtMs !== null && createdAtMs < updatedAtMs - 1_000 && now - updatedAtMs > RECREATED_AFTER_MS;
}

/**
 * The variables of a service in a parsed compose file, as a container has them. Variables that depend on more than the
 * file are left out.
 */
export function environmentOf(file: unknown, service: string): ReadonlyMap<string, string> {
  const given = asObject(asObject(asObject(file)['services'])[service])['environment'];
  const pairs = Array.isArray(given) ? pairsOf(given) : new Map(Object.entries(asObject(given)));
  return new Map(
    [...pairs].flatMap(([key, text]): readonly (readonly [string, string])[] => {
      const isPlain = typeof text === 'string' || typeof text === 'boolean' || Number.isInteger(text);
      // A dollar sign may be replaced again (#149), and a variable without a value has the daemon's value.
      return isPlain && !String(text).includes('$') ? [[key, String(text)]] : [];
    }),
  );
}

/** `KEY=VALUE` texts; one without a value is left out. */
function pairsOf(list: readonly unknown[]): ReadonlyMap<string, string> {
  return new Map(
    list.flatMap((one): readonly (readonly [string, string])[] => {
      const [, key, text] = /^([^=]+)=(.*)$/s.exec(String(one)) ?? [];
      return key === undefined || text === undefined ? [] : [[key, text]];
    }),
  );
}
