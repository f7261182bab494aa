import { formatDuration, formatTime } from '../../../src/engine/format.ts';
import type { Container, Inspection } from '../../../src/probes/docker/containers.ts';
import { RECONCILE_OVERDUE_MS, REPLICA_SUCCESSION_MS } from '../../../src/probes/jaco/timing.ts';
import type { ReplicaContext } from './context.ts';
import { judgeEnded, judgeRestarted } from './exits.ts';
import { placedSince } from './placement-age.ts';
import type { ReplicaView } from './replica-view.ts';
import { judgeStale } from './stale.ts';
import { fault, normal, type ReplicaVerdict, RUNS } from './verdict.ts';

/** What Docker may need beyond a health check's own time to end it, in ms: an engine under load is slow to. */
const HANGING_MS = 60_000;

/** A replica whose container Docker shows: what Docker says counts, whatever JACO says (live R0.1). */
export function judgeContainer(sight: ReplicaView, container: Container, around: ReplicaContext): ReplicaVerdict {
  const look = container.again ?? container.look;
  if (container.revision !== sight.row.revision) return judgeOlder(sight, container, around);
  if (look === null || look.state === 'removing' || container.state === 'removing')
    return judgeUnlooked(sight, container, around);
  switch (look.state) {
    case 'running':
      return judgeRunning(sight, container, look, around);
    case 'exited':
    case 'dead':
    case 'restarting':
      return judgeEnded(sight, container, look, around);
    case 'created':
      return judgeCreated(sight, container, look, around);
    case 'paused':
      return normal(`${sight.row.id} is paused; JACO makes its container anew at its next look, within 30 s`);
    default:
      return {
        kind: 'unseen',
        reason: look.state === '' ? 'Docker does not say whether it runs' : `Docker calls it ${look.state}`,
        root: null,
      };
  }
}

/** Gone before it could be looked at, or one of so many that it was not. */
function judgeUnlooked(
  sight: ReplicaView,
  { state, settled, look }: Container,
  around: ReplicaContext,
): ReplicaVerdict {
  const { startFailed } = sight;
  // Docker may never get done with it, and every try of JACO's ends at that.
  if (startFailed !== null && /removal of container .* is already in progress/i.test(startFailed.text))
    return fault(
      'replica_not_started',
      [
        'Docker has been taking its container away and does not get done',
        `jacod said at ${formatTime(startFailed.atMs)}: ${startFailed.text}`,
      ],
      { cause: 'no-container' },
    );
  if (state === 'removing' || look !== null) return normal(`the container of ${sight.row.id} is being taken away`);
  if (settled) return judgeStale(sight, around) ?? RUNS;
  return { kind: 'unseen', reason: `${state}, and not looked at closely`, root: null };
}

function judgeRunning(
  sight: ReplicaView,
  container: Container,
  look: Inspection,
  around: ReplicaContext,
): ReplicaVerdict {
  const { row } = sight;
  const { health } = look;
  if (health?.status === 'unhealthy') {
    const said =
      health.output === null ? 'its health check fails and says nothing' : `its health check says: ${health.output}`;
    const streak = `Docker calls it unhealthy; the check failed ${health.failingStreak} times in a row${health.exitCode === null ? '' : `, last with status ${health.exitCode}`}`;
    return fault('replica_unhealthy', [streak, said], {
      values: { container: container.id.slice(0, 12) },
    });
  }
  const restarted = judgeRestarted(sight, container, look, around);
  if (restarted !== null) return restarted;
  const up = look.startedAtMs === null ? 0 : Math.max(0, look.atMs - look.startedAtMs);
  if (health?.status === 'starting') {
    // An engine that left its containers running begins anew with their checks.
    const checked = Math.min(up, around.engineStartedAtMs === null ? up : look.atMs - around.engineStartedAtMs);
    if (checked > look.startingForMs + HANGING_MS)
      return fault(
        'replica_unhealthy',
        [
          `Docker calls it starting after ${formatDuration(checked)}, and by the settings of its health check it had to pass or fail within ${formatDuration(look.startingForMs)}: the check hangs, and Docker does not get it ended`,
        ],
        { values: { container: container.id.slice(0, 12) } },
      );
    const period = look.startPeriodMs === 0 ? '' : `; its start period is ${formatDuration(look.startPeriodMs)}`;
    return normal(
      `${row.id} is coming up: its health check has not passed yet, ${formatDuration(up)} after its start${period}`,
    );
  }
  const stale = judgeStale(sight, around);
  if (stale !== null) return stale;
  if (row.state === 'pending' && up < RECONCILE_OVERDUE_MS)
    return normal(`${row.id} runs since ${formatDuration(up)}; JACO calls it RUNNING after five looks, a second apart`);
  return RUNS;
}

/** Made, and not started: Docker says why, and nobody else does (live R0.2). */
function judgeCreated(
  { row }: ReplicaView,
  container: Container,
  look: Inspection,
  { now }: ReplicaContext,
): ReplicaVerdict {
  const age = now - container.createdAtMs;
  if (look.error === null && age < RECONCILE_OVERDUE_MS)
    return normal(`the container of ${row.id} was made ${formatDuration(Math.max(0, age))} ago and is being started`);
  const said =
    look.error === null
      ? 'it was never started, and Docker says no reason'
      : `Docker could not start it: ${look.error}`;
  return fault('replica_not_started', [said], { cause: 'created', values: { container: container.id.slice(0, 12) } });
}

/** The container is of a revision before: its successor is made next, or cannot be. */
function judgeOlder(sight: ReplicaView, container: Container, around: ReplicaContext): ReplicaVerdict {
  const { row, startFailed } = sight;
  const older = `its container (${container.state}) is of revision ${container.revision}, and ${row.revision} is wanted`;
  if (startFailed !== null)
    return fault('replica_not_started', [older, `jacod said at ${formatTime(startFailed.atMs)}: ${startFailed.text}`], {
      cause: 'no-container',
    });
  const since = placedSince(sight, around);
  if (since < REPLICA_SUCCESSION_MS)
    return normal(`${row.id}: ${older}; it was wanted ${formatDuration(Math.max(0, since))} ago`);
  return fault('replica_not_started', [older, 'its successor was not made'], { cause: 'no-container' });
}
