import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { jacodProcess } from '../daemon/jacod-process.ts';
import { parseVersion } from '../release/parse-version.ts';
import type { Version } from '../release/version.ts';
import { jacodVersion, type VersionOrReason } from './jacod-version.ts';

/** The release by which a fault of a daemon is judged. Time in ms since the epoch. */
export type JudgedRelease = {
  readonly version: Version;
  /** The version and its source, or why it is unknown, in words. */
  readonly described: string;
  /** The version of the file that the next start runs; null if unknown. */
  readonly installed: Version | null;
  /** When that daemon started; null if unknown. */
  readonly startedAtMs: number | null;
  /** Why the daemon may be older than its file; null if its version is known, or if there is no sign of that. */
  readonly maybeStale: string | null;
};

/**
 * The release of the daemon on this host: the version in its first log line, which the file and the package database
 * may contradict (docs/jaco-daemon/releases.md#versions). Without that line the file counts, if the process still runs
 * from it.
 */
export const runningRelease = derive({
  name: 'jaco.running-release',
  from: { version: attempt(jacodVersion), process: attempt(jacodProcess) },
  derive({ version, process }) {
    const main = factOf(process)?.main ?? null;
    const exe = main?.exe ?? null;
    const startedAtMs = main?.startedAtMs ?? null;
    const known = factOf(version);
    const installed = known?.installed.kind === 'known' ? parseVersion(known.installed.version, 'binary') : null;
    if (known === null)
      return value<JudgedRelease>({
        version: { kind: 'unknown', text: '' },
        described: version.kind === 'failed' ? version.failure.detail : 'the release is not visible from here',
        installed,
        startedAtMs,
        maybeStale: null,
      });
    if (known.running.kind === 'known') return value(judgedBy(known.running, installed, startedAtMs));
    if (known.installed.kind === 'known' && exe !== null && !exe.deleted)
      return value(judgedBy(known.installed, installed, startedAtMs));
    return value<JudgedRelease>({
      version: { kind: 'unknown', text: '' },
      described: known.running.reason,
      installed,
      startedAtMs,
      maybeStale: exe?.deleted ? `${exe.path} was replaced after the daemon started` : null,
    });
  },
});

function judgedBy(
  versioned: Extract<VersionOrReason, { kind: 'known' }>,
  installed: Version | null,
  startedAtMs: number | null,
): JudgedRelease {
  const { version, source } = versioned;
  return {
    version: parseVersion(version, 'binary'),
    described: `${version} (${source})`,
    installed,
    startedAtMs,
    maybeStale: null,
  };
}
