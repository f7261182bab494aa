import { coverageIn, type Range } from '../ipv4.ts';
import type { Packet } from './packet.ts';
import { icmpTypeName, protocolName } from './protocol.ts';
import type { Field, NamedSet, Predicate, SetValue, Table } from './table.ts';

/** Whether a predicate holds for a packet that is only partly known. */
export type PredicateResult = 'yes' | 'no' | 'maybe';

/** Whether all predicates hold. One that cannot hold takes precedence over unknown ones. */
export function evaluatePredicates(
  predicates: readonly Predicate[],
  packet: Packet,
  sets: Table['sets'],
): PredicateResult {
  let result: PredicateResult = 'yes';
  for (const predicate of predicates) {
    const one = holds(predicate, packet, sets);
    if (one === 'no') return 'no';
    if (one === 'maybe') result = 'maybe';
  }
  return result;
}

function holds(predicate: Predicate, packet: Packet, sets: Table['sets']): PredicateResult {
  if (predicate.field === 'never') return 'no';
  if (predicate.field === 'other') return 'maybe';
  if (packet.etherType === 'ip' && (predicate.field === 'saddr' || predicate.field === 'daddr'))
    return negated(positive(predicate, packet, sets), predicate.not);
  if (packet.etherType === 'arp' && !OF_FRAMES.has(predicate.field)) return 'no';
  if (OF_CONNECTIONS.has(predicate.field) && (packet.state === 'invalid' || packet.state === 'untracked')) return 'no';
  if (predicate.field === 'ipset') return negated(inIpset(predicate.set, predicate.ends, packet, sets), predicate.not);
  if ((predicate.field === 'uid' || predicate.field === 'gid') && packet.owner === 'none')
    return 'ownerless' in predicate ? 'yes' : 'no';
  return negated(positive(predicate, packet, sets), predicate.not);
}

/** The fields of an ARP request. A match of any other field requires an IP packet, even if it is negated. */
const OF_FRAMES: ReadonlySet<string> = new Set([
  'iif',
  'oif',
  'bridge-iif',
  'bridge-oif',
  'ether-type',
  'mark',
  'packet-type',
  'state',
  'concat',
]);

/** Fields of connection tracking. Without a connection, no match of them applies, even if it is negated. */
const OF_CONNECTIONS: ReadonlySet<string> = new Set([
  'status',
  'direction',
  'ct-mark',
  'orig-saddr',
  'orig-daddr',
  'orig-sport',
  'orig-dport',
  'orig-proto',
]);

type Positive = Exclude<Predicate, { field: 'never' | 'other' | 'ipset' }>;

function positive(predicate: Positive, packet: Packet, sets: Table['sets']): PredicateResult {
  if (predicate.field === 'concat') {
    const set = 'set' in predicate ? setOf(sets, predicate.set) : { rows: predicate.rows, grows: undefined };
    return set?.rows === undefined ? 'maybe' : allowGrowth(inRows(set.rows, predicate.of, packet), set.grows);
  }
  if ('set' in predicate) {
    const set = setOf(sets, predicate.set);
    if (set === undefined) return 'maybe';
    if (set.elements !== null) return allowGrowth(inRanges(predicate.field, set.elements, packet), set.grows);
    return set.rows === undefined ? 'maybe' : allowGrowth(inRows(set.rows, [predicate.field], packet), set.grows);
  }
  if ('ranges' in predicate) return inRanges(predicate.field, predicate.ranges, packet);
  if ('ports' in predicate) return inRanges(predicate.field, predicate.ports, packet);
  if ('names' in predicate) return anyOf(predicate.names.map((name) => fits(predicate.field, name, packet)));
  return inNumbers(numbersOf(predicate.field, packet), predicate.mask, predicate.numbers);
}

function setOf(sets: Table['sets'], name: string): NamedSet | undefined {
  return sets.find((set) => set.name === name);
}

function allowGrowth(result: PredicateResult, grows: true | undefined): PredicateResult {
  return grows && result === 'no' ? 'maybe' : result;
}

/** One element whose fields all match is enough. */
function inRows(rows: readonly (readonly SetValue[])[], of: readonly Field[], packet: Packet): PredicateResult {
  let result: PredicateResult = 'no';
  for (const row of rows) {
    if (row.length !== of.length) return 'maybe';
    const one = everyOf(row.map((value, index) => fits(of[index] as Field, value, packet)));
    if (one === 'yes') return 'yes';
    if (one === 'maybe') result = 'maybe';
  }
  return result;
}

/**
 * The fields that an iptables rule compares with a set: the set's kinds in order, each of the end that the rule names.
 */
function inIpset(name: string, ends: readonly string[], packet: Packet, sets: Table['sets']): PredicateResult {
  const set = setOf(sets, name);
  if (set?.kinds === undefined) return 'maybe';
  let at = -1;
  const fields = set.kinds.map((kind) => {
    // The protocol is part of a port's element and does not have a named end.
    if (kind !== 'proto') at += 1;
    return ipsetField(kind, ends[at] ?? 'src');
  });
  if (fields.includes(null)) return 'maybe';
  const [first] = fields as readonly Field[];
  if (set.elements !== null && first !== undefined)
    return allowGrowth(inRanges(first, set.elements, packet), set.grows);
  return set.rows === undefined
    ? 'maybe'
    : allowGrowth(inRows(set.rows, fields as readonly Field[], packet), set.grows);
}

