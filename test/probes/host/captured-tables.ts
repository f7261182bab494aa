import { readFileSync } from 'node:fs';
import { readNftJson } from '../../../src/probes/host/filter/nft-json.ts';
import type { Table } from '../../../src/probes/host/filter/table.ts';

/** A file that nft or iptables wrote on a real node. */
export function hostCapture(name: string): string {
  return readFileSync(new URL(`../../captures/host/${name}`, import.meta.url), 'utf8');
}

/** All tables of such a file. */
export function capturedTables(name: string): readonly Table[] {
  const read = readNftJson(hostCapture(name));
  if (read.kind !== 'tables') throw new Error(read.detail);
  return read.tables;
}

/** JACO's own table in such a file. */
export function capturedTable(name: string): Table {
  const table = capturedTables(name).find((one) => one.family === 'inet' && one.name === 'jaco');
  if (table === undefined) throw new Error(`no table inet jaco in ${name}`);
  return table;
}

/** The text of `iptables -S` of all tables, in the format of iptables-save. */
export function savedOf(listing: string): string {
  return listing
    .split(/^\$ iptables /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...lines] = part.split('\n');
      const table = /-t (\w+)/.exec(command)?.[1] ?? 'filter';
      const chains = lines.flatMap((line) => /^-[PN] (\S+)(?: (\S+))?/.exec(line)?.slice(1, 3) ?? []);
      const heads = lines.flatMap((line) => {
        const [, name, policy = '-'] = /^-[PN] (\S+)(?: (\S+))?$/.exec(line) ?? [];
        return name === undefined ? [] : [`:${name} ${policy} [0:0]`];
      });
      return chains.length === 0
        ? ''
        : [`*${table}`, ...heads, ...lines.filter((line) => line.startsWith('-A')), 'COMMIT'].join('\n');
    })
    .join('\n');
}
