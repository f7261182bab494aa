import type { Packet } from './packet.ts';

/**
 * The path of one packet through this host: the hooks that the kernel calls for it, in order. A hook can have two
 * steps, if chains of different priority see different addresses.
 */
export type Path = {
  /** In words, such as `containers of web ask the resolver`. */
  readonly what: string;
  readonly steps: readonly HookStep[];
  /** The source address that this host gives the packet if it masquerades it. */
  readonly masqueradeAs?: Packet['saddr'];
};

export type HookStep = {
  /** `ip` includes tables of family ip and inet; an ingress hook of inet is `netdev` too. */
  readonly family: 'ip' | 'bridge' | 'arp' | 'netdev';
  readonly hook: 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'egress';
  /** The interface of an ingress or egress hook. */
  readonly device?: string;
  /** Only chains with a priority in this range, both ends included; all by default. */
  readonly priorities?: readonly [first: number, last: number];
  readonly packet: Packet;
  /** The packet is not always sent, because the host may know the neighbour already. A loss here is only possible. */
  readonly seldom?: true;
};

/**
 * The priorities at which the kernel tracks connections, translates destinations and translates sources; equal for
 * prerouting and output.
 */
export const CONNTRACK_PRIORITY = -200;
export const DESTINATION_NAT_PRIORITY = -100;
export const SOURCE_NAT_PRIORITY = 100;
