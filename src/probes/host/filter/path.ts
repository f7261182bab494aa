import type { Packet } from './packet.ts';

/**
 * The way of one packet through this host: the hooks that the kernel calls for it, in order. Two steps may be of one hook, if
 * chains of different priority see different addresses.
 */
export type Path = {
  /** In words, such as `containers of web ask the resolver`. */
  readonly what: string;
  readonly steps: readonly HookStep[];
  /** The address that the host gives a packet which it masquerades on the way out. */
  readonly masqueradeAs?: Packet['saddr'];
};

export type HookStep = {
  /** `ip` are tables of family ip and inet; an ingress hook of inet is `netdev` too. */
  readonly family: 'ip' | 'bridge' | 'arp' | 'netdev';
  readonly hook: 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'egress';
  /** The interface of an ingress or egress hook. */
  readonly device?: string;
  /** Chains of these priorities only, both ends included; all, if left out. */
  readonly priorities?: readonly [first: number, last: number];
  readonly packet: Packet;
  /** The packet is not always sent: the host may remember the neighbour. A loss here is possible only. */
  readonly seldom?: true;
};

/** Where the kernel tracks connections, translates destinations and translates sources; the same for prerouting and output. */
export const CONNTRACK_PRIORITY = -200;
export const DESTINATION_NAT_PRIORITY = -100;
export const SOURCE_NAT_PRIORITY = 100;
