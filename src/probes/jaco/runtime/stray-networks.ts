import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { dockerContainers } from '../../docker/containers.ts';
import { dockerNetworks, type Network } from '../../docker/networks.ts';
import { overlapsAny, rangeOf } from '../../host/ipv4.ts';
import { jacodConfig } from '../daemon/jacod-config.ts';
import { deployments } from './deployments.ts';

/** Docker networks of this host that no deployment uses as JACO would, each in one list only. */
export type StrayNetworks = {
  /**
   * Of a deployment that is gone: JACO never removes them, and gives their addresses out again
   * (docs/jaco-daemon/runtime.md#leftover-networks).
   */
  readonly left: readonly Network[];
  /**
   * Of a living deployment that names it no more: its share of the pool stays taken
   * (docs/jaco-daemon/runtime.md#subnet-leak).
   */
  readonly leaked: readonly Network[];
  /**
   * Somebody else's under the very name that JACO would give: containers start on it
   * (docs/jaco-daemon/runtime.md#foreign-network).
   */
  readonly namesakes: readonly Network[];
  /** Somebody else's with addresses of the pool. */
  readonly overlapping: readonly Network[];
  /** The configured pool, as CIDR. */
  readonly pool: string;
};

/** Where JACO takes addresses from unless jacod.yaml says otherwise. */
export const DEFAULT_POOL = '10.244.0.0/16';

/** Compares Docker's networks with the deployments there are. */
export const strayNetworks = derive({
  name: 'jaco.stray-networks',
  where: 'node',
  from: {
    networks: dockerNetworks,
    deployments,
    containers: attempt(dockerContainers),
    config: attempt(jacodConfig),
  },
  derive({ networks, deployments: { list }, containers, config }) {
    const byName = new Map(list.map((one) => [one.name, one]));
    const wanted = new Set(
      list.flatMap((one) =>
        one.services.flatMap((service) => service.networks.map((network) => dockerName(one.name, network))),
      ),
    );
    const here = factOf(containers);
    // Where not all containers were seen, none can be said to be without.
    const inUse = new Set(here?.list.flatMap((one) => one.networks.map((network) => network.name)) ?? []);
    const isIdle = (name: string): boolean => here !== null && here.omitted === 0 && !inUse.has(name);
    const pool = factOf(config)?.settings?.ipamPool ?? DEFAULT_POOL;
    const ours = networks.list.filter((one) => one.jaco !== null);
    const others = networks.list.filter((one) => one.jaco === null);
    const left = ours.filter((one) => !byName.has(one.jaco?.deployment ?? ''));
    return value<StrayNetworks>({
      left,
      // Containers are attached by the compose file, which jaco.yaml may override: one in use is not leaked. With an
      // underscore in the deployment's name JACO makes a network of another name than is asked for.
      leaked: ours.filter(
        (one) =>
          !left.includes(one) && !wanted.has(one.name) && isIdle(one.name) && !one.jaco?.deployment.includes('_'),
      ),
      namesakes: others.filter((one) => wanted.has(one.name)),
      overlapping: others.filter(
        (one) => !wanted.has(one.name) && one.subnets.some((subnet) => isOverlapping(subnet, pool)),
      ),
      pool,
    });
  },
});

/** What JACO calls the Docker network of a deployment's network (docs/jaco-daemon/runtime.md#docker-names). */
export function dockerName(deployment: string, network: string): string {
  return `jaco_${deployment}_${network === 'default' ? '_default' : network}`;
}

/** Whether two CIDRs share an address; what is no IPv4 network shares none. */
function isOverlapping(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a !== null && b !== null && overlapsAny([a], b);
}
