import type { Field, Predicate } from './table.ts';

type Fields = { readonly [key: string]: unknown };

/** The field that an nft expression reads from a packet, and the conditions for reading it. */
export type NftField = {
  readonly field: Field | null;
  /** The text of the expression in nft's notation. */
  readonly text: string;
  readonly implies: readonly Predicate[];
  /** The bits to compare. */
  readonly mask: number;
};

const NEVER: Predicate = { field: 'never' };
const ALL = 0xffffffff;
const FRAGMENT_OFFSET = 0x1fff;
/** Protocols whose headers nft reads. A rule about such a header only matches packets of that protocol. */
const TRANSPORTS = ['tcp', 'udp', 'udplite', 'sctp', 'dccp', 'icmp', 'igmp', 'esp', 'ah', 'comp', 'gre'];
const PORTS = ['tcp', 'udp', 'udplite', 'sctp', 'dccp', 'th'];
const META: { readonly [key: string]: Field } = {
  iif: 'iif',
  iifname: 'iif',
  oif: 'oif',
  oifname: 'oif',
  l4proto: 'proto',
  mark: 'mark',
  skuid: 'uid',
  skgid: 'gid',
  ipsec: 'ipsec',
  secpath: 'ipsec',
  pkttype: 'packet-type',
  ibrname: 'bridge-iif',
  obrname: 'bridge-oif',
};
/** Matches of an interface or of the socket's owner are written without `meta`. */
const BARE = ['iif', 'iifname', 'oif', 'oifname', 'skuid', 'skgid'];
const CT: { readonly [key: string]: Field } = {
  state: 'state',
  status: 'status',
  direction: 'direction',
  mark: 'ct-mark',
  'original ip saddr': 'orig-saddr',
  'original saddr': 'orig-saddr',
  'original ip daddr': 'orig-daddr',
  'original daddr': 'orig-daddr',
  'original proto-src': 'orig-sport',
  'original proto-dst': 'orig-dport',
  'original protocol': 'orig-proto',
  protocol: 'orig-proto',
};

/** The field that the left side of a match or the key of a map reads; a null field is not understood. */
export function readField(left: unknown): NftField | null {
  const [kind, value] = Object.entries(Object(left) as Fields)[0] ?? [];
  const fields = Object(value) as Fields;
  if (kind === 'payload') return readPayload(fields);
  if (kind === 'meta') {
    const key = String(fields['key']);
    return {
      field: Object.hasOwn(META, key) ? (META[key] ?? null) : null,
      text: BARE.includes(key) ? key : `meta ${key}`,
      implies: [],
      mask: ALL,
    };
  }
  if (kind === 'ct') {
    const key = [fields['dir'], fields['key']].filter((part) => typeof part === 'string').join(' ');
    return { field: Object.hasOwn(CT, key) ? (CT[key] ?? null) : null, text: `ct ${key}`, implies: [], mask: ALL };
  }
  // Traffic from IPsec has a policy. Packets of containers have none.
  if (kind === 'ipsec') return { field: null, text: 'ipsec', implies: [NEVER], mask: ALL };
  if (kind === 'rt' && fields['key'] === 'ipsec') return { field: 'ipsec', text: 'rt ipsec', implies: [], mask: ALL };
  if (kind === 'fib') return readFib(fields);
  return kind === '&' && Array.isArray(value) ? masked(value) : null;
}

function readPayload({ protocol, field }: Fields): NftField {
  const text = `${String(protocol)} ${String(field)}`;
  const of = (known: Field | null, implies: readonly Predicate[] = []): NftField => {
    return { field: known, text, implies, mask: ALL };
  };
  if (protocol === 'ip6' || protocol === 'icmpv6') return of(null, [NEVER]);
  if (protocol === 'arp') return of(null, [{ field: 'ether-type', not: false, names: ['arp'] }]);
  if (protocol === 'ether') return of(field === 'type' ? 'ether-type' : null);
  if (protocol === 'ip') {
    if (field === 'saddr' || field === 'daddr') return of(field);
    if (field === 'protocol') return of('proto');
    return of(field === 'frag-off' ? 'fragment-offset' : null);
  }
  const known = String(protocol);
  const implies: readonly Predicate[] = TRANSPORTS.includes(known)
    ? [{ field: 'proto', not: false, names: [known] }]
    : [];
  if (PORTS.includes(known) && (field === 'sport' || field === 'dport')) return of(field, implies);
  if (known === 'icmp' && field === 'type') return of('icmp-type', implies);
  return of(known === 'tcp' && field === 'flags' ? 'tcp-flags' : null, implies);
}

/** The type of an address in the kernel's routing. */
function readFib({ result, flags }: Fields): NftField {
  const read = Array.isArray(flags) ? (flags as readonly unknown[]) : [flags];
  const text = `fib ${read.join(' . ')} ${String(result)}`;
  const address = read.includes('daddr') ? ('daddr-type' as const) : ('saddr-type' as const);
  return { field: result === 'type' ? address : null, text, implies: [], mask: ALL };
}

function masked([left, bits]: readonly unknown[]): NftField | null {
  const inner = readField(left);
  if (inner?.field === 'tcp-flags') {
    const mask = tcpFlagsOf(bits);
    return mask === null ? null : { ...inner, mask };
  }
  if (inner === null || !Number.isInteger(bits)) return inner === null ? null : { ...inner, field: null };
  if (inner.field === 'fragment-offset' && bits !== FRAGMENT_OFFSET) return { ...inner, field: null };
  const numeric = ['mark', 'ct-mark', 'fragment-offset'].includes(inner.field ?? '');
  const mask = bits as number;
  return { ...inner, field: numeric ? inner.field : null, mask, text: `${inner.text} & 0x${mask.toString(16)}` };
}

const TCP_FLAGS: { readonly [name: string]: number } = {
  fin: 1,
  syn: 2,
  rst: 4,
  psh: 8,
  ack: 16,
  urg: 32,
  ecn: 64,
  cwr: 128,
};

function flagOf(name: string): number | undefined {
  return Object.hasOwn(TCP_FLAGS, name) ? TCP_FLAGS[name] : undefined;
}

/** TCP flags as bits: from a name, a list of names, or `{"|": [names]}`; null for anything else. */
export function tcpFlagsOf(flags: unknown): number | null {
  const or = (Object(flags) as Fields)['|'];
  const names = Array.isArray(or) ? or : Array.isArray(flags) ? flags : [flags];
  const bits = names.map((name) => (Number.isInteger(name) ? (name as number) : flagOf(String(name))));
  return bits.includes(undefined) ? null : bits.reduce<number>((sum, bit) => sum | (bit ?? 0), 0);
}
