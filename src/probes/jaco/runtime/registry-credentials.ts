import { notApplicable, value } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import { asFailed } from '../../io/grpc/grpc.ts';
import { callControl, controlAccess } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';
import { replicas } from './replicas.ts';

/**
 * The registries with a stored credential: `host[:port][/namespace]`, sorted. Neither user names nor secrets are kept.
 */
export type RegistryCredentials = { readonly registries: readonly string[] };

/** RegistryCredentials.List, called only if an image cannot be pulled. */
export const registryCredentials = probe({
  name: 'jaco.registry-credentials',
  where: 'anywhere',
  after: { access: controlAccess, replicas },
  deadlineMs: 2_000,
  async collect(io, { replicas: { rows }, access }, signal) {
    if (!rows.some((row) => row.code === 'image_pull_failed'))
      return notApplicable('read only if an image cannot be pulled');
    const { RegistryCredentialsService } = await import('../../../wire/jaco.ts');
    const called = await callControl(io, access, RegistryCredentialsService.list, {}, { limitMs: 1_500, signal });
    if (called.kind === 'failure') return asFailed(called.failure);
    const registries = called.response.credentials.slice(0, 1_000).map(({ registry }) => clean(registry, 300));
    return value<RegistryCredentials>({ registries: registries.sort() });
  },
});
