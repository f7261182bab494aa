import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import type { Chain, Rule, Table } from '../../host/filter/table.ts';
import type { Iptables } from '../../host/iptables.ts';
import { iptables, ruleset } from '../network/daemon-host-facts.ts';

/** All active IPv4 rules of this host, from both kernel interfaces. */
export type PacketFilter = {
  readonly tables: readonly Table[];
  /** Why some rules could not be read; empty if all were. */
  readonly unseen: readonly string[];
};

/**
 * nft's listing is the base. A rule that uses an extension of iptables is taken from iptables-save, which can decode
 * it. Rules of iptables-legacy are added. If nft could not be asked, there is no fact: most rules would be missing.
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
      ...(legacy === null ? ['rules of iptables-legacy exist but could not be read'] : []),
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
    // Both list the same rules in the same order, unless the rules changed between the two reads.
    return rules?.length === chain.rules.length ? { ...chain, rules: chain.rules.map(preferring(rules)) } : chain;
  });
  return { ...table, from: 'iptables', chains, sets: [...table.sets, ...same.sets] };
}

/**
 * The text of a rule is that of iptables, which users know; its meaning is read from nft, unless only iptables can
 * decode it.
 */
function preferring(saved: readonly Rule[]) {
  return (rule: Rule, index: number): Rule => {
    const other = saved[index];
    if (other === undefined) return rule;
    if (rule.extended) return { ...other, handle: rule.handle, extended: true };
    return isBeyondIptables(rule) ? rule : { ...rule, text: other.text };
  };
}

/**
 * A rule that nft added. iptables-save omits matches that it cannot express, so it shows a narrow drop as a drop of
 * everything.
 */
function isBeyondIptables({ predicates }: Rule): boolean {
  return predicates.some((one) => 'set' in one || 'of' in one || ('ranges' in one && one.ranges.length > 1));
}
