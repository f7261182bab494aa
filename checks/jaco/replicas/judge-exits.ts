import { formatDuration } from '../../../src/engine/format.ts';
import type { Container, Inspection } from '../../../src/probes/docker/containers.ts';
import type { ReplicaView } from '../../../src/probes/jaco/runtime/replica-views.ts';
import { RECONCILE_OVERDUE_MS } from '../../../src/probes/jaco/timing.ts';
import type { ReplicaContext } from './replica-context.ts';
import { fault, normal, type ReplicaVerdict, runningWith } from './replica-verdict.ts';

/** A program that runs for longer than this, in ms, has started successfully. */
const SETTLED_MS = 60_000;
/** A starting engine ends leftover containers within this time of its start, in ms. */
const ENGINE_RECOVERY_MS = 10_000;
/** Docker's event and its inspection differ by at most this for the time of one end, in ms. */
const SAME_END_MS = 2_000;
/**
 * The first start of a container is within the first of these times after its creation, in ms; a later start within the
 * second follows an end.
 */
const FIRST_START_MS = 5_000;
const EARLY_RESTART_MS = 10 * 60_000;

/** An end that the program caused itself. Time in ms since the epoch; null if unknown. */
type End = { readonly atMs: number; readonly exitCode: number | null };

/**
 * A container that is not running. JACO starts it again at its next reconcile. It is a fault if it ended at least
 * twice, or if that reconcile is overdue.
 */
export function judgeEnded(
  view: ReplicaView,
  container: Container,
  inspection: Inspection,
  context: ReplicaContext,
): ReplicaVerdict {
  const { now } = context;
  const { startedAtMs, finishedAtMs } = inspection;
  const ends = ownEnds(view, container, context);
  const ago = finishedAtMs === null ? null : Math.max(0, inspection.atMs - finishedAtMs);
  const ran = startedAtMs === null || finishedAtMs === null ? null : finishedAtMs - startedAtMs;
  const memory = inspection.outOfMemory ? ['it was killed because it ran out of memory'] : [];
  if (ends.length < 2 && ago !== null && isRestartDue(now - ago, context)) {
    const how = endedFromOutside(view, inspection, context) ?? `exited with status ${inspection.exitCode}`;
    return normal(
      [`${view.row.id} ${how} ${formatDuration(ago)} ago`, ...memory, 'JACO starts it again within 30 s'].join('; '),
    );
  }
  const how = `it exited ${ago === null ? '' : `${formatDuration(ago)} ago `}with status ${inspection.exitCode}${ran !== null && ran >= 0 ? `, after ${formatDuration(ran)}` : ''}`;
  return exited(view, container, inspection.exitCode, ends, [how, ...memory], now);
}

/** Whether a running container is between two ends; null if it has settled, or did not end by itself. */
export function judgeRestarted(
  view: ReplicaView,
  container: Container,
  inspection: Inspection,
  context: ReplicaContext,
): ReplicaVerdict | null {
  const { now } = context;
  const { startedAtMs, finishedAtMs } = inspection;
  if (finishedAtMs === null || startedAtMs === null) return null;
  const up = inspection.atMs - startedAtMs;
  const ends = ownEnds(view, container, context);
  const first = container.look;
  const endedMeanwhile = first !== null && first !== inspection && startedAtMs !== first.startedAtMs;
  // A start in the future: the clock was set back since, so the running time is unknown.
  if (!endedMeanwhile && (up < 0 || up > settledAfter(ends))) return null;
  const last = ends.at(-1);
  // An end that is not the program's own: the engine, the host or a stop caused it.
  if (last === undefined || !isSameEnd(last.atMs, finishedAtMs)) return null;
  const ago = formatDuration(Math.max(0, inspection.atMs - finishedAtMs));
  const status = last.exitCode === null ? '' : ` with exit status ${last.exitCode}`;
  const since = formatDuration(Math.max(0, up));
  if (ends.length < 2 && !endedMeanwhile)
    return runningWith(
      `${view.row.id} exited once, ${ago} ago${status}, and was restarted ${since} ago; check again in 60 s: a second exit means a restart loop`,
    );
  return exited(
    view,
    container,
    last.exitCode,
    ends,
    [`it has been running for only ${since}: it exited ${ago} ago${status}`],
    now,
  );
}

/**
 * Ends that the program caused itself, oldest first: from Docker's events, which it drops at its start and after 256 of
 * any kind, and from inspections. One end of a container is not a loop, and an end together with the engine is not the
 * program's own.
 */
