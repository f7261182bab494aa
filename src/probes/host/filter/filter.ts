import type { Range } from '../ipv4.ts';

/**
 * The packet filter of this host, whoever wrote it, in one shape: what nft shows of its own tables and what iptables saves
 * of its. Only IPv4 is in it. What is not understood is kept as such, so that nobody concludes from it.
 */
export type Table = {
  /** `ip`, `inet`, … for nft; `ip` for iptables. */
  readonly family: string;
  readonly name: string;
  /** `iptables` is what the program of that name writes, whichever interface it uses; `iptables-legacy` the other one beside it. */
  readonly from: 'nft' | 'iptables' | 'iptables-legacy';
  readonly chains: readonly Chain[];
  readonly sets: readonly AddressSet[];
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
};

/** A named set of IPv4 addresses; sets of anything else, and maps, have null elements. */
export type AddressSet = { readonly name: string; readonly elements: readonly Range[] | null };

/** All predicates must hold. `text` is the rule as a person would write it. */
export type Rule = {
  readonly predicates: readonly Predicate[];
  readonly verdict: RuleVerdict;
  readonly text: string;
  /** nft's own number of it, by which it can be found and deleted; null for iptables. */
  readonly handle: number | null;
  /** True where iptables put something into it that nft cannot show: what iptables-save says of it is then the better. */
  readonly extended: boolean;
  /** It keeps a connection from being tracked, so that later rules see another state of it. */
  readonly untracks: boolean;
};

/**
 * What a packet must be like. `never` cannot hold for IPv4; `other` is not understood. A name of `iif` and `oif` may end in
 * `*`; states are conntrack's words in small letters.
 */
export type Predicate =
  | { readonly field: 'saddr' | 'daddr'; readonly not: boolean; readonly ranges: readonly Range[] }
  | { readonly field: 'saddr' | 'daddr'; readonly not: boolean; readonly set: string }
  | { readonly field: 'iif' | 'oif' | 'proto' | 'state'; readonly not: boolean; readonly names: readonly string[] }
  | { readonly field: 'sport' | 'dport'; readonly not: boolean; readonly ports: readonly Range[] }
  | { readonly field: 'never' }
  | { readonly field: 'other' };

/** `none` goes on to the next rule; `other` may do anything. */
export type RuleVerdict =
  | { readonly kind: 'accept' | 'drop' | 'return' | 'none' | 'other' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };
