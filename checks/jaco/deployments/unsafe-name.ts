import type { Finding } from '../../../src/engine/finding.ts';
import type { Deployment } from '../../../src/probes/jaco/runtime/deployments.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';

type Unsafe =
  | { readonly kind: 'finding'; readonly finding: Finding<'deployment_name_unsafe', never> }
  | { readonly kind: 'note'; readonly note: string };

/**
 * JACO takes everything after the first `_` of a Docker network's name as the network. If the deployment's name
 * contains a `_`, JACO creates one network and its containers ask for another
 * (docs/jaco-daemon/runtime.md#unsafe-names).
 */
export function unsafeName({ name, services }: Deployment, rows: readonly Replica[]): Unsafe | null {
  if (!name.includes('_')) return null;
  const network = services.flatMap((service) => service.networks)[0];
  const wanted = rows.length > 0 || services.some((service) => service.replicas > 0);
  // Without a network or a replica, this has no effect yet.
  if (network === undefined || !wanted)
    return {
      kind: 'note',
      note: `${name} has an underscore in its name: a service with a network would never start`,
    };
  const suffix = name.slice(name.indexOf('_') + 1);
  const asked = network === 'default' ? '_default' : network;
  const started = rows.filter((row) => row.state === 'running' || row.containerId !== '').length;
  const evidence = [
    `its containers need network jaco_${name}_${asked}, but the daemon creates jaco_${name}_${suffix}_${asked}`,
    `${started} of ${rows.length} of its replicas have a container`,
  ];
  return { kind: 'finding', finding: { id: 'deployment_name_unsafe', subject: name, evidence } };
}
