import { type Range, rangeOf } from '../ipv4.ts';
import { tcpFlagsOf } from './nft-field.ts';
import { icmpTypeName, protocolName } from './protocol.ts';
import type { NameField, Predicate } from './table.ts';

const OTHER: Predicate = { field: 'other' };
const ALL = 0xffffffff;

type Reader = (value: string, not: boolean, values: readonly string[]) => readonly Predicate[] | null;

/** Options with the same meaning in every extension. */
const READERS: { readonly [option: string]: Reader } = {
  '-s': addresses('saddr'),
  '-d': addresses('daddr'),
  '--src-range': addresses('saddr'),
  '--dst-range': addresses('daddr'),
  '--ctorigsrc': addresses('orig-saddr'),
  '--ctorigdst': addresses('orig-daddr'),
  '-i': interfaces('iif'),
  '-o': interfaces('oif'),
  '--physdev-in': interfaces('physical-iif'),
  '--physdev-out': interfaces('physical-oif'),
  '--sport': ports('sport'),
  '--sports': ports('sport'),
  '--dport': ports('dport'),
  '--dports': ports('dport'),
  '--ports': ports('port'),
  '--ctorigsrcport': ports('orig-sport'),
  '--ctorigdstport': ports('orig-dport'),
  '--ctstate': names('state'),
  '--state': names('state'),
  '--ctdir': names('direction'),
  '--src-type': names('saddr-type'),
  '--dst-type': names('daddr-type'),
  '--icmp-type': (value, not) =>
    value === 'any' || value === '255' ? [] : [{ field: 'icmp-type', not, names: [icmpTypeName(value)] }],
  '-p': (value, not) =>
    value === 'all' || value === '0' ? [] : [{ field: 'proto', not, names: [protocolName(value)] }],
  '--ctproto': (value, not) => [{ field: 'orig-proto', not, names: [protocolName(value)] }],
  '--ctstatus': (value, not) =>
    value === 'NONE' ? null : [{ field: 'status', not, names: value.toLowerCase().replaceAll('_', '-').split(',') }],
  '--tcp-flags': (mask, not, [, flags = '']) => readFlags(mask, flags, not),
  '--uid-owner': owner('uid'),
  '--gid-owner': owner('gid'),
  '--pol': (value, not) => [{ field: 'ipsec', not, names: [value] }],
  '--match-set': (set, not, [, ends = '']) => [{ field: 'ipset', not, set, ends: ends.split(',') }],
};

/** Options without a value. */
const FLAGS: { readonly [option: string]: (not: boolean) => readonly Predicate[] } = {
  '-f': (not) => [{ field: 'fragment-offset', not, mask: 0x1fff, numbers: [[1, 0x1fff]] }],
  '--physdev-is-bridged': (not) => [{ field: 'bridged', not, names: ['true'] }],
  '--physdev-is-in': (not) => [{ field: 'physical-iif', not: !not, names: [''] }],
  '--physdev-is-out': (not) => [{ field: 'physical-oif', not: !not, names: [''] }],
  // The address type does not depend on the interface through which a container's packet arrives.
  '--limit-iface-in': () => [],
  '--limit-iface-out': () => [],
  '--update-counters': () => [],
  '--update-subcounters': () => [],
};

/** Parses an option of a rule; `extension` is the `-m` before it. */
export function readOption(
  option: string,
  not: boolean,
  values: readonly string[],
  extension: string,
): readonly Predicate[] {
  if (option === '--comment' || (option === '--dir' && extension === 'policy')) return [];
  if (!option.startsWith('-')) return [OTHER];
  const [value] = values;
  if (value === undefined) return FLAGS[option]?.(not) ?? [OTHER];
  if (option === '--mark') return readMark(extension === 'connmark' ? 'ct-mark' : 'mark', not, value);
  return READERS[option]?.(value, not, values) ?? [OTHER];
}

function addresses(field: 'saddr' | 'daddr' | 'orig-saddr' | 'orig-daddr'): Reader {
  return (value, not) => {
    const range = rangeOf(value);
    return range === null ? null : [{ field, not, ranges: [range] }];
  };
}

/** A name that ends in `+` is a prefix. */
function interfaces(field: 'iif' | 'oif' | 'physical-iif' | 'physical-oif'): Reader {
  return (value, not) => [{ field, not, names: [value.replace(/\+$/, '*')] }];
}

function names(field: NameField): Reader {
  return (value, not) => [{ field, not, names: value.toLowerCase().split(',') }];
}

function ports(field: 'sport' | 'dport' | 'port' | 'orig-sport' | 'orig-dport'): Reader {
  return (value, not) => {
    const all = value.split(',').map(numbersOf);
    return all.includes(null) ? null : [{ field, not, ports: all as readonly Range[] }];
  };
}

/** In iptables, a packet without a socket matches `! --uid-owner`. */
function owner(field: 'uid' | 'gid'): Reader {
  return (value, not) => {
    const range = numbersOf(value.replace('-', ':'));
    const ownerless = not ? { ownerless: true as const } : {};
    return range === null ? null : [{ field, not, mask: ALL, numbers: [range], ...ownerless }];
  };
}

function readFlags(mask: string, flags: string, not: boolean): readonly Predicate[] | null {
  const [bits, set] = [mask, flags].map(flagBits);
  return typeof bits === 'number' && typeof set === 'number'
    ? [{ field: 'tcp-flags', not, mask: bits, numbers: [[set, set]] }]
    : null;
}

function flagBits(text: string): number | null {
  if (text === 'NONE') return 0;
  return tcpFlagsOf((text === 'ALL' ? 'fin,syn,rst,psh,ack,urg' : text.toLowerCase()).split(','));
}

/** `0x1` or `0x1/0xff`. */
function readMark(field: 'mark' | 'ct-mark', not: boolean, text: string): readonly Predicate[] {
  const [value, mask = ALL] = text.split('/').map(Number);
  if (value === undefined || !Number.isInteger(value) || !Number.isInteger(mask)) return [OTHER];
  return [{ field, not, mask, numbers: [[value, value]] }];
}

function numbersOf(text: string): Range | null {
  const [, first, last] = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(text) ?? [];
  return first === undefined ? null : [Number(first), Number(last ?? first)];
}
