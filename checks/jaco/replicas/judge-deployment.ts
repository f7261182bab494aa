import { judgeContainer } from './container.ts';
import type { ReplicaContext } from './context.ts';
import { judgeMissing } from './missing.ts';
import { judgePull, judgePulling } from './pull.ts';
import type { ReplicaView } from './replica-view.ts';
import { judgeReported } from './reported.ts';
import { EXPLAINED, fault, normal, type ReplicaVerdict } from './verdict.ts';
import { circleOf, unmet, type Waits, waitsOf } from './waits.ts';

/** A replica and what it comes to. */
export type Judged = { readonly sight: ReplicaView; readonly verdict: ReplicaVerdict };

/** Judges all replicas of one deployment: those that wait for another are judged by what that one comes to. */
export function judgeDeployment(sights: readonly ReplicaView[], around: ReplicaContext): readonly Judged[] {
  const waits = waitsOf(sights);
  const judged = new Map<ReplicaView, ReplicaVerdict>();
  const verdictOf = (sight: ReplicaView): ReplicaVerdict => {
    const known = judged.get(sight);
    if (known !== undefined) return known;
    const verdict = isWaiting(sight, waits) ? judgeWaiting(sight, sights, waits, verdictOf) : judgeAlone(sight, around);
    judged.set(sight, verdict);
    return verdict;
  };
  return sights.map((sight) => ({ sight, verdict: verdictOf(sight) }));
}

function judgeAlone(sight: ReplicaView, around: ReplicaContext): ReplicaVerdict {
  const { row, container } = sight;
  const isThere = typeof container !== 'string' && container.revision === row.revision;
  // That the pool is empty is found as such, by the same row.
  if (row.code === 'subnet_pool_exhausted' || (row.code === 'restart_exhausted' && row.containerId === ''))
    return EXPLAINED;
  // A container proves that the pull is over, whatever still stands in the row.
  if (!isThere && row.code === 'image_pull_failed') return judgePull(sight, around);
  if (!isThere && row.state === 'pulling') return judgePulling(sight, around);
  if (container === 'none') return judgeMissing(sight, around);
  return container === 'unseen' ? judgeReported(sight, around) : judgeContainer(sight, container, around);
}

/** Its start is put off: nothing of it is there, or only the container of a revision before. */
function isWaiting(sight: ReplicaView, waits: Waits): boolean {
  const { row, container } = sight;
  const isOlder = typeof container !== 'string' && container.revision !== row.revision;
  const isNothing = typeof container === 'string' && row.state === 'none';
  return (isNothing || isOlder) && unmet(sight, waits).length > 0;
}

function judgeWaiting(
  { row }: ReplicaView,
  all: readonly ReplicaView[],
  waits: Waits,
  verdictOf: (sight: ReplicaView) => ReplicaVerdict,
): ReplicaVerdict {
  const circle = circleOf(row.service, waits);
  if (circle !== null) {
    const steps = circle.map((service, index) => `${service} waits for ${circle[(index + 1) % circle.length]}`);
    return fault('depends_on_cycle', [steps.join(', ')], { values: { cycle: [...circle].sort().join(', ') } });
  }
  const missing = unmet({ row } as ReplicaView, waits);
  const first = missing[0] as string;
  const dependencies = all.filter((one) => missing.includes(one.row.service));
  const condition = row.dependsOn.find((one) => one.service === first)?.condition ?? 'service_started';
  const waiting = `it waits for ${missing.join(', ')} (${condition})`;
  if (dependencies.length === 0)
    return fault('depends_on_unmet', [waiting, `there is no replica of ${first}`], { values: { dependency: first } });
  const verdicts = dependencies.map(verdictOf);
  if (verdicts.every(({ kind }) => kind === 'normal' || kind === 'runs'))
    return normal(`${row.id} waits for ${missing.join(', ')}, which ${missing.length === 1 ? 'is' : 'are'} coming up`);
  const sick = dependencies.find((one) => !['normal', 'runs'].includes(verdictOf(one).kind)) as ReplicaView;
  return fault('depends_on_unmet', [waiting, whyNot(sick, verdictOf(sick))], {
    values: { dependency: sick.row.service },
  });
}

function whyNot({ row }: ReplicaView, verdict: ReplicaVerdict): string {
  if (verdict.kind === 'fault') return `${row.id} has ${verdict.id}: ${verdict.seen[0]}`;
  return verdict.kind === 'unseen' ? `${row.id} could not be judged: ${verdict.reason}` : `${row.id} does not run`;
}
