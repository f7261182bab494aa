import { evaluatePredicates, type PredicateResult } from './evaluate-predicates.ts';
import { excludesAddress } from './excludes-address.ts';
import { withChanges } from './marks.ts';
import type { Packet } from './packet.ts';
import { applyChanges, mergeChanges, noChanges, type PacketChanges, withTranslation } from './packet-changes.ts';
import type { Chain, Rewrite, Rule, Table } from './table.ts';

/** Most nested chains that are followed: the kernel allows 16 jumps. */
const MAX_DEPTH = 20;
/** Most rules that are evaluated for one base chain. Chains that jump to each other multiply. */
const MAX_STEPS = 200_000;
/** Most rules that are named as not understood. */
const MAX_DOUBTS = 8;

/** A rule, or the policy of a base chain (a null rule), that may drop a packet. */
export type ChainDropper = {
  readonly chain: string;
  readonly rule: Rule | null;
  /** Every packet that reaches the base chain and is not dropped earlier ends here. */
  readonly sure: boolean;
  /** Rules up to this one that may or may not apply, as text. */
  readonly doubts: readonly string[];
};

/** A rule that may translate the addresses of a packet. */
export type ChainRewrite = {
  readonly chain: string;
  readonly rule: Rule;
  readonly rewrite: Rewrite;
  readonly sure: boolean;
};

/** Everything that a base chain may do to a packet; `passed` is null if no packet passes. */
export type ChainResult = {
  readonly droppers: readonly ChainDropper[];
  readonly rewrites: readonly ChainRewrite[];
  readonly doubts: readonly string[];
  readonly passed: PacketChanges | null;
};

/**
 * A position in a chain: the changes that a packet may have there, and whether every packet that is not dropped before
 * reaches it.
 */
type Point = { readonly way: PacketChanges; readonly sure: boolean };

/** Evaluates a packet in a base chain and in every chain that it jumps to. */
export function evaluateBaseChain(
  table: Table,
  chain: Chain,
  packet: Packet,
  way: PacketChanges,
  masqueradeAs: Packet['saddr'],
): ChainResult {
  const walk = new Walk(table, packet, masqueradeAs);
  const fallen = walk.chain(chain, { way, sure: true }, 0);
  const drops = chain.base?.policy === 'drop';
  if (fallen !== null && drops) walk.drop(chain.name, null, true);
  const passed = mergeChanges(walk.accepted, drops ? null : fallen);
  return {
    droppers: decided(walk.droppers, passed),
    rewrites: walk.rewrites,
    doubts: [...walk.doubts],
    passed,
  };
}

/** Whether a rule can apply to such a packet at all. */
export function mayApply(rule: Rule, table: Table, packet: Packet): boolean {
  return evaluatePredicates(rule.predicates, packet, table.sets) !== 'no';
}

/**
 * What a rule, or the chains that it jumps to, may decide about the packet: nothing; only a drop; or also to accept it
 * or to leave the chain.
 */
export function decisionOf(rule: Rule, table: Table, packet: Packet): 'none' | 'drop' | 'other' {
  if (!mayApply(rule, table, packet)) return 'none';
  const walk = new Walk(table, packet, null);
  walk.chain({ name: '', base: null, rules: [rule] }, { way: noChanges(packet), sure: true }, 0);
  if (walk.accepted !== null || rule.verdict.kind === 'return') return 'other';
  return walk.droppers.length > 0 ? 'drop' : 'none';
}

/** If no packet passes and each of several drops can be avoided, the first drop is reported for all. */
function decided(droppers: readonly ChainDropper[], passed: PacketChanges | null): readonly ChainDropper[] {
  if (passed !== null || droppers.some(({ sure }) => sure)) return droppers;
  return droppers.map((dropper, index) => (index === 0 ? { ...dropper, sure: true } : dropper));
}

class Walk {
  readonly droppers: ChainDropper[] = [];
  readonly rewrites: ChainRewrite[] = [];
  readonly doubts = new Set<string>();
  accepted: PacketChanges | null = null;
  readonly #table: Table;
  readonly #packet: Packet;
  readonly #masqueradeAs: Packet['saddr'];
  #steps = 0;

  constructor(table: Table, packet: Packet, masqueradeAs: Packet['saddr']) {
    this.#table = table;
    this.#packet = packet;
    this.#masqueradeAs = masqueradeAs;
  }

