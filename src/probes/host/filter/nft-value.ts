import { ipv4, prefix, type Range, rangeOf } from '../ipv4.ts';
import type { SetValue } from './table.ts';

type Fields = { readonly [key: string]: unknown };

/** Statements of an element that make it match some packets only. */
const LIMITING = ['limit', 'quota', 'ct count'];

/** Addresses as nft writes them in a set or in a match; null if one has an unknown form. */
export function readAddresses(elements: readonly unknown[]): readonly Range[] | null {
  const ranges: Range[] = [];
  for (const element of elements) {
    const range = readValue(element);
    if (range === null || typeof range === 'string') return null;
    ranges.push(range);
  }
  return ranges;
}

/** The elements of a set, each as its fields; null if one has an unknown form. */
export function readRows(elements: readonly unknown[]): readonly (readonly SetValue[])[] | null {
  const rows: (readonly SetValue[])[] = [];
  for (const element of elements) {
    const row = readRow(element);
    if (row === null) return null;
    rows.push(row);
  }
  return rows;
}

function readRow(element: unknown): readonly SetValue[] | null {
  const { elem, concat } = Object(element) as Fields;
  if (elem !== undefined) return isLimited(elem) ? null : readRow((Object(elem) as Fields)['val']);
  const values = (Array.isArray(concat) ? concat : [element]).map(readValue);
  return values.includes(null) ? null : (values as readonly SetValue[]);
}

/**
 * One value: an address, a number, a word, `{prefix: {addr, len}}`, `{range: [first, last]}`, or one of them in `{elem:
 * {val}}`. IPv6 is kept as a word, which no IPv4 packet matches.
 */
export function readValue(value: unknown): SetValue | null {
  if (typeof value === 'number') return Number.isInteger(value) ? [value, value] : null;
  if (typeof value === 'string') return value.startsWith('@') ? null : (rangeOf(value) ?? value);
  const { prefix: wide, range, elem } = Object(value) as Fields;
  if (wide !== undefined) {
    const { addr, len } = Object(wide) as Fields;
    if (typeof addr !== 'string') return null;
    const address = ipv4(addr);
    return address === null ? (addr.includes(':') ? addr : null) : prefix(address, Number(len));
  }
  if (Array.isArray(range)) {
    const [first, last] = range as readonly unknown[];
    if (Number.isInteger(first) && Number.isInteger(last)) return [first as number, last as number];
    return rangeOf(`${String(first)}-${String(last)}`) ?? (String(first).includes(':') ? String(first) : null);
  }
  return elem === undefined || isLimited(elem) ? null : readValue((Object(elem) as Fields)['val']);
}

function isLimited(element: unknown): boolean {
  return LIMITING.some((statement) => statement in Object(element));
}

/** A single value, an anonymous set, or a list of flags. */
export function listValues(right: unknown): readonly unknown[] {
  if (Array.isArray(right)) return right;
  const { set } = Object(right) as Fields;
  return Array.isArray(set) ? set : [right];
}
