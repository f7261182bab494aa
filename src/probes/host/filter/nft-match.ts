import { clean } from '../../../engine/text.ts';
import { type Range, rangeText } from '../ipv4.ts';
import { type NftField, readField, tcpFlagsOf } from './nft-field.ts';
import { listValues, readAddresses, readRows, readValue } from './nft-value.ts';
import { protocolName } from './protocol.ts';
import type { AddressField, Field, NameField, NumberField, PortField, Predicate } from './table.ts';

type Fields = { readonly [key: string]: unknown };

/** A condition of a rule, and its text in nft's notation. */
export type Match = { readonly text: string; readonly predicates: readonly Predicate[] };

const OTHER: Predicate = { field: 'other' };
const NEVER: Predicate = { field: 'never' };
const ADDRESSES: readonly string[] = ['saddr', 'daddr', 'orig-saddr', 'orig-daddr'] satisfies AddressField[];
const PORTS: readonly string[] = ['sport', 'dport', 'orig-sport', 'orig-dport'] satisfies PortField[];
const NUMBERS: readonly string[] = [
  'mark',
  'ct-mark',
  'uid',
  'gid',
  'tcp-flags',
  'fragment-offset',
] satisfies NumberField[];
const MAX_NUMBER = 0xffffffff;

/** Parses a match of nft's JSON. A part that is not understood becomes a predicate with an unknown result. */
export function readMatch({ op, left, right }: Fields): Match {
  const family = readFamily(left, op === '!=', right);
  if (family !== null) return family;
  const concat = (Object(left) as Fields)['concat'];
  if (Array.isArray(concat)) return readConcat(concat, op, right) ?? unknown({ op, left, right }, []);
  const field = readField(left);
  if (field === null) return unknown({ op, left, right }, []);
  const predicates = field.field === null ? null : readComparison(field, field.field, String(op), right);
  if (predicates === null) return unknown({ op, left, right }, field.implies);
  return { text: textOf(field, String(op), right), predicates: [...field.implies, ...predicates] };
}

function unknown(match: object, implies: readonly Predicate[]): Match {
  return { text: short({ match }), predicates: [...implies, OTHER] };
}

function readComparison({ mask }: NftField, field: Field, op: string, right: unknown): readonly Predicate[] | null {
  const not = op === '!=';
  if (typeof right === 'string' && right.startsWith('@'))
    return (not || op === '==' || op === 'in') && mask === MAX_NUMBER ? [{ field, not, set: right.slice(1) }] : null;
  if (field === 'tcp-flags') return readFlags(mask, op, right);
  if (op === '!' || (field === 'state' && op === '!=')) return readStates(field, op, right);
  const ranges = comparedRange(op, right);
  if (ranges !== null) return inRanges(field, false, mask, ranges);
  if (!not && op !== '==' && op !== 'in') return null;
  if (field === 'state' || field === 'status') return readStates(field, op, right);
  if (field === 'ipsec') return typeof right === 'boolean' ? [{ field, not: right === not, names: ['ipsec'] }] : null;
  if (ADDRESSES.includes(field) || PORTS.includes(field) || NUMBERS.includes(field)) {
    const all = readAddresses(listValues(right));
    return all === null ? null : inRanges(field, not, mask, all);
  }
  const names = listValues(right).map((name) => nameOf(field, name));
  return names.includes(null) ? null : [{ field: field as NameField, not, names: names as readonly string[] }];
}

function nameOf(field: Field, name: unknown): string | null {
  const value = readValue(name);
  if (field === 'proto' || field === 'orig-proto' || field === 'icmp-type') {
    if (typeof value === 'string') return field === 'icmp-type' ? value : protocolName(value);
    if (value === null || value[0] !== value[1]) return null;
    return field === 'icmp-type' ? String(value[0]) : protocolName(value[0]);
  }
  return typeof name === 'string' && !name.startsWith('@') ? name : null;
}

/** Converts `< 1024` and similar comparisons to a range. */
function comparedRange(op: string, right: unknown): readonly Range[] | null {
  if (!Number.isInteger(right)) return null;
  const number = right as number;
  if (op === '<') return [[0, number - 1]];
  if (op === '<=') return [[0, number]];
  if (op === '>') return [[number + 1, MAX_NUMBER]];
  return op === '>=' ? [[number, MAX_NUMBER]] : null;
}

function inRanges(field: Field, not: boolean, mask: number, ranges: readonly Range[]): readonly Predicate[] | null {
  if (ADDRESSES.includes(field)) return [{ field: field as AddressField, not, ranges }];
  if (PORTS.includes(field)) return [{ field: field as PortField, not, ports: ranges }];
  return NUMBERS.includes(field) ? [{ field: field as NumberField, not, mask, numbers: ranges }] : null;
}

