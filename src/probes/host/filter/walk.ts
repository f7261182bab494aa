import { covers, type Range } from '../ipv4.ts';
import type { Base, Chain, Predicate, Rule, RuleVerdict, Table } from './filter.ts';

/**
 * A packet as far as it is known. Addresses are ranges, for all of which the answer must hold; null is "may be anything",
 * and so is everything that has no field here (marks, limits, the time of day).
 */
export type Packet = {
  readonly saddr: Range | null;
  readonly daddr: Range | null;
  readonly iif: string | null;
  readonly oif: string | null;
  readonly proto: string | null;
  readonly dport: number | null;
  /** As the kernel's connection tracking has it, once it has looked. */
  readonly state: 'new' | 'established' | 'invalid' | null;
};

/** Who surely drops a packet: a rule, or the policy of a base chain. */
export type Dropper = { readonly table: Table; readonly chain: string; readonly rule: Rule | null };

type Holds = 'yes' | 'no' | 'maybe';
type Ends = { accept: boolean; drop: Omit<Dropper, 'table'> | null; falls: boolean };

/** Chains are entered this deep at most: the kernel allows 16 jumps. */
const MAX_DEPTH = 20;
/** Where the kernel tracks connections. Before, a packet has no state, which rules see as an invalid one. */
const TRACKED_AT = -200;

/**
 * The first base chain of a hook that drops the packet whatever else is true of it, or null. An accept in one table does
 * not outweigh a drop in another, so each is asked by itself.
 */
export function surelyDropped(tables: readonly Table[], hook: string, packet: Packet): Dropper | null {
  const chains = tables
    .flatMap((table) => table.chains.map((chain) => ({ table, chain, base: chain.base })))
    .filter(({ base }) => base?.type === 'filter' && base.hook === hook)
    .sort((a, b) => (a.base?.priority ?? 0) - (b.base?.priority ?? 0));
  for (const { table, chain, base } of chains) {
    const ends = walk(table, chain, { ...packet, state: stateAt(base, tables, packet) }, 0);
    if (ends.accept || (ends.falls && base?.policy !== 'drop')) continue;
    // Where it may get to the end, the policy drops it with or without the rules before.
    const drop = ends.falls ? null : ends.drop;
    return { table, ...(drop ?? { chain: chain.name, rule: null }) };
  }
  return null;
}

function stateAt(base: Base | null, tables: readonly Table[], packet: Packet): Packet['state'] {
  const unsure = { ...packet, state: null };
  const untracked = tables.some((table) =>
    table.chains.some(({ rules }) => rules.some((rule) => rule.untracks && mayApply(rule, table, unsure))),
  );
  if (untracked) return null;
  if (base?.hook !== 'prerouting' || base.priority > TRACKED_AT) return packet.state;
  return base.priority < TRACKED_AT ? 'invalid' : null;
}

/** Whether a rule can apply to such a packet at all. */
export function mayApply(rule: Rule, table: Table, packet: Packet): boolean {
  return all(rule.predicates, packet, table) !== 'no';
}

/** Every way a packet may leave a chain. */
function walk(table: Table, { name, rules }: Chain, packet: Packet, depth: number): Ends {
  const ends: Ends = { accept: false, drop: null, falls: false };
  for (const rule of rules) {
    const held = all(rule.predicates, packet, table);
    if (held === 'no') continue;
    const goesOn = take(rule, table, name, packet, depth, ends);
    if (held === 'yes' && !goesOn) return ends;
  }
  ends.falls = true;
  return ends;
}

/** Adds what a rule may do to the ways out; true where a packet it applies to may still reach the next rule. */
function take(rule: Rule, table: Table, chain: string, packet: Packet, depth: number, ends: Ends): boolean {
  const { verdict } = rule;
  if (verdict.kind === 'none') return true;
  if (verdict.kind === 'accept') ends.accept = true;
  if (verdict.kind === 'drop') ends.drop ??= { chain, rule };
  if (verdict.kind === 'return') ends.falls = true;
  if (verdict.kind === 'other') {
    ends.accept = true;
    return true;
  }
  if (verdict.kind === 'jump' || verdict.kind === 'goto') return enter(verdict, table, packet, depth, ends);
  return false;
}

function enter(
  { kind, chain }: Extract<RuleVerdict, { chain: string }>,
  table: Table,
  packet: Packet,
  depth: number,
  ends: Ends,
): boolean {
  const target = table.chains.find(({ name }) => name === chain);
  if (target === undefined || depth >= MAX_DEPTH) {
    ends.accept = true;
    return true;
  }
  const inner = walk(table, target, packet, depth + 1);
  ends.accept ||= inner.accept;
  ends.drop ??= inner.drop;
  if (kind === 'goto') ends.falls ||= inner.falls;
  return kind === 'jump' && inner.falls;
}

function all(predicates: readonly Predicate[], packet: Packet, table: Table): Holds {
  const held = predicates.map((predicate) => holds(predicate, packet, table));
  return held.includes('no') ? 'no' : held.includes('maybe') ? 'maybe' : 'yes';
}

function holds(predicate: Predicate, packet: Packet, table: Table): Holds {
  switch (predicate.field) {
    case 'never':
      return 'no';
    case 'other':
      return 'maybe';
    case 'saddr':
    case 'daddr': {
      const address = packet[predicate.field];
      const ranges = 'ranges' in predicate ? predicate.ranges : elementsOf(table, predicate.set);
      return address === null || ranges === null ? 'maybe' : turned(among(ranges, address), predicate.not);
    }
    case 'dport':
      return packet.dport === null
        ? 'maybe'
        : turned(among(predicate.ports, [packet.dport, packet.dport]), predicate.not);
    case 'sport':
      return 'maybe';
    case 'state':
      return packet.state === null
        ? 'maybe'
        : turned(predicate.names.includes(packet.state) ? 'yes' : 'no', predicate.not);
    default: {
      const name = packet[predicate.field];
      return name === null
        ? 'maybe'
        : turned(predicate.names.some((one) => fits(one, name)) ? 'yes' : 'no', predicate.not);
    }
  }
}

function elementsOf({ sets }: Table, name: string): readonly Range[] | null {
  return sets.find((set) => set.name === name)?.elements ?? null;
}

/** All of them in it, none, or some. */
function among(ranges: readonly Range[], wanted: Range): Holds {
  if (covers(ranges, wanted)) return 'yes';
  return ranges.some(([first, last]) => first <= wanted[1] && wanted[0] <= last) ? 'maybe' : 'no';
}

function turned(held: Holds, not: boolean): Holds {
  return !not || held === 'maybe' ? held : held === 'yes' ? 'no' : 'yes';
}

function fits(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
