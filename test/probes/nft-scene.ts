import { readFileSync } from 'node:fs';
import type { Table } from '../../src/probes/host/filter/filter.ts';
import { readNftJson } from '../../src/probes/host/filter/nft-json.ts';

/** A file that nft or iptables wrote on a real node. */
export function hostCapture(name: string): string {
  return readFileSync(new URL(`../captures/host/${name}`, import.meta.url), 'utf8');
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
