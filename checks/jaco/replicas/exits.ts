import { formatDuration } from '../../../src/engine/format.ts';
import type { Container, Inspection } from '../../../src/probes/docker/containers.ts';
import type { Death } from '../../../src/probes/docker/deaths.ts';
import type { ReplicaView } from '../../../src/probes/jaco/runtime/replica-views.ts';
import { RECONCILE_OVERDUE_MS } from '../../../src/probes/jaco/timing.ts';
import type { ReplicaContext } from './context.ts';
import { fault, normal, type ReplicaVerdict } from './verdict.ts';

/** A program that has started successfully runs for longer than this. */
const SETTLED_MS = 60_000;

/** A container that has ended: JACO starts it again at every reconcile. */
export function judgeEnded(
  view: ReplicaView,
  container: Container,
  inspection: Inspection,
  context: ReplicaContext,
): ReplicaVerdict {
  const { now } = context;
  const ago = inspection.finishedAtMs === null ? null : Math.max(0, inspection.atMs - inspection.finishedAtMs);
  const endedBy = ago !== null && ago < RECONCILE_OVERDUE_MS ? endedFromOutside(view, inspection, context) : null;
  if (endedBy !== null)
    return normal(`${view.row.id} ${endedBy} ${formatDuration(ago ?? 0)} ago; JACO starts it again within 30 s`);
  const ran =
    inspection.startedAtMs === null || inspection.finishedAtMs === null
      ? null
      : inspection.finishedAtMs - inspection.startedAtMs;
  const how = `it ended ${ago === null ? '' : `${formatDuration(ago)} ago `}with exit status ${inspection.exitCode}${ran !== null && ran >= 0 ? `, after ${formatDuration(ran)}` : ''}`;
  return exited(
    view,
    container,
    inspection.exitCode,
    [how, ...(inspection.outOfMemory ? ['it was killed for want of memory'] : [])],
    now,
  );
}

/** Whether a running container is between two ends: null where it has settled. */
export function judgeRestarted(
  view: ReplicaView,
  container: Container,
  inspection: Inspection,
  context: ReplicaContext,
): ReplicaVerdict | null {
  const { now } = context;
  if (inspection.finishedAtMs === null || inspection.startedAtMs === null) return null;
  const up = inspection.atMs - inspection.startedAtMs;
  const ends = view.deaths.filter((death) => !death.stopped);
  const first = container.look;
  const endedMeanwhile =
    first !== null &&
    first !== inspection &&
    (inspection.state !== 'running' || inspection.startedAtMs !== first.startedAtMs);
  // Started in the future: the clock was set back since, and nobody knows for how long it has been up.
  if (!endedMeanwhile && (up < 0 || up > settledAfter(ends))) return null;
  if (!endedMeanwhile && endedFromOutside(view, inspection, context) !== null) return null;
  const code = ends.at(-1)?.exitCode ?? null;
  const ago = Math.max(0, inspection.atMs - inspection.finishedAtMs);
  const how = `it runs since ${formatDuration(Math.max(0, up))} only: it ended ${formatDuration(ago)} ago${code === null ? '' : ` with exit status ${code}`}`;
  return exited(view, container, code, [how], now);
}

/** How long a container must run to count as settled, in ms: longer than it ran before its earlier ends. */
function settledAfter(ends: readonly Death[]): number {
  const [first, last] = [ends[0], ends.at(-1)];
  if (first === undefined || last === undefined || ends.length < 2) return SETTLED_MS;
  return Math.max(SETTLED_MS, (1.5 * (last.atMs - first.atMs)) / (ends.length - 1));
}

/** What ended it, where it did not end by itself; null where it did, or where that is not known. */
function endedFromOutside(
  { deaths }: ReplicaView,
  inspection: Inspection,
  { engineStartedAtMs, bootedAtMs }: ReplicaContext,
): string | null {
  const ended = inspection.finishedAtMs ?? 0;
  const by = (started: number | null): boolean =>
    started !== null && ended <= started + 10_000 && ended > started - 120_000;
  if (by(bootedAtMs)) return 'ended with the host, which booted';
  if (by(engineStartedAtMs)) return 'ended with Docker, which was restarted';
  const last = deaths.at(-1);
  return last?.stopped && Math.abs(last.atMs - ended) < 5_000 ? 'was stopped from outside' : null;
}

function exited(
  view: ReplicaView,
  container: Container,
  code: number | null,
  how: readonly string[],
  now: number,
): ReplicaVerdict {
  const ends = view.deaths.filter((death) => !death.stopped);
  const [first] = ends;
  const often =
    first === undefined || ends.length < 2
      ? []
      : [`it ended ${ends.length} times in ${formatDuration(Math.max(0, now - first.atMs))}`];
  const output = view.output.length === 0 ? [] : [`its last words: ${view.output.join(' | ')}`];
  return fault('container_exited', [...how, ...often, ...output], {
    values: {
      container: container.id.slice(0, 12),
      exit_code: String(code ?? 'unknown'),
    },
  });
}
