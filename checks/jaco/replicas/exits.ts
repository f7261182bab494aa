import { formatDuration } from '../../../src/engine/format.ts';
import type { Container, Inspection } from '../../../src/probes/docker/containers.ts';
import type { Death } from '../../../src/probes/docker/deaths.ts';
import { RECONCILE_OVERDUE_MS } from '../../../src/probes/jaco/timing.ts';
import type { ReplicaContext } from './context.ts';
import type { ReplicaView } from './replica-view.ts';
import { fault, normal, type ReplicaVerdict } from './verdict.ts';

/** A program that has come up stays up for longer than this. */
const SETTLED_MS = 60_000;

/** A container that has ended: JACO starts it again at its next tick, for ever. */
export function judgeEnded(
  sight: ReplicaView,
  container: Container,
  look: Inspection,
  around: ReplicaContext,
): ReplicaVerdict {
  const { now } = around;
  const ago = look.finishedAtMs === null ? null : Math.max(0, look.atMs - look.finishedAtMs);
  const taken = ago !== null && ago < RECONCILE_OVERDUE_MS ? endedFromOutside(sight, look, around) : null;
  if (taken !== null)
    return normal(`${sight.row.id} ${taken} ${formatDuration(ago ?? 0)} ago; JACO starts it again within 30 s`);
  const ran = look.startedAtMs === null || look.finishedAtMs === null ? null : look.finishedAtMs - look.startedAtMs;
  const how = `it ended ${ago === null ? '' : `${formatDuration(ago)} ago `}with exit status ${look.exitCode}${ran !== null && ran >= 0 ? `, after ${formatDuration(ran)}` : ''}`;
  return exited(
    sight,
    container,
    look.exitCode,
    [how, ...(look.outOfMemory ? ['it was killed for want of memory'] : [])],
    now,
  );
}

/** Whether a running container is between two ends: null where it has settled. */
export function judgeRestarted(
  sight: ReplicaView,
  container: Container,
  look: Inspection,
  around: ReplicaContext,
): ReplicaVerdict | null {
  const { now } = around;
  if (look.finishedAtMs === null || look.startedAtMs === null) return null;
  const up = look.atMs - look.startedAtMs;
  const ends = sight.deaths.filter((death) => !death.stopped);
  const first = container.look;
  const endedMeanwhile =
    first !== null && first !== look && (look.state !== 'running' || look.startedAtMs !== first.startedAtMs);
  // Started in the future: the clock was set back since, and nobody knows for how long it has been up.
  if (!endedMeanwhile && (up < 0 || up > patience(ends))) return null;
  if (!endedMeanwhile && endedFromOutside(sight, look, around) !== null) return null;
  const code = ends.at(-1)?.exitCode ?? null;
  const ago = Math.max(0, look.atMs - look.finishedAtMs);
  const how = `it runs since ${formatDuration(Math.max(0, up))} only: it ended ${formatDuration(ago)} ago${code === null ? '' : ` with exit status ${code}`}`;
  return exited(sight, container, code, [how], now);
}

/** How long a container must be up to be taken for settled, in ms: longer than it took to end before. */
function patience(ends: readonly Death[]): number {
  const [first, last] = [ends[0], ends.at(-1)];
  if (first === undefined || last === undefined || ends.length < 2) return SETTLED_MS;
  return Math.max(SETTLED_MS, (1.5 * (last.atMs - first.atMs)) / (ends.length - 1));
}

/** What ended it, where it did not end by itself; null where it did, or where that is not known. */
function endedFromOutside(
  { deaths }: ReplicaView,
  look: Inspection,
  { engineStartedAtMs, bootedAtMs }: ReplicaContext,
): string | null {
  const ended = look.finishedAtMs ?? 0;
  const by = (started: number | null): boolean =>
    started !== null && ended <= started + 10_000 && ended > started - 120_000;
  if (by(bootedAtMs)) return 'ended with the host, which booted';
  if (by(engineStartedAtMs)) return 'ended with Docker, which was restarted';
  const last = deaths.at(-1);
  return last?.stopped && Math.abs(last.atMs - ended) < 5_000 ? 'was stopped from outside' : null;
}

function exited(
  sight: ReplicaView,
  container: Container,
  code: number | null,
  how: readonly string[],
  now: number,
): ReplicaVerdict {
  const ends = sight.deaths.filter((death) => !death.stopped);
  const [first] = ends;
  const often =
    first === undefined || ends.length < 2
      ? []
      : [`it ended ${ends.length} times in ${formatDuration(Math.max(0, now - first.atMs))}`];
  const words = sight.words.length === 0 ? [] : [`its last words: ${sight.words.join(' | ')}`];
  return fault('container_exited', [...how, ...often, ...words], {
    values: {
      container: container.id.slice(0, 12),
      exit_code: String(code ?? 'unknown'),
    },
  });
}
