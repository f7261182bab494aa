import { clean } from '../../../engine/text.ts';
import type { Chain, Table } from './table.ts';

/** Whether the interfaces of a chain are missing: nft 1.0 leaves them out of its JSON. */
export function lacksDevices({ base }: Chain): boolean {
  return base !== null && ['ingress', 'egress'].includes(base.hook) && base.devices === undefined;
}

/** Adds the interfaces of ingress and egress chains, from the text listing of nft. */
export function withListedDevices(tables: readonly Table[], listing: string): readonly Table[] {
  const listed = devicesIn(listing);
  return tables.map((table) => {
    if (!table.chains.some(lacksDevices)) return table;
    const chains = table.chains.map((chain): Chain => {
      const devices = listed.get(keyOf(table.family, table.name, chain.name));
      return chain.base === null || devices === undefined ? chain : { ...chain, base: { ...chain.base, devices } };
    });
    return { ...table, chains };
  });
}

/** By family, table and chain: `device "eth0"`, or `devices = { eth0, lo }`. */
function devicesIn(listing: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  let table: readonly [family: string, name: string] | null = null;
  let chain = '';
  for (const line of listing.split('\n')) {
    const [, family, name] = /^table (\S+) (\S+) \{/.exec(line) ?? [];
    if (family !== undefined && name !== undefined) table = [family, name];
    chain = /^\tchain (\S+) \{/.exec(line)?.[1] ?? chain;
    const named = /^\t\ttype filter hook (?:ingress|egress) devices? (?:= )?(\{[^}]*\}|\S+)/.exec(line)?.[1];
    if (named === undefined || table === null) continue;
    found.set(keyOf(...table, chain), named.match(/[^\s{},"]+/g)?.map((one) => clean(one, 15)) ?? []);
  }
  return found;
}

function keyOf(family: string, table: string, chain: string): string {
  return [family, table, chain].join(' ');
}
