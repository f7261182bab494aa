import { formatDuration } from '../../../src/engine/format.ts';
import type { ReplicaContext } from './context.ts';
import { placedSince } from './placement-age.ts';
import { credentialFor, registryOf } from './registry.ts';
import type { ReplicaView } from './replica-view.ts';
import { fault, normal, type ReplicaVerdict } from './verdict.ts';

/** A pull that goes on for so long without a word hangs, in ms. */
const HANGING_MS = 15 * 60_000;

/** An image that could not be pulled: the registry's answer says why. */
export function judgePull({ row }: ReplicaView, { registries }: ReplicaContext): ReplicaVerdict {
  const reason = row.reason ?? 'no reason is given';
  const cause = pullCause(reason);
  const credential = cause === 'unauthorized' && registries !== null ? [credentialFor(row.image, registries)] : [];
  return fault('image_pull_failed', [reason, ...credential], {
    cause,
    values: { image: row.image, registry: registryOf(row.image) },
  });
}

/** PULLING says that the first try is under way, and not since when. */
export function judgePulling(sight: ReplicaView, around: ReplicaContext): ReplicaVerdict {
  const { row, here, deaths } = sight;
  const { now, daemonStartedAtMs } = around;
  const since = placedSince(sight, around);
  const up = daemonStartedAtMs === null ? 0 : now - daemonStartedAtMs;
  // A container that ended of late, or a daemon just started, is pulled for anew.
  if (here && deaths.length === 0 && Math.min(since, up) > HANGING_MS)
    return fault(
      'image_pull_failed',
      [`its image is being pulled since up to ${formatDuration(since)}, and nothing came of it`],
      {
        cause: 'hanging',
        values: { image: row.image, registry: registryOf(row.image) },
      },
    );
  return normal(`the image of ${row.id}, ${row.image}, is being pulled on ${row.host}`);
}

const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/no such host|server misbehaving|lookup \S+( on \S+)?:|name resolution/i, 'dns'],
  [/unauthorized|authentication required|no basic auth|access denied|\b401\b|\b403\b|denied:/i, 'unauthorized'],
  [/manifest unknown|not found|does not exist|name unknown|no matching manifest|invalid reference/i, 'not-found'],
  [/timeout|deadline exceeded|timed out/i, 'timeout'],
  [
    /connection refused|no route to host|network is unreachable|connection reset|x509|tls:|EOF|server gave HTTP/i,
    'unreachable',
  ],
];

function pullCause(reason: string): string {
  return CAUSES.find(([pattern]) => pattern.test(reason))?.[1] ?? 'unknown';
}
