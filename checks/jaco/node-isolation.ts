import { check } from '../../src/engine/check.ts';
import { type Finding, judged } from '../../src/engine/finding.ts';
import { formatTime } from '../../src/engine/format.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { clusterStatus } from '../../src/probes/jaco/control/cluster-status.ts';
import type { Member } from '../../src/probes/jaco/control/status-fact.ts';
import { jacodProcess } from '../../src/probes/jaco/daemon/jacod-process.ts';
import { unit } from '../../src/probes/jaco/daemon/unit.ts';
import { nftTable } from '../../src/probes/jaco/isolation/nft-table.ts';
import { type FirewallLines, firewallLines } from '../../src/probes/jaco/journal/firewall-lines.ts';
import { knownLeader } from '../../src/probes/jaco/raft/known-leader.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { stableStatus } from '../../src/probes/jaco/raft/stable-status.ts';
import { isWithinReconcile } from '../../src/probes/jaco/timing.ts';
import { type LocalIsolation, reasonCause, staleReport } from './node-isolation/reason-cause.ts';

type CheckFinding = Finding<'isolation_unavailable', never>;

export default check({
  name: 'node-isolation',
  group: 'isolation',
  where: 'anywhere',
  title: 'no member reports that container isolation is unavailable',
  requires: { leader: knownLeader },
  reads: {
    cluster: clusterStatus,
    settled: stableStatus,
    host: attempt(localNode),
    table: attempt(nftTable),
    lines: attempt(firewallLines),
    process: attempt(jacodProcess),
    unit: attempt(unit),
  },
  finds: ['isolation_unavailable'],
  applies: ({ cluster }) => cluster.initialized || 'jacod reports that it is uninitialized',
  judge({ settled: { last }, host, table, lines, process, unit }, now) {
    const hostname = factOf(host)?.hostname ?? null;
    const here: LocalIsolation = {
      table: factOf(table),
      lines: factOf(lines),
      main: factOf(process)?.main ?? null,
      privateTmp: factOf(unit)?.service.privateTmp ?? null,
      // A daemon that was just restarted has not made its first comparison yet.
      young: isWithinReconcile(factOf(process)?.main?.startedAtMs ?? null, now),
    };
    const unavailable = last.nodes.filter(({ status }) => status === 'isolation_unavailable');
    const own = last.nodes.find((node) => node.hostname === hostname);
    const unreported = own !== undefined && !unavailable.includes(own) ? unreportedFailure(own, here, now) : null;
    return judged(
      [
        ...unavailable.map((node) => (node === own ? ofThisNode(node, here) : ofMember(node))),
        ...(unreported === null ? [] : [unreported]),
      ],
      {
        evidence: [
          `${last.nodes.length - unavailable.length} of ${last.nodes.length} members do not report isolation_unavailable`,
        ],
        notes: last.omitted > 0 ? [`${last.omitted} more members were not checked`] : [],
      },
    );
  },
});

function ofMember(node: Member): CheckFinding {
  const cause = reasonCause(node.statusReason);
  return { id: 'isolation_unavailable', subject: node.hostname, evidence: [describeStatus(node)], cause };
}

function ofThisNode(node: Member, here: LocalIsolation): CheckFinding {
  const left = staleReport(here);
  const cause = left?.cause ?? reasonCause(here.lines?.applyFailed?.text ?? node.statusReason);
  const evidence = [describeStatus(node), ...applyFailureEvidence(here.lines), ...(left?.evidence ?? [])];
  const values = here.main === null ? {} : { pid: String(here.main.pid) };
  return { id: 'isolation_unavailable', subject: node.hostname, evidence, cause, values };
}

/** The daemon reports a failure through the leader, so the report may get lost. */
function unreportedFailure(node: Member, { lines }: LocalIsolation, now: number): CheckFinding | null {
  const failed = lines?.applyFailed ?? null;
  if (failed === null || (lines?.appliedAtMs ?? 0) > failed.atMs || !isWithinReconcile(failed.atMs, now)) return null;
  const cause = reasonCause(failed.text);
  const evidence = [
    ...applyFailureEvidence(lines),
    `the member list still shows ${node.status}: the daemon could not store the status, or is storing it now`,
  ];
  return { id: 'isolation_unavailable', subject: node.hostname, evidence, cause };
}

function describeStatus({ hostname, statusReason }: Member): string {
  return `${hostname} reports isolation_unavailable${statusReason === null ? '' : `: ${statusReason}`}`;
}

function applyFailureEvidence(lines: FirewallLines | null): readonly string[] {
  const failed = lines?.applyFailed ?? null;
  if (failed === null) return [];
  const since =
    lines?.appliedAtMs != null && lines.appliedAtMs > failed.atMs
      ? `, and wrote it at ${formatTime(lines.appliedAtMs)}`
      : '';
  return [`the daemon could not write its table at ${formatTime(failed.atMs)}: ${failed.text}${since}`];
}
