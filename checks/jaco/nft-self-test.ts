import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged } from '../../src/engine/finding.ts';
import { factOf, type Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { daemonReach } from '../../src/probes/jaco/daemon/daemon-reach.ts';
import { iptables } from '../../src/probes/jaco/isolation/iptables.ts';
import { type IsolationExpected, isolationExpected } from '../../src/probes/jaco/isolation/isolation-expected.ts';
import { type NftTable, nftTable } from '../../src/probes/jaco/isolation/nft-table.ts';
import { ruleset } from '../../src/probes/jaco/isolation/ruleset.ts';
import { tableDrift } from '../../src/probes/jaco/isolation/table-drift.ts';
import { type WantedSets, wantedSets } from '../../src/probes/jaco/isolation/wanted-sets.ts';
import { firewallLines } from '../../src/probes/jaco/journal/firewall-lines.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { cannotList, comparison } from './nft-self-test/comparison.ts';
import { missingProgram, refusedToDaemon } from './nft-self-test/daemon.ts';

export default check({
  name: 'nft-self-test',
  group: 'isolation',
  where: 'node',
  title: 'the nft table has the chains and sets that the daemon itself looks for',
  reads: {
    expected: isolationExpected,
    table: attempt(nftTable),
    ruleset: attempt(ruleset),
    iptables: attempt(iptables),
    reach: attempt(daemonReach),
    lines: firewallLines,
    drift: attempt(tableDrift),
    host: localNode,
    wanted: attempt(wantedSets),
  },
  finds: ['firewall_binary_missing', 'firewall_not_permitted', 'isolation_self_test_failed'],
  applies: ({ table }) => table.kind !== 'not-applicable' || table.reason,
  judge({ expected, table, reach, lines, drift, wanted, host }, now) {
    const seen = factOf(table);
    const found = factOf(drift);
    const compared =
      seen === null || found === null || maybeYoung(seen, expected)
        ? null
        : comparison(seen, found, factOf(wanted), expected, lines, now);
    const daemons = [
      ...missingProgram(factOf(reach), lines, seen).map((missing) => ({ ...missing, node: host.hostname })),
      ...refusedToDaemon(factOf(reach), lines, now),
    ];
    const blind = daemons.length > 0 ? null : cannotList(lines, now);
    const unmended = compared?.finding ?? [];
    return judged([...daemons, ...(unmended.length === 0 && blind !== null ? [unlooked(blind)] : unmended)], {
      evidence: compared?.evidence ?? [],
      notes: compared?.notes ?? [],
      notJudged: [...unseenTable(table), ...unseenAge(seen, expected), ...unseenSets(seen, wanted)],
    });
  },
});

/** The table may be whole by now, or may not be seen by us either: whatever changes in it, nobody mends it. */
function unlooked(said: string): Finding<'isolation_self_test_failed', never> {
  return { id: 'isolation_self_test_failed', subject: null, evidence: [said], cause: 'nobody-compares' };
}

function unseenTable(table: Outcome<NftTable>): readonly NotJudged[] {
  return table.kind === 'failed'
    ? [{ subject: 'table inet jaco', reason: table.failure.detail, root: table.failure.root }]
    : [];
}

/** No table, and nobody could see whether the daemon started so late that it is still to write one. */
function maybeYoung(table: NftTable, expected: IsolationExpected): boolean {
  return table.kind === 'absent' && expected.daemon === 'unknown';
}

function unseenAge(table: NftTable | null, expected: IsolationExpected): readonly NotJudged[] {
  return table !== null && maybeYoung(table, expected)
    ? [
        {
          subject: 'table inet jaco',
          reason:
            'it is not there, and how long the daemon has run, which writes it 30 s after its start, could not be seen',
        },
      ]
    : [];
}

/** Chains need nobody's word; which sets there should be is told by what is stored and by Docker. */
function unseenSets(table: NftTable | null, wanted: Outcome<WantedSets>): readonly NotJudged[] {
  if (table?.kind !== 'table') return [];
  if (wanted.kind === 'failed')
    return [{ subject: 'the names of its sets', reason: wanted.failure.detail, root: wanted.failure.root }];
  const { dockerUnseen: reason = null, dockerRoot: root = null } = factOf(wanted) ?? {};
  if (reason === null) return [];
  return [{ subject: 'sets of networks that only Docker shows', reason, ...(root === null ? {} : { root }) }];
}
