import { value } from '../../../engine/outcome.ts';
import { derive } from '../../../engine/probe.ts';
import { localNode } from '../raft/local-node.ts';
import { deployments } from '../runtime/deployments.ts';
import { placedReplicas } from '../runtime/placed-replicas.ts';
import type { Replica } from '../runtime/replica-fact.ts';
import { HEALTH_FRESH_MS } from '../timing.ts';
import { localNetworks } from './local-networks.ts';
import { networkName } from './set-name.ts';

/** A replica behind a name. */
export type ReplicaOfName = {
  readonly id: string;
  readonly here: boolean;
  /** Whether it reports no address on this network, but one on another network of JACO. */
  readonly elsewhere: boolean;
};

/** One service on one network of this host: a name that JACO's resolver at the gateway should resolve. */
export type ServiceName = {
  readonly deployment: string;
  readonly service: string;
  /** Docker's name of the network, and whether it is the implicit network of a deployment. */
  readonly network: string;
  readonly implicit: boolean;
  readonly gateway: string;
  /**
   * Replicas that are running and were reported within 10 s, which the resolver requires
   * (docs/jaco-daemon/network.md#names).
   */
  readonly behind: readonly ReplicaOfName[];
};

export type ServiceNames = { readonly names: readonly ServiceName[]; readonly omitted: number };

const MAX_NAMES = 1_000;

/** Every service on every network of this host. Refuses if deployments, replicas or networks are unknown. */
export const serviceNames = derive({
  name: 'jaco.service-names',
  where: 'node',
  from: { networks: localNetworks, deployments, replicas: placedReplicas, host: localNode },
  derive({ networks, deployments, replicas, host }, now) {
    const names = networks.list.flatMap((local) => {
      const services = deployments.list.find(({ name }) => name === local.deployment)?.services ?? [];
      // The resolver treats a name with a dot as external, and would forward it.
      const on = services.filter(
        (service) => !service.name.includes('.') && service.networks.map(networkName).includes(local.network),
      );
      return on.map(({ name }): ServiceName => {
        const running = replicas.rows.filter(
          (row) => row.deployment === local.deployment && row.service === name && row.state === 'running',
        );
        const fresh = running.filter(
          ({ lastHealthAtMs }) => lastHealthAtMs !== null && now - lastHealthAtMs < HEALTH_FRESH_MS,
        );
        return {
          deployment: local.deployment,
          service: name,
          network: local.name,
          implicit: local.network === '_default',
          gateway: local.gateway,
          behind: fresh.map((row) => replicaOfName(row, local.name, host.hostname)),
        };
      });
    });
    return value<ServiceNames>({ names: names.slice(0, MAX_NAMES), omitted: Math.max(0, names.length - MAX_NAMES) });
  },
});

function replicaOfName({ id, host, ips }: Replica, network: string, hostname: string): ReplicaOfName {
  const isOnNetwork = ips[network] !== undefined;
  return { id, here: host === hostname, elsewhere: !isOnNetwork && Object.keys(ips).length > 0 };
}
