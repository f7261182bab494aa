import type { Finding } from '../../../src/engine/finding.ts';
import { groupBy } from '../../../src/engine/group-by.ts';
import { hostOf } from './host-of.ts';
import type { JudgedReplica } from './judge-deployment.ts';
import { FAULTS, type Fault, type FaultId } from './replica-verdict.ts';

type ReplicaFinding = Finding<FaultId, never>;
type FaultyReplica = JudgedReplica & { readonly verdict: Fault };

/** Most replicas of a service that are listed for one fault. */
const MAX_LISTED = 4;
/** Most findings of one id: more of them have one cause. */
const MAX_OF_ID = 25;

/** One finding for each service and fault, causes first: a fix concerns the service, not each replica. */
export function replicaFindings(judged: readonly JudgedReplica[]): {
  readonly findings: readonly ReplicaFinding[];
  readonly omitted: number;
} {
  const faulty = judged.filter((one): one is FaultyReplica => one.verdict.kind === 'fault');
  const groups = groupBy(faulty, (one) => [one.verdict.id, one.verdict.cause ?? '', subjectOf(one)].join('\n'));
  const all = [...groups.values()]
    .map((group) => groupFinding(group, judged))
    .sort((a, b) => FAULTS.indexOf(a.id) - FAULTS.indexOf(b.id) || ((a.subject ?? '') < (b.subject ?? '') ? -1 : 1));
  const findings = FAULTS.flatMap((id) => all.filter((one) => one.id === id).slice(0, MAX_OF_ID));
  return { findings, omitted: all.length - findings.length };
}

/** A dependency cycle concerns its whole deployment. */
function subjectOf({ view: { row }, verdict }: FaultyReplica): string {
  return verdict.id === 'depends_on_cycle' ? row.deployment : `${row.deployment}/${row.service}`;
}

function groupFinding(
  group: readonly [FaultyReplica, ...FaultyReplica[]],
  all: readonly JudgedReplica[],
): ReplicaFinding {
  const [first] = group;
  const { row } = first.view;
  const { kind, evidence: _own, ...fault } = first.verdict;
  const isCycle = fault.id === 'depends_on_cycle';
  // A cycle is listed once, independent of the replica at which it starts.
  const most = isCycle ? 1 : MAX_LISTED;
  const listed = group.slice(0, most).flatMap(({ view, verdict }, index) => {
    const lines = index === 0 ? verdict.evidence : verdict.evidence.slice(0, 1);
    return lines.map((line, at) =>
      at === 0 ? `${view.row.id} on ${hostOf(view.row)}: ${line}` : `${view.row.id}: ${line}`,
    );
  });
  const more = isCycle ? 0 : group.length - most;
  const own = all.filter(({ view }) => view.row.deployment === row.deployment && view.row.service === row.service);
  const running = own.filter(({ verdict }) => verdict.kind === 'running').length;
  // The impact of the others speaks of single replicas, and their containers may be running.
  const left = fault.id === 'image_pull_failed' && own.every(({ verdict }) => verdict.kind !== 'unknown');
  const evidence = [
    ...new Set(listed),
    ...(more > 0 ? [`and ${more} more of its replicas`] : []),
    ...(left
      ? [`${running} of ${own.length} replicas of ${row.deployment}/${row.service} are running without a fault`]
      : []),
  ];
  const shared = { subject: subjectOf(first), ...(row.host === null ? {} : { node: row.host }), evidence };
  if (fault.id === 'depends_on_cycle') return { ...fault, ...shared };
  const values = {
    deployment: row.deployment,
    service: row.service,
    replica: row.id,
    ...(row.host === null ? {} : { host: row.host }),
    ...fault.values,
  };
  return { ...fault, ...shared, values };
}
