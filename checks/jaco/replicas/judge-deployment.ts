import type { ReplicaView } from '../../../src/probes/jaco/runtime/replica-views.ts';
import { type DependencyWaits, dependencyCycle, dependencyWaits, unmetDependencies } from './dependency-waits.ts';
import { isCurrent } from './is-current.ts';
import { judgeContainer } from './judge-container.ts';
import { judgeMissing } from './judge-missing.ts';
import { judgePull, judgePulling } from './judge-pull.ts';
import { judgeReported } from './judge-reported.ts';
import type { ReplicaContext } from './replica-context.ts';
import { EXPLAINED, fault, normal, type ReplicaVerdict } from './replica-verdict.ts';

/** A replica and its verdict. */
export type JudgedReplica = { readonly view: ReplicaView; readonly verdict: ReplicaVerdict };

/** Judges all replicas of one deployment. A replica that waits for another is judged by the other's verdict. */
export function judgeDeployment(views: readonly ReplicaView[], context: ReplicaContext): readonly JudgedReplica[] {
  const waits = dependencyWaits(views);
  const judged = new Map<ReplicaView, ReplicaVerdict>();
  const verdictOf = (view: ReplicaView): ReplicaVerdict => {
    const known = judged.get(view);
    if (known !== undefined) return known;
    const verdict = isWaiting(view, waits) ? judgeWaiting(view, views, waits, verdictOf) : judgeAlone(view, context);
    judged.set(view, verdict);
    return verdict;
  };
  return views.map((view) => ({ view, verdict: verdictOf(view) }));
}

function judgeAlone(view: ReplicaView, context: ReplicaContext): ReplicaVerdict {
  const { row, container } = view;
  const hasCurrent = typeof container !== 'string' && isCurrent(container, row);
  // An exhausted address pool is a finding of its own check, from the same row.
  if (row.code === 'subnet_pool_exhausted' || (row.code === 'restart_exhausted' && row.containerId === ''))
    return EXPLAINED;
  // A container proves that the pull is over, even if the row still shows it.
  if (!hasCurrent && row.code === 'image_pull_failed') return judgePull(view, context);
  if (!hasCurrent && row.state === 'pulling') return judgePulling(view, context);
  if (container === 'none') return judgeMissing(view, context);
  return container === 'unknown' ? judgeReported(view, context) : judgeContainer(view, container, context);
}

/** Whether its start is delayed: it has no container, or only one of an earlier revision. */
function isWaiting(view: ReplicaView, waits: DependencyWaits): boolean {
  const { row, container } = view;
  const isOlder = typeof container !== 'string' && !isCurrent(container, row);
  const isAbsent = typeof container === 'string' && row.state === 'none';
  return (isAbsent || isOlder) && unmetDependencies(view, waits).length > 0;
}

function judgeWaiting(
  { row }: ReplicaView,
  all: readonly ReplicaView[],
  waits: DependencyWaits,
  verdictOf: (view: ReplicaView) => ReplicaVerdict,
): ReplicaVerdict {
  const cycle = dependencyCycle(row.service, waits);
  if (cycle !== null) {
    const steps = cycle.map((service, index) => `${service} depends on ${cycle[(index + 1) % cycle.length]}`);
    return fault('depends_on_cycle', [steps.join(', ')], { values: { cycle: [...cycle].sort().join(', ') } });
  }
  const missing = unmetDependencies({ row } as ReplicaView, waits);
  const first = missing[0] as string;
  const dependencies = all.filter((one) => missing.includes(one.row.service));
  const condition = row.dependsOn.find((one) => one.service === first)?.condition ?? 'service_started';
  const waiting = `it is waiting for ${missing.join(', ')} (${condition})`;
  if (dependencies.length === 0)
    return fault('depends_on_unmet', [waiting, `there is no replica of ${first}`], { values: { dependency: first } });
  const verdicts = dependencies.map(verdictOf);
  if (verdicts.every(({ kind }) => kind === 'normal' || kind === 'running'))
    return normal(
      `${row.id} is waiting for ${missing.join(', ')}, which ${missing.length === 1 ? 'is' : 'are'} starting`,
    );
  const unhealthy = dependencies.find((one) => !['normal', 'running'].includes(verdictOf(one).kind)) as ReplicaView;
  return fault('depends_on_unmet', [waiting, dependencyReason(unhealthy, verdictOf(unhealthy))], {
    values: { dependency: unhealthy.row.service },
  });
}

function dependencyReason({ row }: ReplicaView, verdict: ReplicaVerdict): string {
  if (verdict.kind === 'fault') return `${row.id} has ${verdict.id}: ${verdict.evidence[0]}`;
  return verdict.kind === 'unknown' ? `${row.id} could not be judged: ${verdict.reason}` : `${row.id} is not running`;
}
