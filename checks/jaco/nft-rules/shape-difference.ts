import { mayApply } from '../../../src/probes/host/filter/evaluate-chain.ts';
import { ANY_PACKET, type Packet } from '../../../src/probes/host/filter/packet.ts';
import type { Chain, Predicate, Rule, Table } from '../../../src/probes/host/filter/table.ts';
import type { Range } from '../../../src/probes/host/ipv4.ts';
import { POOL_SET } from '../../../src/probes/jaco/network/set-name.ts';

/**
 * The differences from the daemon's own rules: `wrong` breaks the isolation or blocks allowed traffic, the others only
 * look odd.
 */
export type Difference = { readonly wrong: readonly string[]; readonly odd: readonly string[] };

/**
 * One rule in JACO's table: one of the three kinds that JACO writes (docs/jaco-daemon/isolation.md#ruleset), or a rule
 * of other software.
 */
type RuleKind =
  | { readonly kind: 'established' | 'drop' }
  | { readonly kind: 'scope'; readonly set: string }
  | { readonly kind: 'foreign' };

/** Prefix of the name of a network's set. Other sets are not JACO's; the self-test reports them. */
const SCOPE = 'dep_net_';

/** Compares the rules of JACO's table with those that the daemon writes for the existing sets. */
export function shapeDifference(table: Table): Difference {
  const forward = table.chains.find(({ name }) => name === 'forward');
  const wrong = forward === undefined ? [] : forwardFaults(forward, table);
  const others = table.chains.filter((chain) => chain !== forward).map((chain) => otherChain(chain));
  return {
    wrong: [...wrong, ...others.flatMap((one) => one.wrong)],
    odd: [...(forward === undefined ? [] : unneededRules(forward, table)), ...others.flatMap((one) => one.odd)],
  };
}

function forwardFaults({ rules }: Chain, table: Table): readonly string[] {
  const kinds = rules.map(kindOf);
  const scopes = table.sets.map(({ name }) => name).filter((name) => name.startsWith(SCOPE));
  const pooled = table.sets.some(({ name }) => name === POOL_SET);
  if (rules.length === 0)
    return [
      `chain forward has no rules; the daemon writes ${scopes.length + (pooled ? 2 : 1)}: every network reaches every other`,
    ];
  const drop = kinds.findIndex(({ kind }) => kind === 'drop');
  const before = drop < 0 ? kinds.length : drop;
  const indexesOf = (set: string): readonly number[] =>
    kinds.flatMap((one, index) => (one.kind === 'scope' && one.set === set ? [index] : []));
  const generations = Math.max(
    ...['established', 'drop'].map((kind) => kinds.filter((one) => one.kind === kind).length),
  );
  return [
    ...(pooled && drop < 0 ? ['the drop at the end is missing: every network reaches every other'] : []),
    ...(generations > 1
      ? [`it contains the daemon's rules ${generations} times, so a drop comes before later accepts`]
      : []),
    ...foreignRules(rules, kinds, before, table).map(
      ({ text, handle }) => `before the drop, a rule that the daemon did not write decides: ${text} (handle ${handle})`,
    ),
    ...(kinds.some(({ kind }) => kind === 'established')
      ? kinds.slice(0, before).some(({ kind }) => kind === 'established')
        ? []
        : ['replies (ct state established) are accepted only after the drop']
      : ['the accept of replies (ct state established,related) is missing']),
    ...scopes.flatMap((set) => {
      const [first] = indexesOf(set);
      if (first === undefined)
        return [`no rule accepts traffic within ${set}: its containers on different nodes do not reach each other`];
      return first > before ? [`the accept of ${set} comes after the drop and is never reached`] : [];
    }),
  ];
}

function foreignRules(
  rules: readonly Rule[],
  kinds: readonly RuleKind[],
  before: number,
  table: Table,
): readonly Rule[] {
  return rules
    .slice(0, before)
    .filter(
      (rule, index) => kinds[index]?.kind === 'foreign' && hasVerdict(rule) && mayApply(rule, table, between(table)),
    );
}

function unneededRules({ rules }: Chain, table: Table): readonly string[] {
  const known = foreignRules(rules, rules.map(kindOf), rules.length, table);
  return rules
    .filter((rule) => kindOf(rule).kind === 'foreign' && !known.includes(rule))
    .map(
      ({ text }) => `chain forward has a rule that the daemon did not write and that blocks or allows nothing: ${text}`,
    );
}

/** JACO writes no rule into its other chains, and creates no further chain. */
function otherChain({ name, base, rules }: Chain): Difference {
  const drops = rules.filter(({ verdict }) => verdict.kind === 'drop' || verdict.kind === 'other');
  const closed = base !== null && base.policy === 'drop' && !['input', 'output'].includes(name);
  if (closed) return { wrong: [`chain ${name}, which the daemon did not write, drops its packets`], odd: [] };
  if (drops.length > 0)
    return {
      wrong: drops.map(({ text }) => `chain ${name} has a rule that the daemon did not write: ${text}`),
      odd: [],
    };
  const own = ['input', 'output'].includes(name);
  if (own && rules.length === 0) return { wrong: [], odd: [] };
  return {
    wrong: [],
    odd: [
      `chain ${name} has rules that the daemon did not write; they drop nothing, and the next rewrite removes them`,
    ],
  };
}

function hasVerdict({ verdict }: Rule): boolean {
  return verdict.kind !== 'none';
}

/** A packet from one network of JACO to another. */
function between({ sets }: Table): Packet {
  const elements = sets.find(({ name }) => name === POOL_SET)?.elements ?? [];
  const coveringRange: Range | null =
    elements.length === 0
      ? null
      : [Math.min(...elements.map(([first]) => first)), Math.max(...elements.map(([, last]) => last))];
  return { ...ANY_PACKET, saddr: coveringRange, daddr: coveringRange, state: 'new' };
}

function kindOf({ predicates, verdict }: Rule): RuleKind {
  if (verdict.kind === 'accept' && predicates.length === 1 && isState(predicates[0])) return { kind: 'established' };
  const [one, other] = predicates;
  const from = setOf(one, 'saddr');
  const to = setOf(other, 'daddr');
  if (predicates.length !== 2 || from === null || from !== to) return { kind: 'foreign' };
  if (verdict.kind === 'drop' && from === POOL_SET) return { kind: 'drop' };
  return verdict.kind === 'accept' && from !== POOL_SET ? { kind: 'scope', set: from } : { kind: 'foreign' };
}

function isState(predicate: Predicate | undefined): boolean {
  if (predicate?.field !== 'state' || predicate.not || !('names' in predicate)) return false;
  return predicate.names.length === 2 && ['established', 'related'].every((state) => predicate.names.includes(state));
}

function setOf(predicate: Predicate | undefined, field: 'saddr' | 'daddr'): string | null {
  return predicate?.field === field && 'set' in predicate && !predicate.not ? predicate.set : null;
}
