import type { Range } from '../ipv4.ts';

/**
 * An IPv4 packet as one hook sees it. Addresses and ports are ranges; the result must hold for all of them. Null means
 * any value. An empty interface name means none: packets that this host sends have no input interface.
 */
export type Packet = {
  /** `ip`, or `arp` for the request that a bridge must pass first. */
  readonly etherType: 'ip' | 'arp';
  readonly saddr: Range | null;
  readonly daddr: Range | null;
  readonly sport: Range | null;
  readonly dport: Range | null;
  readonly iif: string | null;
  readonly oif: string | null;
  /** `tcp`, `udp`, `icmp`, … */
  readonly proto: string | null;
  /** `echo-request`, …; not used for other protocols. */
  readonly icmpType: string | null;
  /** Bits of the TCP header: fin 1, syn 2, rst 4, psh 8, ack 16, urg 32. */
  readonly tcpFlags: number | null;
  /** The state of connection tracking, after the kernel has looked it up. */
  readonly state: 'new' | 'established' | 'related' | 'invalid' | 'untracked' | null;
  /** Whether the connection's addresses are translated. */
  readonly nat: readonly ('snat' | 'dnat')[] | null;
  readonly direction: 'original' | 'reply' | null;
  /** Addresses and ports of the connection's first packet before any translation. */
  readonly original: {
    readonly saddr: Range | null;
    readonly daddr: Range | null;
    readonly sport: Range | null;
    readonly dport: Range | null;
  } | null;
  /** Possible marks. */
  readonly mark: readonly number[] | null;
  readonly ctMark: readonly number[] | null;
  /** The user and group that own the socket; `none` for what this host forwards or receives. */
  readonly owner: { readonly uid: number | null; readonly gid: number | null } | 'none' | null;
  /** The types of the addresses in the kernel's routing: `local`, `unicast`, `broadcast`, … */
  readonly saddrType: string | null;
  readonly daddrType: string | null;
  /** Whether it came through IPsec. */
  readonly ipsec: boolean | null;
  /** Interfaces of a bridge, if IP rules are evaluated for traffic within the bridge. */
  readonly bridged: boolean | null;
  readonly physicalIif: string | null;
  readonly physicalOif: string | null;
  /** The bridge, for tables of family bridge. */
  readonly bridge: string | null;
};

/** A packet with only the properties that this program assumes of every packet: it is complete and IPv4. */
export const ANY_PACKET: Packet = {
  etherType: 'ip',
  saddr: null,
  daddr: null,
  sport: null,
  dport: null,
  iif: null,
  oif: null,
  proto: null,
  icmpType: null,
  tcpFlags: null,
  state: null,
  nat: null,
  direction: null,
  original: null,
  mark: null,
  ctMark: null,
  owner: null,
  saddrType: null,
  daddrType: null,
  ipsec: null,
  bridged: null,
  physicalIif: null,
  physicalOif: null,
  bridge: null,
};
