import { formatDuration, formatTime } from '../../../src/engine/format.ts';
import type { Container, Inspection } from '../../../src/probes/docker/containers.ts';
import { dockerError } from '../../../src/probes/docker/docker-error.ts';
import type { ReplicaView } from '../../../src/probes/jaco/runtime/replica-views.ts';
import { RECONCILE_OVERDUE_MS, REPLICA_SUCCESSION_MS } from '../../../src/probes/jaco/timing.ts';
import { isCurrent } from './is-current.ts';
import { judgeEnded, judgeRestarted } from './judge-exits.ts';
import { judgeStale } from './judge-stale.ts';
import type { ReplicaContext } from './replica-context.ts';
import { fault, normal, type ReplicaVerdict, RUNNING } from './replica-verdict.ts';

/** Time that Docker may need beyond a health check's own timeout to end it, in ms. A loaded engine is slow. */
const HEALTH_CHECK_SLACK_MS = 60_000;

/**
 * A replica whose container Docker shows. Docker's state counts, not JACO's report
 * (docs/jaco-daemon/runtime.md#running-proves-nothing).
 */
export function judgeContainer(view: ReplicaView, container: Container, context: ReplicaContext): ReplicaVerdict {
  const inspection = container.again ?? container.look;
  if (!isCurrent(container, view.row)) return judgeOlder(view, container);
  if (inspection === null || inspection.state === 'removing' || container.state === 'removing')
    return judgeUninspected(view, container, context);
  switch (inspection.state) {
    case 'running':
      return judgeRunning(view, container, inspection, context);
    case 'exited':
    case 'dead':
    case 'restarting':
      return judgeEnded(view, container, inspection, context);
    case 'created':
      return judgeCreated(view, container, inspection, context);
    case 'paused':
      return normal(`${view.row.id} is paused; JACO recreates its container within 30 s`);
    default:
      return {
        kind: 'unknown',
        reason:
          inspection.state === ''
            ? 'Docker does not report whether it is running'
            : `Docker reports state ${inspection.state}`,
        next: { kind: 'run', argv: ['docker', 'inspect', container.id] },
        root: null,
      };
  }
}

/** The container was removed before it could be inspected, or there are too many to inspect. */
function judgeUninspected(
  view: ReplicaView,
  { state, settled, look: inspection }: Container,
  context: ReplicaContext,
): ReplicaVerdict {
  const { startFailure } = view;
  // Docker may never finish the removal, and every start by JACO fails for that reason.
  if (startFailure !== null && dockerError(startFailure.text).kind === 'removal-in-progress')
    return fault(
      'replica_not_started',
      [
        'Docker is removing its container and does not finish',
        `jacod logged at ${formatTime(startFailure.atMs)}: ${startFailure.text}`,
      ],
      { cause: 'no-container' },
    );
  if (state === 'removing' || inspection !== null) return normal(`the container of ${view.row.id} is being removed`);
  if (settled) return judgeStale(view, context) ?? RUNNING;
  return { kind: 'unknown', reason: `${state}; details were not read`, next: { kind: 'again' }, root: null };
}

function judgeRunning(
  view: ReplicaView,
  container: Container,
  inspection: Inspection,
  context: ReplicaContext,
): ReplicaVerdict {
  const { row } = view;
  const { health } = inspection;
  if (health?.status === 'unhealthy') {
    const output =
      health.output === null ? 'its health check fails without output' : `its health check reports: ${health.output}`;
    const streak = `Docker reports it unhealthy; the check failed ${health.failingStreak} times in a row${health.exitCode === null ? '' : `, last with status ${health.exitCode}`}`;
    return fault('replica_unhealthy', [streak, output], {
      values: { container: container.id.slice(0, 12) },
    });
  }
  const restarted = judgeRestarted(view, container, inspection, context);
  if (restarted !== null) return restarted;
  const up = inspection.startedAtMs === null ? 0 : Math.max(0, inspection.atMs - inspection.startedAtMs);
  if (health?.status === 'starting') {
    // A restart of the engine below running containers restarts their health checks.
    const checked = Math.min(up, context.engineStartedAtMs === null ? up : inspection.atMs - context.engineStartedAtMs);
    if (checked > inspection.startingForMs + HEALTH_CHECK_SLACK_MS)
      return fault(
        'replica_unhealthy',
        [
          `Docker still reports it starting after ${formatDuration(checked)}, but its health check had to pass or fail within ${formatDuration(inspection.startingForMs)}: the check hangs, and Docker cannot end it`,
        ],
        { values: { container: container.id.slice(0, 12) } },
      );
    const period =
      inspection.startPeriodMs === 0 ? '' : `; its start period is ${formatDuration(inspection.startPeriodMs)}`;
    return normal(
      `${row.id} is starting: its health check has not passed yet, ${formatDuration(up)} after its start${period}`,
    );
  }
  const stale = judgeStale(view, context);
  if (stale !== null) return stale;
  if (row.state === 'pending' && up < RECONCILE_OVERDUE_MS)
    return normal(
      `${row.id} has been running for ${formatDuration(up)}; JACO reports RUNNING after five successful polls, 1 s apart`,
    );
  return RUNNING;
}

/** Created and not started: only Docker shows the reason (docs/jaco-daemon/runtime.md#never-started). */
function judgeCreated(
  { row }: ReplicaView,
  container: Container,
  inspection: Inspection,
  { now }: ReplicaContext,
): ReplicaVerdict {
  const age = now - container.createdAtMs;
  if (inspection.error === null && age < RECONCILE_OVERDUE_MS)
    return normal(
      `the container of ${row.id} was created ${formatDuration(Math.max(0, age))} ago and is being started`,
    );
  const reason =
    inspection.error === null
      ? 'it was never started, and Docker gives no reason'
      : `Docker could not start it: ${inspection.error}`;
  return fault('replica_not_started', [reason], { cause: 'created', values: { container: container.id.slice(0, 12) } });
}

/** The container is of an earlier revision. Its successor is created next, or cannot be created. */
function judgeOlder(view: ReplicaView, container: Container): ReplicaVerdict {
  const { row, startFailure } = view;
  const older = `its container (${container.state}) is of revision ${container.revision}, but revision ${row.revision} is desired`;
  if (startFailure !== null)
    return fault(
      'replica_not_started',
      [older, `jacod logged at ${formatTime(startFailure.atMs)}: ${startFailure.text}`],
      {
        cause: 'no-container',
      },
    );
  const since = view.placedForMs ?? Number.POSITIVE_INFINITY;
  if (since < REPLICA_SUCCESSION_MS)
    return normal(`${row.id}: ${older}, since ${formatDuration(Math.max(0, since))} ago`);
  return fault('replica_not_started', [older, 'its successor was not created'], { cause: 'no-container' });
}
