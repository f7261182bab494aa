import type { Range } from '../ipv4.ts';

/**
 * The packet filter of this host, whoever wrote it, in one shape: what nft lists of its own tables and what iptables-save
 * prints. IPv6 is left out. What is not understood stays in it as `other`, so that nothing is concluded from it.
 */
export type Table = {
  /** `ip`, `inet`, `arp`, `bridge` or `netdev` for nft; `ip` for iptables. */
  readonly family: string;
  readonly name: string;
  /** `iptables` is what the program of that name writes, whichever interface it uses; `iptables-legacy` the other one beside it. */
  readonly from: 'nft' | 'iptables' | 'iptables-legacy';
  readonly chains: readonly Chain[];
  readonly sets: readonly NamedSet[];
  /** The table is loaded, but the kernel does not enter its chains. */
  readonly dormant?: true;
};

export type Chain = {
  readonly name: string;
  /** Where the kernel enters it; null for a chain that is only jumped to. */
  readonly base: Base | null;
  readonly rules: readonly Rule[];
};

export type Base = {
  /** `filter`, `nat`, `route`. */
  readonly type: string;
  /** `forward`, `input`, `prerouting`, … */
  readonly hook: string;
  readonly priority: number;
  /** What becomes of a packet that no rule decides. */
  readonly policy: 'accept' | 'drop';
  /** Interfaces of an ingress or egress hook. */
  readonly devices?: readonly string[];
};

/**
 * A named set of nft, or a set of ipset. `elements` are set for IPv4 addresses only; sets of anything else have `rows`, one
 * row an element and one value a field of it. Neither: the content is not known.
 */
export type NamedSet = {
  readonly name: string;
  readonly elements: readonly Range[] | null;
  readonly rows?: readonly (readonly SetValue[])[];
  /** What the fields of an ipset are: `ip`, `proto`, `port`, `iface`, `mark`; a rule names the end of each. */
  readonly kinds?: readonly string[];
  /** Rules add elements while packets pass, so that an address that is not listed may be in it. */
  readonly grows?: true;
};

/** Numbers from one to another (addresses, ports, marks), or a word, which may end in `*` if it is an interface's. */
export type SetValue = Range | string;

/** All predicates must hold. `text` is the rule as a person would write it. */
export type Rule = {
  readonly predicates: readonly Predicate[];
  readonly verdict: RuleVerdict;
  readonly text: string;
  /** nft's own number of it, by which it can be found and deleted; null for iptables. */
  readonly handle: number | null;
  /** True if iptables put something into it that nft cannot show: what iptables-save prints of it is then the better. */
  readonly extended: boolean;
  /** It keeps a connection from being tracked, so that later rules see another state of it. */
  readonly untracks: boolean;
  readonly marks?: readonly MarkChange[];
  readonly rewrite?: Rewrite;
  /** What the sender of a rejected packet receives, such as `icmp port-unreachable` or `tcp reset`. */
  readonly answer?: string;
};

/**
 * A mark becomes `(old & retain) ^ (copied & keep) ^ flip`, where `copied` is the mark of `source`. `unknown` may become any.
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

/** Address translation. A null address or port is not known, or is kept. */
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
 * What a packet must be like. `never` cannot hold for IPv4; `other` is not understood. A name of an interface may end in
 * `*`; states are conntrack's words in small letters; protocols are names if they have one, else numbers. A number is
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
      /** A packet without a socket matches: iptables negates that way, nft does not. */
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
