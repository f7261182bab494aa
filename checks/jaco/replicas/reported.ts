import { formatDuration, formatTime } from '../../../src/engine/format.ts';
import { REPLICA_START_MS } from '../../../src/probes/jaco/timing.ts';
import type { ReplicaContext } from './context.ts';
import { placedSince } from './placement-age.ts';
import type { ReplicaView } from './replica-view.ts';
import { judgeStale } from './stale.ts';
import { EXPLAINED, fault, normal, type ReplicaVerdict, RUNS } from './verdict.ts';

/** A replica of which only JACO's own word is to be had: on another node, or where Docker was not asked. */
export function judgeReported(sight: ReplicaView, around: ReplicaContext): ReplicaVerdict {
  const { row, here } = sight;
  const { dockerFailure } = around;
  // Whatever keeps Docker from answering is behind what JACO says; a right that we lack is not.
  if (here && dockerFailure !== null && dockerFailure.why !== 'denied')
    return { kind: 'unseen', reason: 'Docker does not answer', root: dockerFailure.root };
  switch (row.state) {
    case 'none':
      return judgeNone(sight, around);
    case 'pending':
      return normal(
        `${row.id} on ${row.host} is PENDING without a reason: coming up, or within its start period${startPeriod(sight)}`,
      );
    case 'running':
      return judgeRunning(sight, around);
    case 'degraded':
      return fault('replica_unhealthy', [
        `JACO calls it DEGRADED: its health check fails on ${row.host}, and what it says is seen only there`,
      ]);
    case 'failed':
      return judgeFailed(sight);
    default:
      return { kind: 'unseen', reason: `JACO calls it ${row.state}, which no release is known to write`, root: null };
  }
}

function judgeRunning(sight: ReplicaView, around: ReplicaContext): ReplicaVerdict {
  const stale = judgeStale(sight, around);
  if (stale !== null) return stale;
  if (!sight.here) return RUNS;
  if (around.dockerFailure === null)
    return { kind: 'unseen', reason: 'there are too many containers to look at them all', root: null };
  return {
    kind: 'unseen',
    reason: 'RUNNING by JACO’s word, which proves nothing: Docker could not be asked',
    root: around.dockerFailure.root,
  };
}

function judgeNone(sight: ReplicaView, around: ReplicaContext): ReplicaVerdict {
  const { row, here, startFailed } = sight;
  if (startFailed !== null)
    return fault('replica_not_started', [`jacod said at ${formatTime(startFailed.atMs)}: ${startFailed.text}`], {
      cause: 'no-container',
    });
  const since = placedSince(sight, around);
  if (since < REPLICA_START_MS)
    return normal(`${row.id} was placed on ${row.host} ${formatDuration(Math.max(0, since))} ago and is being started`);
  const where = here
    ? 'Docker could not be asked why'
    : `why stands in Docker and in the journal of ${row.host}, which are seen only there`;
  return fault('replica_not_started', [`nothing of it was ever reported from ${row.host}`, where], {
    cause: here ? 'no-container' : 'other-node',
  });
}

function judgeFailed({ row }: ReplicaView): ReplicaVerdict {
  switch (row.code) {
    case 'container_exited':
      return fault(
        'container_exited',
        [`it ended with exit status ${row.exitCode ?? 0}; its last words are seen on ${row.host}`],
        {
          values: { container: row.containerId || '<container>', exit_code: String(row.exitCode ?? 0) },
        },
      );
    case 'inspect_failed':
      if (/No such container/i.test(row.message ?? ''))
        return normal(`the container of ${row.id} on ${row.host} was taken away; JACO makes a new one within 30 s`);
      return EXPLAINED;
    default:
      return fault('restart_exhausted', [
        `JACO counted three failures on ${row.host}; the reason was written over, and is seen only there`,
      ]);
  }
}

function startPeriod({ service }: ReplicaView): string {
  return service?.startPeriodMs ? ` of ${formatDuration(service.startPeriodMs)}` : '';
}