function ipsetField(kind: string, end: string): Field | null {
  const source = end === 'src';
  if (kind === 'ip') return source ? 'saddr' : 'daddr';
  if (kind === 'port') return source ? 'sport' : 'dport';
  if (kind === 'proto') return 'proto';
  if (kind === 'iface') return source ? 'iif' : 'oif';
  return kind === 'mark' ? 'mark' : null;
}

function fits(field: Field, value: SetValue, packet: Packet): PredicateResult {
  if (typeof value !== 'string' && field !== 'proto' && field !== 'icmp-type') return inRanges(field, [value], packet);
  if (field === 'state' && (value === 'snat' || value === 'dnat')) return fits('status', value, packet);
  if (field === 'status') return statusHolds(String(value), packet);
  const text = typeof value === 'string' ? value : String(value[0]);
  const name = nameOf(field, packet);
  if (name === null) return 'maybe';
  if (field === 'proto' || field === 'orig-proto') return protocolName(text) === name ? 'yes' : 'no';
  if (field === 'icmp-type') return icmpTypeName(text) === name ? 'yes' : 'no';
  return fitsName(text, name) ? 'yes' : 'no';
}

/** Bits of a connection. Whether it was answered changes from packet to packet; translation does not. */
function statusHolds(bit: string, { nat, state }: Packet): PredicateResult {
  if (bit === 'snat' || bit === 'dnat') return nat === null ? 'maybe' : nat.includes(bit) ? 'yes' : 'no';
  if (bit === 'expected' || bit === 'dying') return state === null || state === 'related' ? 'maybe' : 'no';
  return state === 'new' ? (bit === 'confirmed' ? 'maybe' : 'no') : 'maybe';
}

function nameOf(field: Field, packet: Packet): string | null {
  switch (field) {
    case 'iif':
    case 'oif':
    case 'proto':
    case 'state':
    case 'direction':
      return packet[field];
    case 'orig-proto':
      return packet.proto;
    case 'icmp-type':
      return packet.icmpType;
    case 'saddr-type':
      return packet.saddrType;
    case 'daddr-type':
      return packet.daddrType;
    case 'physical-iif':
      return packet.physicalIif;
    case 'physical-oif':
      return packet.physicalOif;
    case 'bridge-iif':
    case 'bridge-oif':
      return packet.bridge;
    case 'bridged':
      return packet.bridged === null ? null : String(packet.bridged);
    case 'ipsec':
      return packet.ipsec === null ? null : packet.ipsec ? 'ipsec' : 'none';
    case 'packet-type':
      return packet.iif === '' ? null : 'host';
    case 'ether-type':
      return packet.etherType;
    default:
      return null;
  }
}

/** The numbers that an address or a port may have; null if unknown. */
function rangeOfField(field: Field, packet: Packet): Range | null {
  switch (field) {
    case 'saddr':
    case 'daddr':
    case 'sport':
    case 'dport':
      return packet[field];
    case 'orig-saddr':
      return packet.original?.saddr ?? null;
    case 'orig-daddr':
      return packet.original?.daddr ?? null;
    case 'orig-sport':
      return packet.original?.sport ?? null;
    case 'orig-dport':
      return packet.original?.dport ?? null;
    default:
      return null;
  }
}

const NUMBERS: ReadonlySet<string> = new Set(['mark', 'ct-mark', 'uid', 'gid', 'tcp-flags', 'fragment-offset']);

function inRanges(field: Field, ranges: readonly Range[], packet: Packet): PredicateResult {
  if (field === 'port') return anyOf([inRanges('sport', ranges, packet), inRanges('dport', ranges, packet)]);
  if (NUMBERS.has(field)) return inNumbers(numbersOf(field, packet), 0xffffffff, ranges);
  const range = rangeOfField(field, packet);
  if (range === null) return 'maybe';
  const share = coverageIn(ranges, range);
  return share === 'all' ? 'yes' : share === 'none' ? 'no' : 'maybe';
}

function numbersOf(field: Field, { mark, ctMark, owner, tcpFlags }: Packet): readonly number[] | null {
  if (field === 'mark') return mark;
  if (field === 'ct-mark') return ctMark;
  if (field === 'fragment-offset') return [0];
  const number =
    field === 'tcp-flags' ? tcpFlags : owner === null || owner === 'none' ? null : owner[field as 'uid' | 'gid'];
  return number === null ? null : [number];
}

function inNumbers(numbers: readonly number[] | null, mask: number, ranges: readonly Range[]): PredicateResult {
  if (numbers === null) return 'maybe';
  const inside = numbers.filter((number) => {
    const masked = (number & mask) >>> 0;
    return ranges.some(([first, last]) => first <= masked && masked <= last);
  });
  return inside.length === 0 ? 'no' : inside.length === numbers.length ? 'yes' : 'maybe';
}

function fitsName(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

function negated(result: PredicateResult, not: boolean): PredicateResult {
  return !not || result === 'maybe' ? result : result === 'yes' ? 'no' : 'yes';
}

function anyOf(all: readonly PredicateResult[]): PredicateResult {
  return all.includes('yes') ? 'yes' : all.includes('maybe') ? 'maybe' : 'no';
}

function everyOf(all: readonly PredicateResult[]): PredicateResult {
  return all.includes('no') ? 'no' : all.includes('maybe') ? 'maybe' : 'yes';
}
