import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { runtimeLines } from '../journal/runtime-lines.ts';
import { deploymentEvents } from './deployment-events.ts';
import { deployments } from './deployments.ts';
import type { Replica } from './replica-fact.ts';
import { replicas } from './replicas.ts';
import { strayNetworks } from './stray-networks.ts';

/**
 * How much of the address pool is allocated, in the whole cluster: one /24 for each deployment, network and host. No
 * RPC shows it (docs/jaco-daemon/control.md#hidden-state), so it is counted from known facts; `atLeast` is a lower
 * bound.
 */
export type SubnetUse = {
  readonly size: number;
  readonly atLeast: number;
  /** The source of the number, in words. */
  readonly from: string;
};

/** The third octet of a /16 (docs/jaco-daemon/runtime.md#subnets). */
const POOL_SIZE = 256;

/** Counts what replicas use, or uses the leader's own count if its log has it. */
export const subnetUse = derive({
  name: 'jaco.pool-use',
  from: {
    replicas,
    deployments,
    events: attempt(deploymentEvents),
    lines: attempt(runtimeLines),
    stray: attempt(strayNetworks),
  },
  derive({ replicas: { rows }, deployments: { list }, events, lines, stray }) {
    const taken = new Set<string>();
    const hosts = hostsOf(rows);
    for (const { name, services } of list)
      for (const service of services)
        for (const network of service.networks)
          for (const host of hosts.get(name)?.get(service.name) ?? []) taken.add(`${name}/${network}@${host}`);
    const leaked = factOf(stray)?.leaked.length ?? 0;
    const counted = taken.size + leaked;
    const logged = factOf(lines)?.poolUse ?? null;
    // A deployment that was deleted since has freed its share.
    const deleted =
      factOf(events)?.events.some(({ kind, atMs }) => kind === 'delete' && atMs > (logged?.atMs ?? 0)) ?? true;
    if (logged !== null && !deleted && logged.used > counted)
      return value<SubnetUse>({ size: logged.size, atLeast: logged.used, from: "the leader's own count" });
    const from = `${taken.size} for the existing replicas${leaked === 0 ? '' : `, ${leaked} leaked on this node`}`;
    return value<SubnetUse>({ size: POOL_SIZE, atLeast: counted, from });
  },
});

/** The hosts with replicas, by deployment and service. */
function hostsOf(rows: readonly Replica[]): ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>> {
  const hostsByService = new Map<string, Map<string, Set<string>>>();
  for (const { deployment, service, host } of rows) {
    if (host === null) continue;
    const services = hostsByService.get(deployment) ?? new Map<string, Set<string>>();
    const hosts = services.get(service) ?? new Set();
    hostsByService.set(deployment, services.set(service, hosts.add(host)));
  }
  return hostsByService;
}
