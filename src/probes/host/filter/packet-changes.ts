import type { Range } from '../ipv4.ts';
import type { PredicateResult } from './evaluate-predicates.ts';
import { type MarkState, unionOf } from './marks.ts';
import type { Packet } from './packet.ts';
import type { Rewrite } from './table.ts';

/** Fields that address translation may have changed; null means changed to an unknown value. */
type AddressChanges = { readonly [field in 'saddr' | 'daddr' | 'sport' | 'dport']?: Range | null };

/** The changes that rules made to a packet so far. The packet carries them from one chain to the next. */
export type PacketChanges = MarkState & {
  /** Whether a rule excluded its connection from tracking. */
  readonly untracked: PredicateResult;
  /** Whether a rule translated its addresses at this hook. After the first translation, no other applies. */
  readonly bound: PredicateResult;
  readonly changes: AddressChanges;
  readonly nat: Packet['nat'];
};

/** A packet before the first rule. */
export function noChanges({ mark, ctMark }: Packet): PacketChanges {
  return { mark, ctMark, untracked: 'no', bound: 'no', changes: {}, nat: [] };
}

/** Applies the changes to the packet. */
export function applyChanges(way: PacketChanges, packet: Packet): Packet {
  const state = way.untracked === 'yes' ? 'untracked' : way.untracked === 'maybe' ? null : packet.state;
  const nat = packet.nat === null || way.nat === null ? null : [...packet.nat, ...way.nat];
  return { ...packet, ...way.changes, mark: way.mark, ctMark: way.ctMark, state, nat };
}

/** Merges two alternative ways: either may have been taken. */
export function mergeChanges(one: PacketChanges | null, other: PacketChanges | null): PacketChanges | null {
  if (one === null || other === null) return one ?? other;
  if (one === other) return one;
  return {
    mark: unionOf(one.mark, other.mark),
    ctMark: unionOf(one.ctMark, other.ctMark),
    untracked: one.untracked === other.untracked ? one.untracked : 'maybe',
    bound: one.bound === other.bound ? one.bound : 'maybe',
    changes: commonChanges(one.changes, other.changes),
    nat: one.nat?.join() === other.nat?.join() ? one.nat : null,
  };
}

/** The changes after a rule has translated the packet's addresses. */
export function withTranslation(
  way: PacketChanges,
  rewrite: Rewrite,
  packet: Packet,
  masqueradeAs: Range | null,
): PacketChanges {
  const { kind, address, port } = rewrite;
  if (kind === 'masquerade' || kind === 'snat') {
    const saddr = kind === 'masquerade' ? masqueradeAs : address;
    // The kernel keeps the source port if it is free.
    return { ...way, bound: 'yes', changes: { ...way.changes, saddr, sport: null }, nat: joined(way, 'snat') };
  }
  const dport = port ?? packet.dport;
  return { ...way, bound: 'yes', changes: { ...way.changes, daddr: address, dport }, nat: joined(way, 'dnat') };
}

function joined({ nat }: PacketChanges, kind: 'snat' | 'dnat'): Packet['nat'] {
  return nat === null ? null : [...nat, kind];
}

function commonChanges(one: AddressChanges, other: AddressChanges): AddressChanges {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof AddressChanges>;
  return Object.fromEntries(
    [...fields].map((field) => {
      const [a, b] = [one[field], other[field]];
      const same = a !== undefined && b !== undefined && a !== null && b !== null && a[0] === b[0] && a[1] === b[1];
      return [field, same ? a : null];
    }),
  );
}
