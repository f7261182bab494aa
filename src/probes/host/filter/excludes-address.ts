import type { Range } from '../ipv4.ts';
import type { Packet } from './packet.ts';
import type { Predicate, Rule } from './table.ts';

/**
 * The address ranges of a chain's rules, four numbers for each rule. A chain of bans has thousands of rules, and most
 * packets match none.
 */
type Bounds = Float64Array;

const BOUNDS = new WeakMap<readonly Rule[], Bounds>();
const ANY: Range = [0, 0xffffffff];

/** Tells by the index of a rule whether its addresses exclude the packet, without reading the rest of the rule. */
export function excludesAddress(rules: readonly Rule[], { saddr, daddr }: Packet): (index: number) => boolean {
  const bounds = boundsOf(rules);
  const [sourceFirst, sourceLast] = saddr ?? ANY;
  const [targetFirst, targetLast] = daddr ?? ANY;
  return (index) => {
    const at = index * 4;
    return (
      (bounds[at] ?? 0) > sourceLast ||
      (bounds[at + 1] ?? 0) < sourceFirst ||
      (bounds[at + 2] ?? 0) > targetLast ||
      (bounds[at + 3] ?? 0) < targetFirst
    );
  };
}

function boundsOf(rules: readonly Rule[]): Bounds {
  const known = BOUNDS.get(rules);
  if (known !== undefined) return known;
  const bounds = new Float64Array(rules.length * 4);
  for (const [index, { predicates }] of rules.entries())
    bounds.set([...addressOf(predicates, 'saddr'), ...addressOf(predicates, 'daddr')], index * 4);
  BOUNDS.set(rules, bounds);
  return bounds;
}

function addressOf(predicates: readonly Predicate[], field: 'saddr' | 'daddr'): Range {
  for (const one of predicates)
    if (one.field === field && 'ranges' in one && !one.not && one.ranges.length === 1) return one.ranges[0] ?? ANY;
  return ANY;
}
