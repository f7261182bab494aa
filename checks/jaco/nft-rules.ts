import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged, notJudgedBecause } from '../../src/engine/finding.ts';
import { factOf, type Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { rangeOf } from '../../src/probes/host/ipv4.ts';
import { jacodConfig } from '../../src/probes/jaco/daemon/jacod-config.ts';
import { isolationExpected } from '../../src/probes/jaco/isolation/isolation-expected.ts';
import { nftTable } from '../../src/probes/jaco/isolation/nft-table.ts';
import { tableDrift } from '../../src/probes/jaco/isolation/table-drift.ts';
import { type LocalNetworks, localNetworks } from '../../src/probes/jaco/network/local-networks.ts';
import { deployments } from '../../src/probes/jaco/runtime/deployments.ts';
import { replicas } from '../../src/probes/jaco/runtime/replicas.ts';
import { DEFAULT_POOL } from '../../src/probes/jaco/runtime/stray-networks.ts';
import { isWithinReconcile } from '../../src/probes/jaco/timing.ts';
import { elementFaults } from './nft-rules/element-faults.ts';
import { sameSets } from './nft-rules/same-sets.ts';
import { shapeDifference } from './nft-rules/shape-difference.ts';

type CheckFinding = Finding<'isolation_rules_wrong', never>;

/** Most lines of evidence. */
const MAX_LINES = 12;

export default check({
  name: 'nft-rules',
  group: 'isolation',
  where: 'node',
  title: 'the rules of JACO isolate the networks',
  reads: {
    expected: isolationExpected,
    table: nftTable,
    drift: attempt(tableDrift),
    networks: attempt(localNetworks),
    deployments: attempt(deployments),
    replicas: attempt(replicas),
    config: attempt(jacodConfig),
  },
  finds: ['isolation_rules_wrong'],
  judge({ expected, table: seen, drift, networks, deployments, replicas, config }, now) {
    const table = seen.kind === 'table' ? seen.table : null;
    const local = factOf(networks)?.list ?? [];
    const pool = factOf(config)?.settings?.ipamPool ?? DEFAULT_POOL;
    const findings: CheckFinding[] = [];
    const shape = table === null ? { wrong: [], odd: [] } : shapeDifference(table);
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
    const notJudged: NotJudged[] = [
      ...rulesNotJudged('set elements compared with stored networks and with Docker', networks),
      ...networksNotJudged(factOf(networks)),
    ];
    return judged(findings, {
      evidence:
        table === null ? [] : [`${table.sets.length} sets and ${rulesOf(table)} rules are as the daemon writes them`],
      notes: [...shape.odd.slice(0, MAX_LINES), ...(table === null ? ['table inet jaco does not exist'] : [])],
      notJudged,
    });
  },
});

function rulesOf({ chains }: { readonly chains: readonly { readonly rules: readonly unknown[] }[] }): number {
  return chains.reduce((sum, { rules }) => sum + rules.length, 0);
}

/** `healing`: the daemon will rewrite the table because of a difference that it does detect. */
function rulesFinding(wrong: readonly string[], compares: boolean, healing: boolean): CheckFinding {
  const more = wrong.length - MAX_LINES;
  return {
    id: 'isolation_rules_wrong',
    subject: null,
    evidence: [
      ...wrong.slice(0, MAX_LINES),
      ...(more > 0 ? [`and ${more} more`] : []),
      compares && healing
        ? 'the daemon does not compare this, but rewrites the table within 30 s because of another difference'
        : 'the daemon does not compare this, so it stays until the table is rewritten',
    ],
    cause: compares ? 'rules' : 'not-compared',
  };
}

function oneSet(set: string, networks: readonly string[]): CheckFinding {
  const [first = '', second = ''] = networks;
  return {
    id: 'isolation_rules_wrong',
    subject: null,
    evidence: [
      `${networks.slice(0, 5).join(' and ')} both map to set ${set}, so they are not isolated from each other; the daemon itself writes it that way`,
    ],
    cause: 'one-set',
    values: { first, second },
  };
}

/** Without Docker, only networks of running replicas are known. */
function networksNotJudged(networks: LocalNetworks | null): readonly NotJudged[] {
  if (networks === null || networks.docker === null) return [];
  return [{ subject: 'networks without a running replica', ...networks.docker }];
}

function rulesNotJudged(subject: string, outcome: Outcome): readonly NotJudged[] {
  return outcome.kind === 'failed' ? [notJudgedBecause(subject, outcome.failure)] : [];
}
