import { shortly } from '../../../src/engine/shortly.ts';
import { FRESH_MS } from '../../../src/probes/jaco/replica-beats.ts';
import type { Around } from './around.ts';
import type { Sight } from './sight.ts';
import { fault, type Verdict } from './verdict.ts';

/** A replica that is called RUNNING on the word of a look that is too old to count; null where it is not. */
export function judgeStale({ row, here }: Sight, { now, beating }: Around): Verdict | null {
  if (row.state !== 'running' || row.lastHealthAtMs === null || beating.includes(row.id)) return null;
  const age = now - row.lastHealthAtMs;
  if (age <= FRESH_MS) return null;
  const seen = [`${row.host} last looked at it ${shortly(age)} ago; 10 s are the limit`];
  return fault(
    'replica_stale',
    here ? [...seen, 'its container runs here, so that the looks are made and do not arrive'] : seen,
  );
}