function ownEnds(view: ReplicaView, container: Container, context: ReplicaContext): readonly End[] {
  const ends: End[] = view.deaths.filter((death) => !death.stopped && !withEngine(death.atMs, null, context));
  for (const inspection of [container.look, container.again]) {
    const atMs = inspection?.finishedAtMs ?? null;
    if (inspection === null || atMs === null) continue;
    const isKnown = [...ends, ...view.deaths].some((end) => isSameEnd(end.atMs, atMs));
    const startedAtMs = inspection.state === 'running' ? null : inspection.startedAtMs;
    if (isKnown || withEngine(atMs, startedAtMs, context)) continue;
    // The exit status that Docker shows for a running container is not that of the end.
    ends.push({ atMs, exitCode: inspection.state === 'running' ? null : inspection.exitCode });
  }
  if (ends.length === 1 && endedBefore(view, container, context))
    ends.push({ atMs: container.createdAtMs, exitCode: null });
  return ends.sort((a, b) => a.atMs - b.atMs);
}

/**
 * Whether an exited container without earlier Docker events was started twice: its last start was long after its
 * creation.
 */
function endedBefore(
  { deaths }: ReplicaView,
  { createdAtMs, look, again }: Container,
  context: ReplicaContext,
): boolean {
  const inspection = again ?? look;
  if (inspection === null || inspection.state === 'running' || inspection.startedAtMs === null) return false;
  const delay = inspection.startedAtMs - createdAtMs;
  if (delay < FIRST_START_MS || delay > EARLY_RESTART_MS || deaths.some((death) => death.stopped)) return false;
  return [context.engineStartedAtMs, context.bootedAtMs].every((upAtMs) => upAtMs === null || upAtMs < createdAtMs);
}

function isSameEnd(first: number, second: number): boolean {
  return Math.abs(first - second) < SAME_END_MS;
}

/** Whether a container ended before the engine or the host was up again. One that was started later ended by itself. */
function withEngine(
  endedAtMs: number,
  startedAtMs: number | null,
  { engineStartedAtMs, bootedAtMs }: ReplicaContext,
): boolean {
  return [engineStartedAtMs, bootedAtMs].some(
    (upAtMs) =>
      upAtMs !== null && endedAtMs <= upAtMs + ENGINE_RECOVERY_MS && (startedAtMs === null || startedAtMs < upAtMs),
  );
}

/** Whether JACO's restart is overdue. An engine and a daemon that have just started get the same time. */
function isRestartDue(endedAtMs: number, context: ReplicaContext): boolean {
  const { now, engineStartedAtMs, daemonStartedAtMs, bootedAtMs } = context;
  const from = Math.max(endedAtMs, engineStartedAtMs ?? 0, daemonStartedAtMs ?? 0, bootedAtMs ?? 0);
  return now - from < RECONCILE_OVERDUE_MS;
}

/** How long a container must run to count as settled, in ms: longer than it ran before its earlier ends. */
function settledAfter(ends: readonly End[]): number {
  const [first, last] = [ends[0], ends.at(-1)];
  if (first === undefined || last === undefined || ends.length < 2) return SETTLED_MS;
  return Math.max(SETTLED_MS, (1.5 * (last.atMs - first.atMs)) / (ends.length - 1));
}

/** What ended it from outside; null if it ended by itself, or if that is unknown. */
function endedFromOutside(
  { deaths }: ReplicaView,
  { startedAtMs, finishedAtMs }: Inspection,
  context: ReplicaContext,
): string | null {
  const ended = finishedAtMs ?? 0;
  if (withEngine(ended, startedAtMs, { ...context, engineStartedAtMs: null })) return 'exited when the host rebooted';
  if (withEngine(ended, startedAtMs, context)) return 'exited when Docker was restarted';
  const last = deaths.at(-1);
  return last?.stopped && Math.abs(last.atMs - ended) < 5_000 ? 'was stopped by an external command' : null;
}

function exited(
  view: ReplicaView,
  container: Container,
  code: number | null,
  ends: readonly End[],
  how: readonly string[],
  now: number,
): ReplicaVerdict {
  const [first] = ends;
  const often =
    first === undefined || ends.length < 2
      ? []
      : [`it exited ${ends.length} times in ${formatDuration(Math.max(0, now - first.atMs))}`];
  const output = view.output.length === 0 ? [] : [`its last output: ${view.output.join(' | ')}`];
  return fault('container_exited', [...how, ...often, ...output], {
    values: {
      container: container.id.slice(0, 12),
      exit_code: String(code ?? 'unknown'),
    },
  });
}
