import { shortly } from '../../../src/engine/shortly.ts';
import { moment } from '../../../src/probes/jaco/moment.ts';
import { type Around, TICK_MS } from './around.ts';
import { placedSince } from './placed.ts';
import type { Sight } from './sight.ts';
import { fault, normal, type Verdict } from './verdict.ts';

/** How long a start may take before it is missed, in ms: stops come one after the other and hold it up (live R2.2). */
const STARTING_MS = 60_000;

/** A replica placed here of which Docker has no container. */
export function judgeMissing(sight: Sight, around: Around): Verdict {
  const { row, startFailed, journal, service, deaths } = sight;
  const { now, missingImages, daemonStartedAtMs } = around;
  if (startFailed !== null) {
    const said = `jacod said at ${moment(startFailed.atMs)}: ${startFailed.text}`;
    return fault('replica_not_started', ['Docker has no container of it', said], { cause: 'no-container' });
  }
  if (missingImages.includes(row.image) && service?.pullPolicy === 'never')
    return fault('replica_not_started', [`Docker has no image ${row.image} here, and its pull policy is never`], {
      cause: 'no-container',
    });
  const last = deaths.at(-1);
  if (last !== undefined && now - last.atMs < TICK_MS)
    return normal(
      `the container of ${row.id} was taken away ${shortly(now - last.atMs)} ago; JACO makes a new one within 30 s`,
    );
  const since = placedSince(sight, around);
  if (since < STARTING_MS)
    return normal(`${row.id} was placed here ${shortly(Math.max(0, since))} ago and has no container yet`);
  const up = daemonStartedAtMs === null ? Number.POSITIVE_INFINITY : now - daemonStartedAtMs;
  if (up < STARTING_MS) return normal(`${row.id} has no container yet; the daemon runs since ${shortly(up)}`);
  const why = journal
    ? 'the journal holds no failed start of it in the last 95 s'
    : 'why stands in the journal of this node, which could not be read';
  return fault('replica_not_started', ['Docker has no container of it', why], { cause: 'no-container' });
}
