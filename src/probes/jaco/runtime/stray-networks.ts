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
   * Networks of a deleted deployment. JACO never removes them, and assigns their addresses again
   * (docs/jaco-daemon/runtime.md#leftover-networks).
   */
  readonly left: readonly Network[];
  /**
   * Networks of an existing deployment that no longer names them. Their share of the pool stays in use
   * (docs/jaco-daemon/runtime.md#subnet-leak).
   */
  readonly leaked: readonly Network[];
  /**
   * Foreign networks with a name that JACO would use: containers start on them
   * (docs/jaco-daemon/runtime.md#foreign-network).
   */
  readonly namesakes: readonly Network[];
  /** Foreign networks with addresses of the pool. */
  readonly overlapping: readonly Network[];
  /** The configured pool, as CIDR. */
  readonly pool: string;
};

/** The default pool if jacod.yaml names none. */
export const DEFAULT_POOL = '10.244.0.0/16';

/** Compares Docker's networks with the existing deployments. */
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
    // If not all containers were seen, no network can be reported as unused.
    const inUse = new Set(here?.list.flatMap((one) => one.networks.map((network) => network.name)) ?? []);
    const isIdle = (name: string): boolean => here !== null && here.omitted === 0 && !inUse.has(name);
    const pool = factOf(config)?.settings?.ipamPool ?? DEFAULT_POOL;
    const ours = networks.list.filter((one) => one.jaco !== null);
    const others = networks.list.filter((one) => one.jaco === null);
    const left = ours.filter((one) => !byName.has(one.jaco?.deployment ?? ''));
    return value<StrayNetworks>({
      left,
      // The compose file attaches containers, and jaco.yaml may override it: a network in use is not leaked. If the
      // deployment's name contains an underscore, JACO creates a network with another name than its containers ask for.
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

/** JACO's name of the Docker network for a deployment's network (docs/jaco-daemon/runtime.md#docker-names). */
export function dockerName(deployment: string, network: string): string {
  return `jaco_${deployment}_${network === 'default' ? '_default' : network}`;
}

/** Whether two CIDRs share an address. A network that is not IPv4 shares none. */
function isOverlapping(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a !== null && b !== null && overlapsAny([a], b);
}
