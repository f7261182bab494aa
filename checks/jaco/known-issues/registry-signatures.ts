import { registryOf, repositoryOf } from '../../../src/probes/jaco/runtime/image-registry.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';
import { type Sign, signature } from './signature.ts';

/** #171: the registry has one credential, with which this node pulls one namespace and is refused for another. */
export const oneCredentialPerHost = signature(
  ['containers', 'replicas', 'registries'],
  ({ containers, replicas, registries }) =>
    refusedPulls(replicas.rows, /unauthorized|\b401\b|\b403\b|denied/i).flatMap(({ row, image }): readonly Sign[] => {
      const host = registryOf(image);
      const stored = storedFor(host, registries.registries);
      const pulled = containers.list.find(
        (one) =>
          one.image !== undefined && registryOf(one.image) === host && namespaceOf(one.image) !== namespaceOf(image),
      );
      if (stored.length !== 1 || stored[0] !== host || pulled === undefined) return [];
      return [
        sign(
          row,
          `the only credential is stored for ${host}; this node pulled ${pulled.image}, but the registry denied ${image}: ${reasonWithout(image, row)}`,
          image,
        ),
      ];
    }),
);

/**
 * #172: only credentials for parts of the registry are stored, and the image of another part was pulled without one.
 */
export const pullWithoutLogin = signature(['replicas', 'registries'], ({ replicas, registries }) =>
  refusedPulls(replicas.rows, /no basic auth credentials/i).flatMap(({ row, image }): readonly Sign[] => {
    const stored = storedFor(registryOf(image), registries.registries);
    const covered = stored.some((one) => `${repositoryOf(image)}/`.startsWith(`${one}/`));
    if (stored.length === 0 || covered) return [];
    return [
      sign(
        row,
        `jacod asked for ${image} without a credential, although one for ${stored.join(', ')} is stored: ${reasonWithout(image, row)}`,
        image,
      ),
    ];
  }),
);

type RefusedPull = { readonly row: Replica; readonly image: string };

/** Replicas whose image was refused for such a reason, one for each service. */
function refusedPulls(rows: readonly Replica[], reason: RegExp): readonly RefusedPull[] {
  const refused = rows.flatMap((row): readonly (readonly [string, RefusedPull])[] =>
    row.code === 'image_pull_failed' && row.image !== null && reason.test(row.reason ?? '')
      ? [[`${row.deployment}/${row.service}`, { row, image: row.image }]]
      : [],
  );
  return [...new Map(refused).values()];
}

function storedFor(host: string, registries: readonly string[]): readonly string[] {
  return registries.filter((one) => one === host || one.startsWith(`${host}/`));
}

/** The repository without its last part: `registry.test/team` of `registry.test/team/app:1`. */
function namespaceOf(image: string): string {
  return repositoryOf(image).split('/').slice(0, -1).join('/');
}

/** The reason of a failed pull, which often begins with the image. */
function reasonWithout(image: string, { reason }: Replica): string {
  return (reason ?? '').replace(`${image}: `, '');
}

function sign({ deployment, service }: Replica, evidence: string, image: string): Sign {
  const about = `${deployment}/${service}`;
  return { about, evidence: [evidence], impact: `${about} does not start: ${image} cannot be pulled.`, madeAtMs: null };
}
