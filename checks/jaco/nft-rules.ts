import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged } from '../../src/engine/finding.ts';
import { factOf, type Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import type { Table } from '../../src/probes/host/filter/filter.ts';
import { type Range, rangeOf } from '../../src/probes/host/ipv4.ts';
import { jacodConfig } from '../../src/probes/jaco/daemon/config.ts';
import { isolationExpected } from '../../src/probes/jaco/isolation/isolation-expected.ts';
import { nftTable } from '../../src/probes/jaco/isolation/nft-table.ts';
import { packetFilter } from '../../src/probes/jaco/isolation/packet-filter.ts';
import { flowsOf } from '../../src/probes/jaco/isolation/pool-flows.ts';
import { ruleset } from '../../src/probes/jaco/isolation/ruleset.ts';
import { tableDrift } from '../../src/probes/jaco/isolation/table-drift.ts';
import { type LocalNetwork, type LocalNetworks, localNetworks } from '../../src/probes/jaco/network/local-networks.ts';
import { routes } from '../../src/probes/jaco/network/routes.ts';
import { stableStatus } from '../../src/probes/jaco/raft/stable-status.ts';
import { deployments } from '../../src/probes/jaco/runtime/deployments.ts';
import { replicas } from '../../src/probes/jaco/runtime/replicas.ts';
import { DEFAULT_POOL } from '../../src/probes/jaco/runtime/stray-networks.ts';
import { isWithinReconcile } from '../../src/probes/jaco/timing.ts';
import { elementFaults } from './nft-rules/elements.ts';
import { foreignDrops } from './nft-rules/foreign.ts';
import { sameSets } from './nft-rules/same-set.ts';
import { shapeOf } from './nft-rules/shape.ts';

type CheckFinding = Finding<'isolation_rules_wrong' | 'foreign_firewall_drop', never>;

/** Lines of evidence and networks looked at, at most. */
const MAX_LINES = 12;
const MAX_NETWORKS = 20;

export default check({
  name: 'nft-rules',
  group: 'isolation',
  where: 'node',
  title: 'the rules keep networks apart, and nobody else drops their traffic',
  reads: {
    expected: isolationExpected,
    table: nftTable,
    drift: attempt(tableDrift),
    filter: attempt(packetFilter),
    ruleset: attempt(ruleset),
    networks: attempt(localNetworks),
    deployments: attempt(deployments),
    replicas: attempt(replicas),
    settled: attempt(stableStatus),
    routes: attempt(routes),
    config: attempt(jacodConfig),
  },
  finds: ['isolation_rules_wrong', 'foreign_firewall_drop'],
  judge(
    { expected, table: tableOutcome, drift, filter, ruleset, networks, deployments, replicas, settled, routes, config },
    now,
  ) {
    const table = tableOutcome.kind === 'table' ? tableOutcome.table : null;
    const local = factOf(networks)?.list ?? [];
    const pool = factOf(config)?.settings?.ipamPool ?? DEFAULT_POOL;
    const findings: CheckFinding[] = [];
    const shape = table === null ? { wrong: [], odd: [] } : shapeOf(table);
    if (table !== null) {
      const known = {
        networks: local.filter(({ createdAtMs }) => !isWithinReconcile(createdAtMs, now)),
        replicas: (factOf(replicas)?.rows ?? []).filter(
          ({ state, startedAtMs }) =>
            state === 'running' && startedAtMs !== null && !isWithinReconcile(startedAtMs, now),
        ),
        pool: rangeOf(pool),
      };
      const wrong = [...shape.wrong, ...elementFaults(table, known)];
      if (wrong.length > 0)
        findings.push(rulesFinding(wrong, expected.daemon === 'compares', (factOf(drift)?.text ?? '') !== ''));
      const stored = factOf(deployments);
      for (const { set, networks } of stored === null ? [] : sameSets(table, stored))
        findings.push(oneSet(set, networks));
    }
    const rules = factOf(filter);
    if (rules !== null) {
      const members = factOf(settled)?.last.nodes.length ?? 0;
      const flows = local
        .slice(0, MAX_NETWORKS)
        .flatMap((network) => flowsOf(network, nestedElements(network, table), factOf(routes), members));
      findings.push(...foreignDrops(rules.tables, flows, pool));
    }
    const notJudged: NotJudged[] = [
      ...rulesNotJudged('other firewalls of this host', filter),
      ...rulesNotJudged('the elements of sets against what is stored and what Docker has', networks),
      ...networksNotJudged(factOf(networks)),
      ...(rules?.unseen ?? []).map((reason) => ({ subject: 'part of the other firewalls', reason })),
    ];
    return judged(findings, {
      evidence:
        table === null
          ? []
          : [`${table.sets.length} sets and ${rulesOf(table)} rules were compared with what the daemon writes`],
      notes: [
        ...shape.odd.slice(0, MAX_LINES),
        ...(table === null ? ['there is no table inet jaco to look into'] : []),
        ...(factOf(ruleset)?.beside ?? []).map(
          (name) => `table ${name} drops something before these rules see it, and is not looked into here`,
        ),
      ],
      notJudged,
    });
  },
});

function rulesOf({ chains }: { readonly chains: readonly { readonly rules: readonly unknown[] }[] }): number {
  return chains.reduce((sum, { rules }) => sum + rules.length, 0);
}

/** `healing` tells that the daemon will write the table anew for a difference that it does see. */
function rulesFinding(wrong: readonly string[], compares: boolean, healing: boolean): CheckFinding {
  const more = wrong.length - MAX_LINES;
  return {
    id: 'isolation_rules_wrong',
    subject: null,
    evidence: [
      ...wrong.slice(0, MAX_LINES),
      ...(more > 0 ? [`and ${more} more`] : []),
      compares && healing
        ? 'the daemon compares none of this; for another difference, which it does see, it writes the table anew within 30 s'
        : 'the daemon compares none of this, so it stays until the table is written anew',
    ],
    cause: compares ? 'rules' : 'nobody-compares',
  };
}

function oneSet(set: string, networks: readonly string[]): CheckFinding {
  const [first = '', second = ''] = networks;
  return {
    id: 'isolation_rules_wrong',
    subject: null,
    evidence: [
      `${networks.slice(0, 5).join(' and ')} both come to the set ${set}: nothing keeps them apart, and the daemon itself writes it so`,
    ],
    cause: 'one-set',
    values: { first, second },
  };
}

/** The parts of a network on other nodes: whatever else lies in its set, a few of them. */
function nestedElements({ set, subnet }: LocalNetwork, table: Table | null): readonly Range[] {
  const elements = table?.sets.find(({ name }) => name === set)?.elements ?? [];
  return elements
    .flatMap(networksIn)
    .filter(([first]) => first !== subnet[0])
    .slice(0, 4);
}

/** Adjacent networks may be shown as one range. */
function networksIn([first, last]: Range): readonly Range[] {
  const count = Math.min(256, Math.floor((last - first + 1) / 256));
  return Array.from({ length: count }, (_, index): Range => [first + index * 256, first + index * 256 + 255]);
}

/** Without Docker's word only networks of running replicas are known. */
function networksNotJudged(networks: LocalNetworks | null): readonly NotJudged[] {
  if (networks === null || networks.dockerUnseen === null) return [];
  const root = networks.dockerRoot === null ? {} : { root: networks.dockerRoot };
  return [{ subject: 'networks without a running replica', reason: networks.dockerUnseen, ...root }];
}

function rulesNotJudged(subject: string, outcome: Outcome): readonly NotJudged[] {
  return outcome.kind === 'failed' ? [{ subject, reason: outcome.failure.detail, root: outcome.failure.root }] : [];
}
