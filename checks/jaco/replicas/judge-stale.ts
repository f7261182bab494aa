import { formatDuration } from '../../../src/engine/format.ts';
import type { ReplicaView } from '../../../src/probes/jaco/runtime/replica-views.ts';
import { HEALTH_FRESH_MS } from '../../../src/probes/jaco/timing.ts';
import { hostOf } from './host-of.ts';
import type { ReplicaContext } from './replica-context.ts';
import { fault, type ReplicaVerdict } from './replica-verdict.ts';

/** A replica that JACO reports as RUNNING from a health report that is too old; null if the report is recent. */
export function judgeStale(
  { row, isLocal, healthRenewed }: ReplicaView,
  { now }: ReplicaContext,
): ReplicaVerdict | null {
  if (row.state !== 'running' || row.lastHealthAtMs === null || healthRenewed) return null;
  const age = now - row.lastHealthAtMs;
  if (age <= HEALTH_FRESH_MS) return null;
  const evidence = [`${hostOf(row)} last reported its health ${formatDuration(age)} ago; the limit is 10 s`];
  return fault(
    'replica_stale',
    isLocal
      ? [...evidence, 'its container is running here: health reports are sent but do not arrive at the leader']
      : evidence,
  );
}
