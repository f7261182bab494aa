import type { Range } from '../ipv4.ts';

/**
 * An IPv4 packet as one hook sees it. Addresses and ports are ranges, for all of which the answer must hold. Null may be
 * anything. An empty interface name is none: what this host sends has no input interface.
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
  /** `echo-request`, …; without a meaning for other protocols. */
  readonly icmpType: string | null;
  /** Bits of the TCP header: fin 1, syn 2, rst 4, psh 8, ack 16, urg 32. */
  readonly tcpFlags: number | null;
  /** As the kernel's connection tracking has it, once it has looked. */
  readonly state: 'new' | 'established' | 'related' | 'invalid' | 'untracked' | null;
  /** Whether the connection's addresses are translated. */
  readonly nat: readonly ('snat' | 'dnat')[] | null;
  readonly direction: 'original' | 'reply' | null;
  /** The ends of the connection as its first packet had them before any translation. */
  readonly original: {
    readonly saddr: Range | null;
    readonly daddr: Range | null;
    readonly sport: Range | null;
    readonly dport: Range | null;
  } | null;
  /** Marks that it may have. */
  readonly mark: readonly number[] | null;
  readonly ctMark: readonly number[] | null;
  /** The user and group that own the socket; `none` for what this host forwards or receives. */
  readonly owner: { readonly uid: number | null; readonly gid: number | null } | 'none' | null;
  /** What the kernel's routing calls the addresses: `local`, `unicast`, `broadcast`, … */
  readonly saddrType: string | null;
  readonly daddrType: string | null;
  /** Whether it came through IPsec. */
  readonly ipsec: boolean | null;
  /** Ports of a bridge, if rules for IP packets are asked for frames that a bridge forwards. */
  readonly bridged: boolean | null;
  readonly physicalIif: string | null;
  readonly physicalOif: string | null;
  /** The bridge, for tables of family bridge. */
  readonly bridge: string | null;
};

/** A packet of which only what this program assumes of all of them is known: it is whole and IPv4. */
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
