import { factOf, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { clean } from '../../../engine/text.ts';
import { type Container, dockerContainers } from '../../docker/containers.ts';
import { callControl, controlAccess } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';
import { type ComposeService, composeServices } from './compose-services.ts';
import { type ComposeVolume, composeVolumes } from './compose-volumes.ts';
import { deployments } from './deployments.ts';
import { replicas } from './replicas.ts';

export type { ComposeService } from './compose-services.ts';

/** The applied manifest of a deployment with a fault, or why it was not read. */
export type Manifest = {
  readonly deployment: string;
  readonly services: readonly ComposeService[];
  /** Left out if it declares none. */
  readonly volumes?: readonly ComposeVolume[];
  readonly problem: string | null;
};

/** Most deployments of a cluster that are read, because each costs time. */
const MAX_READ = 30;

/**
 * The compose files of deployments that have a replica which is not running, or that share a Docker volume with
 * another.
 */
export const manifests = probe({
  name: 'jaco.manifests',
  where: 'anywhere',
  after: { access: controlAccess, deployments, replicas, containers: attempt(dockerContainers) },
  deadlineMs: 4_000,
  async collect(io, { deployments: { list }, replicas: { rows }, containers, access }, signal) {
    const troubled = new Set([
      ...rows.filter((row) => row.state !== 'running').map((row) => row.deployment),
      ...sharingVolumes(factOf(containers)?.list ?? []),
    ]);
    const names = list.map(({ name }) => name).filter((name) => troubled.has(name));
    if (names.length === 0) return value<readonly Manifest[]>([]);
    const [{ DeployService }, yaml] = await Promise.all([import('../../../wire/jaco.ts'), import('yaml')]);
    const read = async (name: string): Promise<Manifest> => {
      const request = { deploymentFilter: name, serviceFilter: '' };
      const called = await callControl(io, access, DeployService.status, request, { limitMs: 2_000, signal });
      if (called.kind === 'failure') return { deployment: name, services: [], problem: called.failure.detail };
      const text = called.response.deployments[0]?.composeYaml ?? '';
      try {
        const file = yaml.parse(text, { merge: true, logLevel: 'error' });
        const volumes = composeVolumes(file);
        return {
          deployment: name,
          services: composeServices(file),
          ...(volumes.length === 0 ? {} : { volumes }),
          problem: null,
        };
      } catch (error) {
        // The library quotes the line, which may contain a secret.
        const problem = clean(
          `the stored compose file cannot be read: ${String((error as { code?: unknown }).code ?? 'error')}`,
        );
        return { deployment: name, services: [], problem };
      }
    };
    return value<readonly Manifest[]>(await Promise.all(names.slice(0, MAX_READ).map(read)));
  },
});

/** Deployments of which a container of another deployment mounts a volume. */
function sharingVolumes(containers: readonly Container[]): readonly string[] {
  const users = new Map<string, Set<string>>();
  for (const { deployment, volumes = [] } of containers)
    for (const volume of volumes) users.set(volume, (users.get(volume) ?? new Set()).add(deployment));
  return [...users.values()].filter(({ size }) => size > 1).flatMap((names) => [...names]);
}
