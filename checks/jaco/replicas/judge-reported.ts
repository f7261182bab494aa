import { formatDuration, formatTime } from '../../../src/engine/format.ts';
import { dockerError } from '../../../src/probes/docker/docker-error.ts';
import type { ReplicaView } from '../../../src/probes/jaco/runtime/replica-views.ts';
import { REPLICA_START_MS } from '../../../src/probes/jaco/timing.ts';
import { judgeStale } from './judge-stale.ts';
import type { ReplicaContext } from './replica-context.ts';
import { EXPLAINED, fault, normal, type ReplicaVerdict, RUNNING } from './replica-verdict.ts';

/** A replica of which only JACO's report is known: on another node, or while Docker does not answer. */
export function judgeReported(view: ReplicaView, context: ReplicaContext): ReplicaVerdict {
  const { row, isLocal } = view;
  const { dockerFailure } = context;
  // What prevents Docker's answer is the cause of JACO's report too; a right that this program lacks is not.
  if (isLocal && dockerFailure !== null && dockerFailure.why !== 'denied')
    return { kind: 'unknown', reason: 'Docker does not answer', root: dockerFailure.root };
  switch (row.state) {
    case 'none':
      return judgeNone(view);
    case 'pending':
      return normal(
        `${row.id} on ${row.host} is PENDING without a reason: coming up, or within its start period${startPeriod(view)}`,
      );
    case 'running':
      return judgeReportedRunning(view, context);
    case 'degraded':
      return fault('replica_unhealthy', [
        `JACO calls it DEGRADED: its health check fails on ${row.host}, and what it says is seen only there`,
      ]);
    case 'failed':
      return judgeFailed(view);
    default:
      return { kind: 'unknown', reason: `JACO calls it ${row.state}, which no release is known to write`, root: null };
  }
}

function judgeReportedRunning(view: ReplicaView, context: ReplicaContext): ReplicaVerdict {
  const stale = judgeStale(view, context);
  if (stale !== null) return stale;
  if (!view.isLocal) return RUNNING;
  if (context.dockerFailure === null)
    return { kind: 'unknown', reason: 'there are too many containers to look at them all', root: null };
  return {
    kind: 'unknown',
    reason: 'RUNNING by JACO’s word, which proves nothing: Docker could not be asked',
    root: context.dockerFailure.root,
  };
}

function judgeNone(view: ReplicaView): ReplicaVerdict {
  const { row, isLocal, startFailure } = view;
  if (startFailure !== null)
    return fault('replica_not_started', [`jacod said at ${formatTime(startFailure.atMs)}: ${startFailure.text}`], {
      cause: 'no-container',
    });
  const since = view.placedForMs ?? Number.POSITIVE_INFINITY;
  if (since < REPLICA_START_MS)
    return normal(`${row.id} was placed on ${row.host} ${formatDuration(Math.max(0, since))} ago and is being started`);
  const where = isLocal
    ? 'Docker could not be asked why'
    : `why stands in Docker and in the journal of ${row.host}, which are seen only there`;
  return fault('replica_not_started', [`nothing of it was ever reported from ${row.host}`, where], {
    cause: isLocal ? 'no-container' : 'other-node',
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
      if (dockerError(row.message ?? '').kind === 'no-container')
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
