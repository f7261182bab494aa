import { factOf, failed, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { decisionOf } from '../../host/filter/evaluate-chain.ts';
import { explainPath } from '../../host/filter/explain-path.ts';
import { ANY_PACKET, type Packet } from '../../host/filter/packet.ts';
import type { Path } from '../../host/filter/path.ts';
import type { Chain, Predicate, Rule, RuleVerdict, Table } from '../../host/filter/table.ts';
import type { Iptables } from '../../host/iptables.ts';
import { type Range, rangeOf, rangeText } from '../../host/ipv4.ts';
import { jacodConfig } from '../daemon/jacod-config.ts';
import { iptables } from '../network/daemon-host-facts.ts';
import { MESH_INTERFACE, MESH_NETWORK } from '../network/mesh/mesh-address.ts';
import { type PacketFilter, packetFilter } from './packet-filter.ts';

/**
 * One chain in which JACO exempts its pool from Docker's rules (docs/jaco-daemon/isolation.md#companion-rules).
 * `no-chain`: Docker's chain does not exist. `unreached`: no rule jumps to it. `missing`: a rule is missing. `below`:
 * the rules are below rules of other software, of which `harmful` decide about the same packets. `behind-drop`: all of
 * these drop, and none is Docker's own, so their drop is the fault. `not-needed`: no rule jumps to Docker's chain, and
 * no rule of this host drops or translates traffic between nodes, for example because Docker writes no rules.
 */
export type Exemption = {
  readonly chain: string;
  readonly state: 'right' | 'no-chain' | 'unreached' | 'missing' | 'below' | 'behind-drop' | 'not-needed';
  readonly harmful: readonly string[];
};

export type Exemptions = {
  readonly variant: 'nft' | 'legacy';
  /** ipam_pool as a prefix, for which the rules are made. */
  readonly pool: string;
  readonly chains: readonly Exemption[];
};

/** JACO's rules in Docker's chains, compared with the positions at which the daemon puts them every 30 s. */
export const exemptions = derive({
  name: 'jaco.exemptions',
  where: 'node',
  from: { iptables, filter: attempt(packetFilter), config: attempt(jacodConfig) },
  derive({ iptables, filter, config }) {
    const pool = rangeOf(factOf(config)?.settings?.ipamPool ?? '');
    if (pool === null)
      return failed(
        'withheld',
        'config',
        'ipam_pool is unknown: jacod.yaml cannot be parsed as the daemon parses it',
        jacodConfig,
      );
    const rules = factOf(filter);
    const harmless = rules !== null && isHarmless([...iptables.tables, ...beside(rules, iptables)], pool);
    const chains = exemptionsOf(savedTables(iptables, rules), pool).map(
      (exemption): Exemption =>
        harmless && (exemption.state === 'no-chain' || exemption.state === 'unreached')
          ? { ...exemption, state: 'not-needed' }
          : exemption,
    );
    return value<Exemptions>({ variant: iptables.variant, pool: rangeText(pool), chains });
  },
});

/** Tables that the program iptables does not list. */
function beside({ tables }: PacketFilter, { tables: saved }: Iptables): readonly Table[] {
  return tables.filter(({ family, name }) => family !== 'ip' || !saved.some((one) => one.name === name));
}

/**
 * Whether no exemption is needed: no rule of other software drops or translates traffic between nodes, while traffic of
 * containers to external addresses is masqueraded. Without masquerading the rules were flushed, and this is false.
 */
function isHarmless(tables: readonly Table[], pool: Range): boolean {
  const others = tables.filter(({ family, name }) => !(family === 'inet' && name === 'jaco'));
  const bridges = others.flatMap(interfacesIn).filter((name) => name !== MESH_INTERFACE);
  const ways = [...new Set(bridges)].flatMap((bridge) => [
    { iif: bridge, oif: MESH_INTERFACE },
    { iif: MESH_INTERFACE, oif: bridge },
  ]);
  const base: Packet = { ...ANY_PACKET, saddr: pool, state: 'new', mark: [0], ctMark: [0], nat: [], ipsec: false };
  const path = (packet: Packet): Path => ({
    what: 'traffic between nodes',
    steps: [
      { family: 'ip', hook: 'prerouting', packet: { ...packet, oif: '' } },
      { family: 'ip', hook: 'forward', packet },
      { family: 'ip', hook: 'postrouting', packet },
    ],
  });
  const untouched = ways.every((way) => {
    const { droppers, rewrites } = explainPath(others, path({ ...base, ...way, daddr: pool }));
    return droppers.length === 0 && rewrites.length === 0;
  });
  const out = explainPath(others, path({ ...base, iif: bridges[0] ?? null }));
  return untouched && out.rewrites.some(({ rewrite: { kind } }) => kind === 'masquerade' || kind === 'snat');
}

/** A table as the program iptables lists it, and nft's listing of its rules. */
type SavedTables = (name: string) => { readonly saved: Table; readonly known: Table } | null;

/**
 * If nft added a rule to a table of iptables, iptables-save shows it as a drop of everything, or cannot save the table
 * (seen with named sets and fib). In both cases nft's listing is used.
 */
function savedTables({ variant, tables }: Iptables, filter: PacketFilter | null): SavedTables {
  const own = variant === 'nft' ? (filter?.tables.filter((one) => one.from !== 'iptables-legacy') ?? []) : [];
  return (name) => {
    const known = own.find((one) => one.family === 'ip' && one.name === name);
    const saved = tables.find((one) => one.name === name) ?? known;
    return saved === undefined ? null : { saved, known: known ?? saved };
  };
}

/** The three chains, judged by the tables that the program iptables lists. */
function exemptionsOf(tables: SavedTables, pool: Range): readonly Exemption[] {
  const mesh = rangeOf(MESH_NETWORK) as Range;
  const isWithin = wantedRule(pool, pool, 'return');
  const accepts = [wantedRule(pool, pool, 'accept'), wantedRule(mesh, pool, 'accept')];
  return [
    judge(tables, 'nat', 'POSTROUTING', [isWithin]),
    judge(tables, 'raw', 'PREROUTING', accepts),
    isReached(judge(tables, 'filter', 'DOCKER-USER', accepts), tables),
  ];
}

type WantedRule = { readonly from: Range; readonly to: Range; readonly verdict: RuleVerdict['kind'] };

function wantedRule(from: Range, to: Range, verdict: RuleVerdict['kind']): WantedRule {
  return { from, to, verdict };
}

function judge(tables: SavedTables, table: string, chain: string, rules: readonly WantedRule[]): Exemption {
  const chainName = table === 'filter' ? chain : `${table} ${chain}`;
  const views = tables(table);
  const savedChain = views?.saved.chains.find(({ name }) => name === chain);
  // The kernel creates the base chains with the table; only Docker creates its own chains.
  if (views === null || savedChain === undefined)
    return { chain: chainName, state: chain === 'DOCKER-USER' ? 'no-chain' : 'missing', harmful: [] };
  const positions = rules.map((rule) => savedChain.rules.findIndex((one) => isWantedRule(one, rule)));
  if (positions.includes(-1)) return { chain: chainName, state: 'missing', harmful: [] };
  if (positions.every((at, index) => at === index)) return { chain: chainName, state: 'right', harmful: [] };
  const { harmful, onlyDrop } = above(savedChain, positions, rules, views);
  return { chain: chainName, state: onlyDrop && harmful.length > 0 ? 'behind-drop' : 'below', harmful };
}

/**
 * Rules of other software above the last of JACO's that may decide about the same packets first, and whether all of
 * them only drop.
 */
function above(
  { name, rules }: Chain,
  positions: readonly number[],
  ours: readonly WantedRule[],
  { saved, known: listed }: { readonly saved: Table; readonly known: Table },
): { readonly harmful: readonly string[]; readonly onlyDrop: boolean } {
  const known = listed.chains.find((chain) => chain.name === name)?.rules;
  // Both list the same rules in the same order, unless the rules changed between the two reads.
  const table = known?.length === rules.length ? listed : saved;
  const interfaces = interfacesIn(table);
  const packets = ours.flatMap(({ from, to }) => packetsOf(from, to, name, interfaces));
  const deciding = (known?.length === rules.length ? known : rules)
    .slice(0, Math.max(...positions))
    .filter((rule, at) => !positions.includes(at) && rule.verdict.kind !== 'none')
    // A rate limit or a time of day, which is not understood, may decide. It is not reported.
    .filter(({ predicates }) => !predicates.some(({ field }) => field === 'other'))
    .flatMap((rule) => {
      const decisions = packets.map((packet) => decisionOf(rule, table, packet)).filter((one) => one !== 'none');
      const drops = decisions.every((one) => one === 'drop') && !isDockersDrop(rule);
      return decisions.length === 0 ? [] : [{ text: rule.text, drops }];
    });
  return { harmful: deciding.map(({ text }) => text), onlyDrop: deciding.every(({ drops }) => drops) };
}

/**
 * In raw, Docker drops packets for a container that do not come through its bridge, from the start of the container on.
 */
function isDockersDrop({ predicates }: Rule): boolean {
  const [to, by] = predicates;
  return (
    predicates.length === 2 &&
    to?.field === 'daddr' &&
    'ranges' in to &&
    to.ranges.every(([first, last]) => first === last) &&
    by?.field === 'iif' &&
    by.not
  );
}

/** Docker's jump from FORWARD to its chain; without it the chain's rules are never evaluated. */
function isReached(exemption: Exemption, tables: SavedTables): Exemption {
  if (exemption.state === 'no-chain') return exemption;
  const forward = tables('filter')?.saved.chains.find(({ name }) => name === 'FORWARD');
  const jumps = forward?.rules.some(({ verdict }) => 'chain' in verdict && verdict.chain === 'DOCKER-USER');
  return jumps === true ? exemption : { ...exemption, state: 'unreached' };
}

function isWantedRule({ predicates, verdict }: Rule, { from, to, verdict: kind }: WantedRule): boolean {
  const [one, other] = predicates;
  return verdict.kind === kind && predicates.length === 2 && holds(one, 'saddr', from) && holds(other, 'daddr', to);
}

function holds(predicate: Predicate | undefined, field: 'saddr' | 'daddr', [first, last]: Range): boolean {
  if (predicate?.field !== field || !('ranges' in predicate) || predicate.not) return false;
  const [range, ...more] = predicate.ranges;
  return more.length === 0 && range?.[0] === first && range[1] === last;
}

/** Packets between networks of JACO, for all interfaces of JACO through which they may arrive and leave. */
function packetsOf(saddr: Range, daddr: Range, chain: string, names: readonly string[]): readonly Packet[] {
  const base: Packet = { ...ANY_PACKET, saddr, daddr, state: 'new', mark: [0], ctMark: [0], nat: [], ipsec: false };
  if (chain === 'PREROUTING') return names.map((iif) => ({ ...base, iif, oif: '' }));
  if (chain === 'POSTROUTING') return names.map((oif) => ({ ...base, oif }));
  return names.flatMap((iif) => names.map((oif) => ({ ...base, iif, oif })));
}

/** The mesh interface, the bridges that rules name, and one that no rule names. */
function interfacesIn({ chains }: Table): readonly string[] {
  const named = chains.flatMap(({ rules }) =>
    rules.flatMap(({ predicates }) =>
      predicates.flatMap((one) => ((one.field === 'iif' || one.field === 'oif') && 'names' in one ? one.names : [])),
    ),
  );
  const bridges = named.filter((name) => name.startsWith('jaco-') && !name.endsWith('*'));
  return [...new Set([MESH_INTERFACE, ...bridges, 'jaco-0000-0000'])];
}
