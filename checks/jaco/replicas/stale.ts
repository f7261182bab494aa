import { formatDuration } from '../../../src/engine/format.ts';
import { HEALTH_FRESH_MS } from '../../../src/probes/jaco/timing.ts';
import type { ReplicaContext } from './context.ts';
import type { ReplicaView } from './replica-view.ts';
import { fault, type ReplicaVerdict } from './verdict.ts';

/** A replica that is called RUNNING on the word of a look that is too old to count; null where it is not. */
export function judgeStale({ row, here }: ReplicaView, { now, beating }: ReplicaContext): ReplicaVerdict | null {
  if (row.state !== 'running' || row.lastHealthAtMs === null || beating.includes(row.id)) return null;
  const age = now - row.lastHealthAtMs;
  if (age <= HEALTH_FRESH_MS) return null;
  const seen = [`${row.host} last looked at it ${formatDuration(age)} ago; 10 s are the limit`];
  return fault(
    'replica_stale',
    here ? [...seen, 'its container runs here, so that the looks are made and do not arrive'] : seen,
  );
}
