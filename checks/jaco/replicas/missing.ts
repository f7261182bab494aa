import { formatDuration, formatTime } from '../../../src/engine/format.ts';
import { RECONCILE_OVERDUE_MS, REPLICA_START_MS } from '../../../src/probes/jaco/timing.ts';
import type { ReplicaContext } from './context.ts';
import { placedSince } from './placement-age.ts';
import type { ReplicaView } from './replica-view.ts';
import { fault, normal, type ReplicaVerdict } from './verdict.ts';

/** A replica placed here of which Docker has no container. */
export function judgeMissing(sight: ReplicaView, around: ReplicaContext): ReplicaVerdict {
  const { row, startFailed, journal, service, deaths } = sight;
  const { now, missingImages, daemonStartedAtMs } = around;
  if (startFailed !== null) {
    const said = `jacod said at ${formatTime(startFailed.atMs)}: ${startFailed.text}`;
    return fault('replica_not_started', ['Docker has no container of it', said], { cause: 'no-container' });
  }
  if (missingImages.includes(row.image) && service?.pullPolicy === 'never')
    return fault('replica_not_started', [`Docker has no image ${row.image} here, and its pull policy is never`], {
      cause: 'no-container',
    });
  const last = deaths.at(-1);
  if (last !== undefined && now - last.atMs < RECONCILE_OVERDUE_MS)
    return normal(
      `the container of ${row.id} was taken away ${formatDuration(now - last.atMs)} ago; JACO makes a new one within 30 s`,
    );
  const since = placedSince(sight, around);
  if (since < REPLICA_START_MS)
    return normal(`${row.id} was placed here ${formatDuration(Math.max(0, since))} ago and has no container yet`);
  const up = daemonStartedAtMs === null ? Number.POSITIVE_INFINITY : now - daemonStartedAtMs;
  if (up < REPLICA_START_MS)
    return normal(`${row.id} has no container yet; the daemon runs since ${formatDuration(up)}`);
  const why = journal
    ? 'the journal holds no failed start of it in the last 95 s'
    : 'why stands in the journal of this node, which could not be read';
  return fault('replica_not_started', ['Docker has no container of it', why], { cause: 'no-container' });
}
