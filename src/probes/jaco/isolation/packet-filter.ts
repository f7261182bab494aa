import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import type { Chain, Rule, Table } from '../../host/filter/table.ts';
import type { Iptables } from '../../host/iptables.ts';
import { iptables, ruleset } from '../network/daemon-host-facts.ts';

/** All rules for IPv4 in force here, of both of the kernel's interfaces. */
export type PacketFilter = {
  readonly tables: readonly Table[];
  /** What could not be read of it, in words; empty where everything was. */
  readonly unseen: readonly string[];
};

/**
 * nft's view is the base; a rule in which iptables used an extension is taken from iptables-save, which knows its own words.
 * Rules of iptables-legacy are added. Refuses where nft could not be asked, for then most may be unseen.
 */
export const packetFilter = derive({
  name: 'host.packet-filter',
  where: 'node',
  from: { nft: ruleset, iptables: attempt(iptables) },
  derive({ nft, iptables: asked }) {
    const saved = factOf(asked);
    const legacy = legacyOf(saved);
    const unreadReasons = [
      ...(asked.kind === 'failed' && asked.failure.why !== 'missing-tool' ? [asked.failure.detail] : []),
      ...(legacy === null ? ['rules of iptables-legacy exist and could not be read'] : []),
    ];
    const own = saved?.variant === 'nft' ? saved.tables : [];
    return value<PacketFilter>({
      tables: [...nft.tables.map((table) => moreComplete(table, own)), ...(legacy ?? [])],
      unseen: unreadReasons,
    });
  },
});

function legacyOf(saved: Iptables | null): readonly Table[] | null {
  if (saved === null) return [];
  return saved.variant === 'legacy' ? saved.tables : saved.legacyBeside;
}

function moreComplete(table: Table, saved: readonly Table[]): Table {
  const same = table.family === 'ip' ? saved.find(({ name }) => name === table.name) : undefined;
  if (same === undefined) return table;
  const chains = table.chains.map((chain): Chain => {
    const rules = same.chains.find(({ name }) => name === chain.name)?.rules;
    // Both list the same rules in the same order, or something changed between the two looks.
    return rules?.length === chain.rules.length ? { ...chain, rules: chain.rules.map(preferring(rules)) } : chain;
  });
  return { ...table, from: 'iptables', chains, sets: [...table.sets, ...same.sets] };
}

/** The words of iptables are those its users know; what it means is read from nft, unless only iptables understands it. */
function preferring(saved: readonly Rule[]) {
  return (rule: Rule, index: number): Rule => {
    const other = saved[index];
    if (other === undefined) return rule;
    if (rule.extended) return { ...other, handle: rule.handle, extended: true };
    return isBeyondIptables(rule) ? rule : { ...rule, text: other.text };
  };
}

/** A rule that nft itself put there: iptables leaves out what it has no word for, so that a narrow drop reads as one of all. */
function isBeyondIptables({ predicates }: Rule): boolean {
  return predicates.some((one) => 'set' in one || 'of' in one || ('ranges' in one && one.ranges.length > 1));
}
