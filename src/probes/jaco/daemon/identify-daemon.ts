import type { Outcome } from '../../../engine/outcome.ts';
import type { Jacod } from './inspect-process.ts';
import type { JacodConfig } from './jacod-config.ts';

/**
 * The sources that identify the daemon of this run: a given configuration, and the process that systemd has for the
 * unit.
 */
export type DaemonSources = {
  readonly named: string | null;
  readonly mainPid: number | null;
  readonly config: Outcome<Pick<JacodConfig, 'path'>>;
};

/** The daemon among the processes named jacod. `hidden`: none is known to be the daemon, but this one may be. */
export type IdentifiedDaemon = { readonly main: Jacod | null; readonly hidden: Jacod | null };

/**
 * Chooses the daemon. systemd, or the file that a process reads, ties it to this host's configuration. A process whose
 * file is not visible may belong to a container or another node, so it is never taken for the daemon.
 */
export function identifyDaemon(jacods: readonly Jacod[], { named, mainPid, config }: DaemonSources): IdentifiedDaemon {
  const reads = (path: string | null): Jacod | null =>
    path === null ? null : oldest(jacods.filter(({ configPath }) => configPath === path));
  const main =
    reads(named) ??
    jacods.find(({ pid }) => pid === mainPid) ??
    reads(config.kind === 'value' ? config.value.path : null);
  const unseen = jacods.filter(({ configPath }) => configPath === null || config.kind !== 'value');
  return { main, hidden: main === null ? oldest(unseen) : null };
}

function oldest(jacods: readonly Jacod[]): Jacod | null {
  return [...jacods].sort((a, b) => (a.startedAtMs ?? 0) - (b.startedAtMs ?? 0) || a.pid - b.pid)[0] ?? null;
}
