import { formatDuration, formatTime } from '../../../src/engine/format.ts';
import { nextStepOf } from '../../../src/engine/next-step-of.ts';
import { dockerError } from '../../../src/probes/docker/docker-error.ts';
import type { ReplicaView } from '../../../src/probes/jaco/runtime/replica-views.ts';
import { REPLICA_START_MS } from '../../../src/probes/jaco/timing.ts';
import { hostOf } from './host-of.ts';
import { judgeStale } from './judge-stale.ts';
import type { ReplicaContext } from './replica-context.ts';
import { EXPLAINED, fault, normal, type ReplicaVerdict, RUNNING } from './replica-verdict.ts';

/** A replica that is known only from JACO's report: it is on another node, or Docker does not answer. */
export function judgeReported(view: ReplicaView, context: ReplicaContext): ReplicaVerdict {
  const { row, isLocal } = view;
  const { dockerFailure } = context;
  // If Docker does not answer, that also causes JACO's report. A right that only the doctor lacks does not.
  if (isLocal && dockerFailure !== null && dockerFailure.why !== 'denied')
    return {
      kind: 'unknown',
      reason: 'Docker does not answer',
      next: nextStepOf(dockerFailure),
      root: dockerFailure.root,
    };
  switch (row.state) {
    case 'none':
      return judgeNone(view);
    case 'pending':
      return normal(
        `${row.id} on ${hostOf(row)} is PENDING without a reason: it is starting, or within its start period${startPeriod(view)}`,
      );
    case 'running':
      return judgeReportedRunning(view, context);
    case 'degraded':
      return fault('replica_unhealthy', [
        `JACO reports DEGRADED: its health check fails on ${hostOf(row)}, and its output is visible only there`,
      ]);
    case 'failed':
      return judgeFailed(view);
    default:
      return {
        kind: 'unknown',
        reason: `JACO reports ${row.state}, which no known release writes`,
        next: { kind: 'report' },
        root: null,
      };
  }
}

function judgeReportedRunning(view: ReplicaView, context: ReplicaContext): ReplicaVerdict {
  const stale = judgeStale(view, context);
  if (stale !== null) return stale;
  if (!view.isLocal) return RUNNING;
  if (context.dockerFailure === null)
    return {
      kind: 'unknown',
      reason: 'there are too many containers to inspect all of them',
      next: { kind: 'by-hand' },
      root: null,
    };
  return {
    kind: 'unknown',
    reason: 'JACO reports RUNNING, but Docker could not be asked to confirm it',
    next: nextStepOf(context.dockerFailure),
    root: context.dockerFailure.root,
  };
}

function judgeNone(view: ReplicaView): ReplicaVerdict {
  const { row, isLocal, startFailure } = view;
  if (startFailure !== null)
    return fault('replica_not_started', [`jacod logged at ${formatTime(startFailure.atMs)}: ${startFailure.text}`], {
      cause: 'no-container',
    });
  const since = view.placedForMs ?? Number.POSITIVE_INFINITY;
  if (since < REPLICA_START_MS)
    return normal(`${row.id} was placed on ${hostOf(row)} ${formatDuration(Math.max(0, since))} ago and is starting`);
  const where = isLocal
    ? 'Docker could not be asked for the reason'
    : `Docker and the journal of ${hostOf(row)} have the reason; they are visible only there`;
  return fault('replica_not_started', [`${hostOf(row)} never reported its state`, where], {
    cause: isLocal ? 'no-container' : 'other-node',
  });
}

function judgeFailed({ row }: ReplicaView): ReplicaVerdict {
  switch (row.code) {
    case 'container_exited':
      return fault(
        'container_exited',
        [`it exited with status ${row.exitCode ?? 0}; its output is visible only on ${hostOf(row)}`],
        {
          values: { container: row.containerId || '<container>', exit_code: String(row.exitCode ?? 0) },
        },
      );
    case 'inspect_failed':
      if (dockerError(row.message ?? '').kind === 'no-container')
        return normal(`the container of ${row.id} on ${hostOf(row)} was removed; JACO creates a new one within 30 s`);
      return EXPLAINED;
    default:
      return fault('restart_exhausted', [
        `JACO counted three failures on ${hostOf(row)}; the reason was overwritten and is visible only there`,
      ]);
  }
}

function startPeriod({ service }: ReplicaView): string {
  return service?.startPeriodMs ? ` of ${formatDuration(service.startPeriodMs)}` : '';
}
