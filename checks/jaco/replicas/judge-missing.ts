import { formatDuration, formatTime } from '../../../src/engine/format.ts';
import type { ReplicaView } from '../../../src/probes/jaco/runtime/replica-views.ts';
import { RECONCILE_OVERDUE_MS, REPLICA_START_MS } from '../../../src/probes/jaco/timing.ts';
import type { ReplicaContext } from './replica-context.ts';
import { fault, normal, type ReplicaVerdict } from './replica-verdict.ts';

/** A replica that was placed on this node but has no container in Docker. */
export function judgeMissing(view: ReplicaView, context: ReplicaContext): ReplicaVerdict {
  const { row, startFailure, journalRead, service, deaths, imageMissing } = view;
  const { now, daemonStartedAtMs } = context;
  if (startFailure !== null) {
    const logged = `jacod logged at ${formatTime(startFailure.atMs)}: ${startFailure.text}`;
    return fault('replica_not_started', ['Docker has no container for it', logged], { cause: 'no-container' });
  }
  if (imageMissing && service?.pullPolicy === 'never')
    return fault(
      'replica_not_started',
      [`Docker has no image ${row.image} on this node, and its pull policy is never`],
      {
        cause: 'no-container',
      },
    );
  const last = deaths.at(-1);
  if (last !== undefined && now - last.atMs < RECONCILE_OVERDUE_MS)
    return normal(
      `the container of ${row.id} was removed ${formatDuration(now - last.atMs)} ago; JACO creates a new one within 30 s`,
    );
  const since = view.placedForMs ?? Number.POSITIVE_INFINITY;
  if (since < REPLICA_START_MS)
    return normal(
      `${row.id} was placed here ${formatDuration(Math.max(0, since))} ago and has no container yet${journalRead ? '' : '; the journal, where a failed start is logged, could not be read'}`,
    );
  const up = daemonStartedAtMs === null ? Number.POSITIVE_INFINITY : now - daemonStartedAtMs;
  if (up < REPLICA_START_MS)
    return normal(`${row.id} has no container yet; the daemon was started ${formatDuration(up)} ago`);
  const why = journalRead
    ? 'the journal has no failed start of it in the last 95 s'
    : 'the journal of this node has the reason, but could not be read';
  return fault('replica_not_started', ['Docker has no container for it', why], { cause: 'no-container' });
}
