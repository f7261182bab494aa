import type { Table } from '../../../src/probes/host/filter/table.ts';
import { covers, ipv4, overlapsAny, type Range, rangeText } from '../../../src/probes/host/ipv4.ts';
import type { LocalNetwork } from '../../../src/probes/jaco/network/local-networks.ts';
import { POOL_SET, setName } from '../../../src/probes/jaco/network/set-name.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';

type Scope = { readonly name: string; readonly elements: readonly Range[] };

/** The expected elements of each set: networks of this host, and addresses of replicas on any node, within `pool`. */
export type ExpectedElements = {
  readonly networks: readonly LocalNetwork[];
  readonly replicas: readonly Replica[];
  readonly pool: Range | null;
};

/** Faults of the sets' elements, which the daemon never compares (docs/jaco-daemon/isolation.md#self-test). */
export function elementFaults(table: Table, known: ExpectedElements): readonly string[] {
  const scopes = table.sets.flatMap(({ name, elements }): readonly Scope[] =>
    !name.startsWith('dep_net_') || elements === null ? [] : [{ name, elements }],
  );
  const pool = table.sets.find(({ name }) => name === POOL_SET)?.elements ?? null;
  return [
    ...table.sets
      .filter(({ elements }) => elements === null)
      .map(({ name }) => `set ${name} contains elements that are not IPv4 networks`),
    ...scopes.flatMap(oddSizes),
    ...shared(scopes),
    ...(pool === null ? [] : againstPool(scopes, pool)),
    ...known.networks.flatMap((network) => localFaults(network, scopes, pool)),
    ...known.replicas.flatMap((replica) => replicaFaults(replica, scopes, known.pool)),
  ];
}

/** JACO assigns /24 networks; adjacent ones may be shown as one range. */
function oddSizes({ name, elements }: Scope): readonly string[] {
  return elements
    .filter(([first, last]) => first % 256 !== 0 || last % 256 !== 255 || last - first >= 0x10000)
    .map((range) => `set ${name} contains ${rangeText(range)}, which is not a network of JACO`);
}

function shared(scopes: readonly Scope[]): readonly string[] {
  return scopes.flatMap(({ name, elements }, index) =>
    scopes
      .slice(index + 1)
      .flatMap((other) =>
        elements
          .filter((range) => overlapsAny(other.elements, range))
          .map((range) => `${rangeText(range)} is in ${name} and in ${other.name}: the two networks reach each other`),
      ),
  );
}

function againstPool(scopes: readonly Scope[], pool: readonly Range[]): readonly string[] {
  const all = scopes.flatMap(({ elements }) => elements);
  return [
    ...scopes.flatMap(({ name, elements }) =>
      elements
        .filter((range) => !covers(pool, range))
        .map((range) => `${rangeText(range)} of ${name} is not in ${POOL_SET}: it is not isolated`),
    ),
    ...pool
      .filter((range) => !covers(all, range))
      .map(
        (range) =>
          `${rangeText(range)} is in ${POOL_SET} but in no network's set: all of its traffic to other networks and nodes is dropped`,
      ),
  ];
}

/** A set that is missing is reported by the self-test. */
function localFaults(
  { name, subnet, set }: LocalNetwork,
  scopes: readonly Scope[],
  pool: readonly Range[] | null,
): readonly string[] {
  const own = scopes.find((scope) => scope.name === set);
  return [
    ...(own === undefined || covers(own.elements, subnet)
      ? []
      : [`Docker's network ${name} is ${rangeText(subnet)}, which is not in ${set}`]),
    ...(pool === null || covers(pool, subnet)
      ? []
      : [`Docker's network ${name} is ${rangeText(subnet)}, which is not in ${POOL_SET}: it is not isolated`]),
  ];
}

/**
 * A container on a foreign network has an address that JACO did not assign
 * (docs/jaco-daemon/runtime.md#foreign-network). `containers` reports it.
 */
function replicaFaults(
  { id, deployment, ips }: Replica,
  scopes: readonly Scope[],
  given: Range | null,
): readonly string[] {
  const prefix = `jaco_${deployment}_`;
  return Object.entries(ips).flatMap(([name, text]) => {
    const address = ipv4(text);
    const own = scopes.find((scope) => scope.name === setName(deployment, name.slice(prefix.length)));
    if (address === null || own === undefined || !name.startsWith(prefix)) return [];
    if (given !== null && !covers([given], [address, address])) return [];
    return covers(own.elements, [address, address])
      ? []
      : [`${id} has the address ${text}, which is not in ${own.name}`];
  });
}