/** `tcp flags syn` matches any of the flags, `== syn` exactly these, `! syn` none of them. */
function readFlags(mask: number, op: string, right: unknown): readonly Predicate[] | null {
  const flags = tcpFlagsOf(right);
  if (flags === null) return null;
  const field = 'tcp-flags' as const;
  if (op === 'in') return [{ field, not: true, mask: flags, numbers: [[0, 0]] }];
  if (op === '!') return [{ field, not: false, mask: flags, numbers: [[0, 0]] }];
  return op === '==' || op === '!=' ? [{ field, not: op === '!=', mask, numbers: [[flags, flags]] }] : null;
}

/** `!= established | related` compares with both at once, but a packet has only one state. */
function readStates(field: Field, op: string, right: unknown): readonly Predicate[] | null {
  if (field !== 'state' && field !== 'status') return null;
  const not = op === '!=' || op === '!';
  const both = (Object(right) as Fields)['|'];
  if (Array.isArray(both) && both.length > 1) return field === 'state' ? (not ? [] : [NEVER]) : null;
  const names = listValues(right);
  if (!names.every((name) => typeof name === 'string' && !name.startsWith('@'))) return null;
  // A status can have several bits at once, so only "any of them" can be evaluated.
  if (field === 'status' && op !== 'in' && op !== '!') return null;
  return [{ field, not, names: names as readonly string[] }];
}

function readFamily(left: unknown, not: boolean, right: unknown): Match | null {
  const key = (Object((Object(left) as Fields)['meta']) as Fields)['key'];
  if (key !== 'nfproto' && key !== 'protocol') return null;
  const names = listValues(right);
  const text = `meta ${key} ${not ? '!= ' : ''}${names.join(', ')}`;
  if (names.some((name) => typeof name !== 'string' || name.startsWith('@'))) return null;
  const four = names.some((name) => name === 'ipv4' || name === 'ip');
  if (names.every((name) => ['ipv4', 'ipv6', 'ip', 'ip6'].includes(String(name))))
    return { text, predicates: four === not ? [NEVER] : [] };
  return { text, predicates: [{ field: 'ether-type', not, names: names as readonly string[] }] };
}

function readConcat(parts: readonly unknown[], op: unknown, right: unknown): Match | null {
  const fields = parts.map(readField);
  if (op !== '==' && op !== '!=' && op !== 'in') return null;
  if (fields.some((one) => one === null || one.field === null || one.mask !== MAX_NUMBER)) return null;
  const known = fields as readonly (NftField & { readonly field: Field })[];
  const of = known.map(({ field }) => field);
  const implies = known.flatMap((one) => one.implies);
  const not = op === '!=';
  const text = `${known.map((one) => one.text).join(' . ')} ${not ? '!= ' : ''}`;
  if (typeof right === 'string' && right.startsWith('@'))
    return { text: text + right, predicates: [...implies, { field: 'concat', of, not, set: right.slice(1) }] };
  const rows = readRows(listValues(right));
  if (rows === null) return null;
  return { text: clean(text + short(right), 160), predicates: [...implies, { field: 'concat', of, not, rows }] };
}

function textOf({ field, text, mask }: NftField, op: string, right: unknown): string {
  const sign = op === '==' || op === 'in' ? '' : `${op} `;
  if (typeof right === 'string' && right.startsWith('@')) return `${text} ${sign}${right}`;
  const both = (Object(right) as Fields)['|'];
  if (Array.isArray(both)) return `${text} ${sign}${both.join(' | ')}`;
  if (ADDRESSES.includes(field ?? '')) {
    const ranges = readAddresses(listValues(right)) ?? [];
    const shown = ranges.slice(0, 20).map(rangeText);
    return `${text} ${sign}${[...shown, ...(ranges.length > 20 ? ['…'] : [])].join(', ')}`;
  }
  if (PORTS.includes(field ?? '')) return `${text} ${sign}${short(right)}`;
  if (field === 'tcp-flags')
    return `${text}${mask === MAX_NUMBER ? '' : ` & 0x${mask.toString(16)}`} ${op} ${short(right)}`;
  const names = listValues(right).map((name) => (typeof name === 'string' ? name : short(name)));
  const quoted = field === 'iif' || field === 'oif' ? names.map((name) => `"${name}"`) : names;
  return `${text} ${sign}${quoted.join(',')}`;
}

function short(value: unknown): string {
  return clean(JSON.stringify(value) ?? '?', 80);
}
