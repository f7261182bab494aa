import type { Table } from '../../../src/probes/host/filter/table.ts';
import { networkName, setName } from '../../../src/probes/jaco/network/set-name.ts';
import type { Deployments } from '../../../src/probes/jaco/runtime/deployments.ts';

/**
 * Networks with different names that map to one set, so they are not isolated from each other. The daemon itself writes
 * it that way (docs/jaco-daemon/isolation.md#ruleset).
 */
export type SameSet = { readonly set: string; readonly networks: readonly string[] };

/** Sets of the table that contain more than one network of the stored deployments. */
export function sameSets({ sets }: Table, { list }: Deployments): readonly SameSet[] {
  const bySet = new Map<string, Set<string>>();
  for (const { name, services } of list)
    for (const network of new Set(services.flatMap(({ networks }) => networks.map(networkName)))) {
      const set = setName(name, network);
      bySet.set(set, (bySet.get(set) ?? new Set()).add(`${name}/${network}`));
    }
  return [...bySet]
    .filter(([set, networks]) => networks.size > 1 && sets.some(({ name }) => name === set))
    .map(([set, networks]) => ({ set, networks: [...networks].sort() }));
}
