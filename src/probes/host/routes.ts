import { type Result, value } from '../../engine/outcome.ts';
import { readText } from '../io/files.ts';
import type { Range } from './ipv4.ts';

/** A route of the main IPv4 table and its output interface; null if packets there are rejected. */
export type Route = { readonly to: Range; readonly via: string | null };

/** Most specific first, so the first match is the one that the kernel takes. */
export type Routes = { readonly routes: readonly Route[] };

const MAX_ROUTES = 10_000;
const UP = 1;
const REJECT = 0x200;

/**
 * The main routing table of the doctor's network namespace, from /proc/net/route. Rules that select other tables are
 * not read.
 */
export async function readMainTable(): Promise<Result<Routes>> {
  const table = await readText('/proc/net/route');
  return table.kind === 'text' ? value({ routes: parseRoutes(table.text) }) : table;
}

/** Parses /proc/net/route. Addresses are hexadecimal, in little-endian order. */
export function parseRoutes(text: string): readonly Route[] {
  const found = text
    .split('\n')
    .slice(1, MAX_ROUTES)
    .flatMap((line): readonly (Route & { readonly metric: number })[] => {
      const [via = '', to = '', , flags = '', , , metric, mask = ''] = line.trim().split(/\s+/);
      if (!/^[0-9A-F]{8}$/.test(to) || !/^[0-9A-F]{8}$/.test(mask)) return [];
      const bits = Number.parseInt(flags, 16);
      if ((bits & UP) === 0) return [];
      const first = numberOf(to);
      const last = first + (0xffffffff - numberOf(mask));
      return [{ to: [first, last], via: (bits & REJECT) === 0 ? via : null, metric: Number(metric) }];
    });
  const size = ({ to }: Route): number => to[1] - to[0];
  return found.sort((a, b) => size(a) - size(b) || a.metric - b.metric).map(({ to, via }) => ({ to, via }));
}

/** The output interface of a packet to the address; null if there is no route. */
export function interfaceTo({ routes: all }: Routes, address: number): string | null {
  return all.find(({ to }) => to[0] <= address && address <= to[1])?.via ?? null;
}

function numberOf(hex: string): number {
  const bytes = (hex.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16));
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}