  /** The changes of a packet that reaches the end of a chain or returns from it; null if none does. */
  chain(chain: Chain, from: Point, depth: number): PacketChanges | null {
    let { way, sure } = from;
    let returned: PacketChanges | null = null;
    let packet = applyChanges(way, this.#packet);
    let isExcluded = excludesAddress(chain.rules, packet);
    for (const [index, rule] of chain.rules.entries()) {
      if (isExcluded(index)) continue;
      const matches = this.#evaluate(rule, packet);
      if (matches === 'no') continue;
      if (matches === 'maybe' && rule.verdict.kind !== 'none' && this.doubts.size < MAX_DOUBTS)
        this.doubts.add(rule.text);
      const before = {
        way: this.#changed(rule, way, packet),
        sure: sure && matches === 'yes' && this.accepted === null,
      };
      const { next, returns } = this.#apply(rule, chain.name, before, depth);
      returned = mergeChanges(returned, returns);
      if (matches === 'yes' && next === null) return returned;
      if (returns !== null) sure = false;
      const after = matches === 'yes' ? next : mergeChanges(way, next);
      if (after === null || after === way) continue;
      way = after;
      packet = applyChanges(way, this.#packet);
      isExcluded = excludesAddress(chain.rules, packet);
    }
    return mergeChanges(returned, way);
  }

  /** Records a drop; `sure` is whether every packet that is not accepted reaches it. */
  drop(chain: string, rule: Rule | null, sure: boolean): void {
    this.droppers.push({ chain, rule, sure: sure && this.accepted === null, doubts: [...this.doubts] });
  }

  #evaluate(rule: Rule, packet: Packet): PredicateResult {
    this.#steps += 1;
    return this.#steps > MAX_STEPS ? 'maybe' : evaluatePredicates(rule.predicates, packet, this.#table.sets);
  }

  #changed(rule: Rule, way: PacketChanges, packet: Packet): PacketChanges {
    const marked = rule.marks === undefined ? way : { ...way, ...withChanges(way, rule.marks) };
    const tracked = rule.untracks ? untracked(marked, packet) : marked;
    return rule.rewrite === undefined ? tracked : withTranslation(tracked, rule.rewrite, packet, this.#masqueradeAs);
  }

  /** The changes of a packet after a rule that applies: at the next rule, and at the place of return. */
  #apply(
    rule: Rule,
    chain: string,
    { way, sure }: Point,
    depth: number,
  ): { next: PacketChanges | null; returns: PacketChanges | null } {
    const { verdict } = rule;
    if (rule.rewrite !== undefined) this.rewrites.push({ chain, rule, rewrite: rule.rewrite, sure });
    switch (verdict.kind) {
      case 'none':
        return { next: way, returns: null };
      case 'accept':
        this.accepted = mergeChanges(this.accepted, way);
        return { next: null, returns: null };
      case 'drop':
        this.drop(chain, rule, sure);
        return { next: null, returns: null };
      case 'return':
        return { next: null, returns: way };
      case 'other':
        return this.#unknown(rule, chain, way);
      default: {
        const target = chainsOf(this.#table).get(verdict.chain);
        if (target === undefined || depth >= MAX_DEPTH || this.#steps > MAX_STEPS)
          return this.#unknown(rule, chain, way);
        const left = this.chain(target, { way, sure }, depth + 1);
        return verdict.kind === 'jump' ? { next: left, returns: null } : { next: null, returns: left };
      }
    }
  }

  /** A rule that is not understood may accept, drop or continue. */
  #unknown(
    rule: Rule,
    chain: string,
    way: PacketChanges,
  ): { next: PacketChanges | null; returns: PacketChanges | null } {
    this.doubts.add(rule.text);
    this.drop(chain, rule, false);
    this.accepted = mergeChanges(this.accepted, way);
    return { next: way, returns: null };
  }
}

/** A tracked packet cannot be untracked. Before it is tracked, its state is invalid. */
function untracked(way: PacketChanges, { state }: Packet): PacketChanges {
  if (state === 'invalid') return { ...way, untracked: 'yes' };
  return state === null && way.untracked === 'no' ? { ...way, untracked: 'maybe' } : way;
}

const CHAINS = new WeakMap<Table, ReadonlyMap<string, Chain>>();

function chainsOf(table: Table): ReadonlyMap<string, Chain> {
  const known = CHAINS.get(table) ?? new Map(table.chains.map((chain) => [chain.name, chain]));
  CHAINS.set(table, known);
  return known;
}
