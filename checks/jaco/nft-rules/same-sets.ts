import type { Table } from '../../../src/probes/host/filter/table.ts';
import { networkName, setName } from '../../../src/probes/jaco/network/set-name.ts';
import type { Deployments } from '../../../src/probes/jaco/runtime/deployments.ts';

/**
 * Networks of different names that come to one set, so that nothing keeps them apart. The daemon writes it so
 * (docs/jaco-daemon/isolation.md#ruleset).
 */
export type SameSet = { readonly set: string; readonly networks: readonly string[] };

/** Sets of the table that more than one network of the stored deployments is put into. */
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
