import type { Range } from '../ipv4.ts';

/**
 * The packet filter of this host, from all programs, in one form: nft's own tables and the output of iptables-save.
 * IPv6 is left out. A part that is not understood is kept as `other`, so that nothing is concluded from it.
 */
export type Table = {
  /** `ip`, `inet`, `arp`, `bridge` or `netdev` for nft; `ip` for iptables. */
  readonly family: string;
  readonly name: string;
  /**
   * `iptables`: written by that program, with either kernel interface. `iptables-legacy`: the legacy tables that exist
   * in addition.
   */
  readonly from: 'nft' | 'iptables' | 'iptables-legacy';
  readonly chains: readonly Chain[];
  readonly sets: readonly NamedSet[];
  /** The table is loaded, but its chains are not active. */
  readonly dormant?: true;
};

export type Chain = {
  readonly name: string;
  /** The hook of the chain; null for a chain that is only jumped to. */
  readonly base: ChainBase | null;
  readonly rules: readonly Rule[];
};

export type ChainBase = {
  /** `filter`, `nat`, `route`. */
  readonly type: string;
  /** `forward`, `input`, `prerouting`, … */
  readonly hook: string;
  readonly priority: number;
  /** The verdict for a packet that no rule decides. */
  readonly policy: 'accept' | 'drop';
  /** Interfaces of an ingress or egress hook. */
  readonly devices?: readonly string[];
};

/**
 * A named set of nft or ipset. `elements` are for IPv4 addresses only; other sets have `rows`, one row for each element
 * with one value for each field. Without both, the content is unknown.
 */
export type NamedSet = {
  readonly name: string;
  readonly elements: readonly Range[] | null;
  readonly rows?: readonly (readonly SetValue[])[];
  /** The kinds of an ipset's fields: `ip`, `proto`, `port`, `iface`, `mark`. A rule names the end for each. */
  readonly kinds?: readonly string[];
  /** Rules add elements while packets pass, so an address that is not listed may be in it later. */
  readonly grows?: true;
};

/** A range of numbers (addresses, ports, marks), or a word. The word of an interface may end in `*`. */
export type SetValue = Range | string;

/** All predicates must hold. `text` is the rule in readable form. */
export type Rule = {
  readonly predicates: readonly Predicate[];
  readonly verdict: RuleVerdict;
  readonly text: string;
  /** nft's number of the rule, to find or delete it; null for iptables. */
  readonly handle: number | null;
  /** Set if iptables wrote a part that nft cannot show. The output of iptables-save is then better. */
  readonly extended: boolean;
  /** It excludes a connection from tracking, so later rules see another state of it. */
  readonly untracks: boolean;
  readonly marks?: readonly MarkChange[];
  readonly rewrite?: Rewrite;
  /** The local port whose socket gets the packet from TPROXY. If no socket has the port, the packet is lost. */
  readonly divertsTo?: Range;
  /** The answer to the sender of a rejected packet, such as `icmp port-unreachable` or `tcp reset`. */
  readonly answer?: string;
};

/**
 * A mark becomes `(old & retain) ^ (copied & keep) ^ flip`, where `copied` is the mark of `source`. `unknown` may set
 * any mark.
 */
export type MarkChange =
  | {
      readonly target: 'mark' | 'ct-mark';
      readonly retain: number;
      readonly source: 'mark' | 'ct-mark' | null;
      readonly keep: number;
      readonly flip: number;
    }
  | { readonly target: 'mark' | 'ct-mark'; readonly unknown: true };

/** Address translation. A null address or port is unknown or unchanged. */
export type Rewrite = {
  readonly kind: 'masquerade' | 'snat' | 'dnat' | 'redirect';
  readonly address: Range | null;
  readonly port: Range | null;
};

export type AddressField = 'saddr' | 'daddr' | 'orig-saddr' | 'orig-daddr';
/** `port` is either end of the connection. */
export type PortField = 'sport' | 'dport' | 'port' | 'orig-sport' | 'orig-dport';
export type NameField =
  | 'iif'
  | 'oif'
  | 'proto'
  | 'orig-proto'
  | 'state'
  | 'status'
  | 'direction'
  | 'icmp-type'
  | 'saddr-type'
  | 'daddr-type'
  | 'physical-iif'
  | 'physical-oif'
  | 'bridge-iif'
  | 'bridge-oif'
  | 'bridged'
  | 'ipsec'
  | 'packet-type'
  | 'ether-type';
export type NumberField = 'mark' | 'ct-mark' | 'uid' | 'gid' | 'tcp-flags' | 'fragment-offset';
export type Field = AddressField | PortField | NameField | NumberField;

/**
 * A condition on a packet. `never` cannot hold for IPv4; `other` is not understood. An interface name may end in `*`.
 * States are conntrack's words in small letters. A protocol is its name, or its number if it has none. A number is
 * compared after `mask`.
 */
export type Predicate =
  | { readonly field: AddressField; readonly not: boolean; readonly ranges: readonly Range[] }
  | { readonly field: Field; readonly not: boolean; readonly set: string }
  | { readonly field: NameField; readonly not: boolean; readonly names: readonly string[] }
  | { readonly field: PortField; readonly not: boolean; readonly ports: readonly Range[] }
  | {
      readonly field: NumberField;
      readonly not: boolean;
      readonly mask: number;
      readonly numbers: readonly Range[];
      /** A packet without a socket matches: iptables negates that way, but nft does not. */
      readonly ownerless?: true;
    }
  | { readonly field: 'concat'; readonly of: readonly Field[]; readonly not: boolean; readonly set: string }
  | {
      readonly field: 'concat';
      readonly of: readonly Field[];
      readonly not: boolean;
      readonly rows: readonly (readonly SetValue[])[];
    }
  | { readonly field: 'ipset'; readonly not: boolean; readonly set: string; readonly ends: readonly string[] }
  | { readonly field: 'never' }
  | { readonly field: 'other' };

/** `none` continues with the next rule; `other` may do anything. */
export type RuleVerdict =
  | { readonly kind: 'accept' | 'drop' | 'return' | 'none' | 'other' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };
