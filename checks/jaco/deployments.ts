import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged } from '../../src/engine/finding.ts';
import { groupBy } from '../../src/engine/group-by.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { runtimeLines } from '../../src/probes/jaco/journal/runtime-lines.ts';
import { deployments } from '../../src/probes/jaco/runtime/deployments.ts';
import { raftLogRate } from '../../src/probes/jaco/runtime/raft-log-rate.ts';
import { replicas } from '../../src/probes/jaco/runtime/replicas.ts';
import { judgePending } from './deployments/judge-pending.ts';
import { unsafeName } from './deployments/unsafe-name.ts';

const IDS = ['deployment_name_unsafe', 'deployment_pending', 'deployment_pending_stale'] as const;

type CheckFinding = Finding<(typeof IDS)[number], never>;

export default check({
  name: 'deployments',
  group: 'runtime',
  where: 'anywhere',
  title: 'every deployment can be scheduled',
  reads: { deployments, replicas, pace: attempt(raftLogRate), lines: attempt(runtimeLines) },
  finds: IDS,
  judge({ deployments: { list, omitted }, replicas: { rows }, pace, lines }, now) {
    const findings: CheckFinding[] = [];
    const notes: string[] = [];
    const rowsByDeployment = groupBy(rows, ({ deployment }) => deployment);
    for (const one of list) {
      const own = rowsByDeployment.get(one.name) ?? [];
      const unsafe = unsafeName(one, own);
      if (unsafe?.kind === 'finding') findings.push(unsafe.finding);
      if (unsafe?.kind === 'note') notes.push(unsafe.note);
      if (one.status === 'pending') findings.push(judgePending(one, own, rows, factOf(pace), factOf(lines), now));
      if (
        one.services.length > 0 &&
        one.services.every((service) => service.placement !== 'global' && service.replicas === 0)
      )
        notes.push(`${one.name} has replicas: 0, so none is running; its routes and certificates remain`);
    }
    const notJudged: NotJudged[] =
      omitted === 0
        ? []
        : [{ subject: `${omitted} more deployments`, reason: 'too many to read', next: { kind: 'by-hand' } }];
    const evidence = [
      list.length === 0 ? 'there are no deployments' : `${list.length} deployments, ${rows.length} replicas`,
    ];
    return judged(
      findings.sort((a, b) => IDS.indexOf(a.id) - IDS.indexOf(b.id)),
      { evidence, notes, notJudged },
    );
  },
});
