import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged, notJudgedBecause } from '../../src/engine/finding.ts';
import { factOf, type Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { daemonCapabilities } from '../../src/probes/jaco/daemon/daemon-capabilities.ts';
import { type ExpectedSets, expectedSets } from '../../src/probes/jaco/isolation/expected-sets.ts';
import { type IsolationExpected, isolationExpected } from '../../src/probes/jaco/isolation/isolation-expected.ts';
import { type NftTable, nftTable } from '../../src/probes/jaco/isolation/nft-table.ts';
import { tableDrift } from '../../src/probes/jaco/isolation/table-drift.ts';
import { firewallLines } from '../../src/probes/jaco/journal/firewall-lines.ts';
import { iptables, ruleset } from '../../src/probes/jaco/network/daemon-host-facts.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { cannotList, comparison } from './nft-self-test/comparison.ts';
import { missingProgram, refusedToDaemon } from './nft-self-test/refused-to-daemon.ts';

export default check({
  name: 'nft-self-test',
  group: 'isolation',
  where: 'node',
  title: 'the nft table has the chains and sets that jacod expects',
  reads: {
    expected: isolationExpected,
    table: attempt(nftTable),
    reach: attempt(daemonCapabilities),
    lines: firewallLines,
    drift: attempt(tableDrift),
    host: localNode,
    wanted: attempt(expectedSets),
  },
  explains: { ruleset, iptables },
  finds: ['firewall_binary_missing', 'firewall_not_permitted', 'isolation_self_test_failed'],
  applies: ({ table }) => table.kind !== 'not-applicable' || table.reason,
  judge({ expected, table, reach, lines, drift, wanted, host }, now) {
    const tableFact = factOf(table);
    const driftFact = factOf(drift);
    const compared =
      tableFact === null || driftFact === null || mayBeStarting(tableFact, expected)
        ? null
        : comparison(tableFact, driftFact, factOf(wanted), expected, lines, now);
    const daemons = [
      ...missingProgram(factOf(reach), lines, tableFact).map((missing) => ({ ...missing, node: host.hostname })),
      ...refusedToDaemon(factOf(reach), lines, now),
    ];
    const listFailure = daemons.length > 0 ? null : cannotList(lines, now);
    const persisting = compared?.finding ?? [];
    return judged(
      [...daemons, ...(persisting.length === 0 && listFailure !== null ? [uncheckedTable(listFailure)] : persisting)],
      {
        evidence: compared?.evidence ?? [],
        notes: compared?.notes ?? [],
        notJudged: [...unseenTable(table), ...unseenAge(tableFact, expected), ...unseenSets(tableFact, wanted)],
      },
    );
  },
});

/**
 * jacod does not compare the table, so it fixes no difference. The table can be complete now, or invisible from here.
 */
function uncheckedTable(reason: string): Finding<'isolation_self_test_failed', never> {
  return { id: 'isolation_self_test_failed', subject: null, evidence: [reason], cause: 'not-compared' };
}

function unseenTable(table: Outcome<NftTable>): readonly NotJudged[] {
  return table.kind === 'failed' ? [notJudgedBecause('table inet jaco', table.failure)] : [];
}

/** The table is missing, and it is not known whether the daemon started so recently that it has not written it yet. */
function mayBeStarting(table: NftTable, expected: IsolationExpected): boolean {
  return table.kind === 'absent' && expected.daemon === 'unknown';
}

function unseenAge(table: NftTable | null, expected: IsolationExpected): readonly NotJudged[] {
  return table !== null && mayBeStarting(table, expected)
    ? [
        {
          subject: 'table inet jaco',
          reason:
            'it does not exist; the daemon writes it 30 s after its start, and the start time could not be determined',
          next: { kind: 'again' },
        },
      ]
    : [];
}

/** The expected chains are always known. The expected sets follow from stored state and from Docker. */
function unseenSets(table: NftTable | null, wanted: Outcome<ExpectedSets>): readonly NotJudged[] {
  if (table?.kind !== 'table') return [];
  if (wanted.kind === 'failed') return [notJudgedBecause('the names of its sets', wanted.failure)];
  const docker = factOf(wanted)?.docker ?? null;
  return docker === null ? [] : [{ subject: 'sets of networks that are known only from Docker', ...docker }];
}
