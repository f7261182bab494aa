import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainPath } from '../../../../src/probes/host/filter/explain-path.ts';
import { ANY_PACKET } from '../../../../src/probes/host/filter/packet.ts';
import type { Path } from '../../../../src/probes/host/filter/path.ts';
import type { Predicate, Rule, RuleVerdict, Table } from '../../../../src/probes/host/filter/table.ts';

/** Whether a rule applies: always, never, or unknown. */
const PREDICATES: { readonly [applies: string]: readonly Predicate[] } = {
  always: [{ field: 'proto', not: false, names: ['tcp'] }],
  never: [{ field: 'proto', not: false, names: ['udp'] }],
  unknown: [{ field: 'other' }],
};
const PATH: Path = {
  what: 'a packet',
  steps: [{ family: 'ip', hook: 'forward', packet: { ...ANY_PACKET, proto: 'tcp', state: 'new' } }],
};

type Drawn = { readonly applies: string; readonly verdict: RuleVerdict['kind'] };

const leaf = fc.constantFrom<RuleVerdict['kind'][]>('accept', 'drop', 'return', 'none');
const applies = fc.constantFrom('always', 'never', 'unknown', 'unknown', 'unknown');
const rule = fc.record({ applies, verdict: leaf });
const drawn = fc.record({
  before: fc.array(rule, { maxLength: 3 }),
  jump: fc.record({ applies, verdict: fc.constantFrom<RuleVerdict['kind'][]>('jump', 'goto') }),
  after: fc.array(rule, { maxLength: 3 }),
  inner: fc.array(rule, { maxLength: 3 }),
  policy: fc.constantFrom('accept' as const, 'drop' as const),
});

function ruleOf(name: string, { applies, verdict }: Drawn): Rule {
  const decision: RuleVerdict =
    verdict === 'jump' || verdict === 'goto' ? { kind: verdict, chain: 'inner' } : { kind: verdict };
  const predicates = PREDICATES[applies] ?? [];
  return { predicates, verdict: decision, text: name, handle: null, extended: false, untracks: false };
}

/** The result of the packet in one world: null if it passes, else the rule that drops it. */
function inWorld(
  main: readonly Rule[],
  inner: readonly Rule[],
  policy: string,
  holds: ReadonlySet<Rule>,
): string | null {
  const run = (rules: readonly Rule[]): 'accept' | 'fall' | { readonly by: string } => {
    for (const one of rules) {
      if (!holds.has(one)) continue;
      const { verdict } = one;
      if (verdict.kind === 'accept') return 'accept';
      if (verdict.kind === 'drop') return { by: one.text };
      if (verdict.kind === 'return') return 'fall';
      if (verdict.kind === 'none' || verdict.kind === 'other') continue;
      const left = run(inner);
      if (left !== 'fall' || verdict.kind === 'goto') return left;
    }
    return 'fall';
  };
  const end = run(main);
  if (end === 'accept') return null;
  if (end === 'fall') return policy === 'drop' ? 'policy' : null;
  return end.by;
}

test('the walk reports for a packet exactly what is true in every possible world', () => {
  fc.assert(
    fc.property(drawn, ({ before, jump, after, inner, policy }) => {
      const main = [...before, jump, ...after].map((one, at) => ruleOf(`main ${at}`, one));
      const other = inner.map((one, at) => ruleOf(`inner ${at}`, one));
      const base = { type: 'filter', hook: 'forward', priority: 0, policy };
      const table: Table = {
        family: 'inet',
        name: 't',
        from: 'nft',
        sets: [],
        chains: [
          { name: 'main', base, rules: main },
          { name: 'inner', base: null, rules: other },
        ],
      };
      const { passes, droppers } = explainPath([table], PATH);

      const rules = [...main, ...other];
      const certain = rules.filter(({ predicates }) => predicates === PREDICATES['always']);
      const open = rules.filter(({ predicates }) => predicates === PREDICATES['unknown']);
      const worlds = Array.from({ length: 2 ** open.length }, (_, bits) => {
        const holds = new Set([...certain, ...open.filter((__, at) => (bits >> at) & 1)]);
        return inWorld(main, other, policy, holds);
      });
      const lost = new Set(worlds.filter((by) => by !== null));
      expect(new Set(droppers.map(({ rule }) => rule?.text ?? 'policy'))).toEqual(lost);
      expect(passes).toBe(lost.size === 0 ? 'yes' : worlds.includes(null) ? 'maybe' : 'no');
      expect(droppers.some(({ certainty }) => certainty === 'sure')).toBe(!worlds.includes(null));
    }),
    { numRuns: 2_000 },
  );
});
