import { dirname } from 'node:path';
import { failed, type Outcome, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { readAccounts } from '../../io/accounts.ts';
import { readBytes } from '../../io/files.ts';
import { devicePath, readMounts } from '../../io/mounts.ts';
import { probe } from '../jaco-probe.ts';
import { identifyDaemon } from './identify-daemon.ts';
import { inspectProcess, type Jacod, jacodIds } from './inspect-process.ts';
import { type JacodConfig, jacodConfig } from './jacod-config.ts';
import { controlSocketPath } from './socket-path.ts';
import { unit } from './unit.ts';

export type { Jacod } from './inspect-process.ts';

/** The daemon's process, and all others with its name on this host. */
export type JacodProcess = {
  /** Null if none is running. */
  readonly main: Jacod | null;
  /** Whether systemd named it, or it was found among all processes. */
  readonly from: 'unit' | 'scan';
  /** Whether the daemon sees another directory than the host at the socket's path; null if that is not visible. */
  readonly socketDirPrivate: boolean | null;
  /** Other jacod processes, and whether they use the same data directory (null: unknown). */
  readonly others: readonly { readonly jacod: Jacod; readonly sameDataDir: boolean | null }[];
};

/** The accuracy of a process's start time, in ms: it is relative to the boot time, which is known to the second. */
export const START_ACCURACY_MS = 2_000;

/** The daemon's process, with or without systemd. */
export const jacodProcess = probe({
  name: 'jaco.process',
  right: 'root',
  after: { unit: attempt(unit), config: attempt(jacodConfig), path: attempt(controlSocketPath) },
  deadlineMs: 2_000,
  async collect(io, { unit, config, path }): Promise<Result<JacodProcess>> {
    if (io.settings.standIn !== null) return value(await standInProcess(io.settings.standIn.runningSinceMs));
    io.phase('scan');
    const mainPid = unit.kind === 'value' ? unit.value.service.mainPid : null;
    const pids = new Set([...(mainPid === null ? [] : [mainPid]), ...(await jacodIds())]);
    const inspected = await Promise.all([...pids].map(inspectProcess));
    const jacods = inspected.filter((one) => one !== null && one.state !== 'Z') as readonly Jacod[];
    // A user who names a configuration means the daemon that reads it, even if systemd runs another one.
    const named = io.settings.config;
    const { main, hidden } = identifyDaemon(jacods, { named, mainPid, config });
    const isNamed = named !== null && main?.configPath === named;
    if (mainPid !== null && !isNamed && main?.pid !== mainPid && !inspected.some((one) => one?.pid === mainPid))
      return missingProcess(mainPid);
    if (hidden !== null) return hiddenProcess(hidden);
    const others = jacods.filter((one) => one !== main);
    const socketPath = path.kind === 'value' ? path.value.path : null;
    return value({
      main,
      from: main !== null && main.pid === mainPid ? 'unit' : 'scan',
      socketDirPrivate:
        main === null || socketPath === null ? null : await seesOtherFolder(main.pid, dirname(socketPath)),
      others: await Promise.all(
        others.map(async (jacod) => ({ jacod, sameDataDir: await sharesDataDir(jacod, main, config) })),
      ),
    });
  },
});

/**
 * systemd names a process that /proc does not show. It has just ended, or processes of other users are hidden from this
 * user.
 */
function missingProcess(pid: number): Result<JacodProcess> {
  const detail = `systemd names pid ${pid} as the daemon, but /proc has no such process`;
  return process.geteuid?.() === 0
    ? failed('absent', 'scan', `${detail}: it just exited, or /proc is not the host's`)
    : failed('denied', 'scan', `${detail} to this user`);
}

/** A jacod is running, and it is unknown whether it is this host's daemon. */
function hiddenProcess({ pid, user }: Jacod): Result<JacodProcess> {
  const owner = user === null ? '' : ` of user ${user}`;
  return failed(
    'denied',
    'scan',
    `whether jacod with pid ${pid}${owner} is this host's daemon is not known: this user cannot see which configuration it reads`,
  );
}

/**
 * Compares the directory as the daemon and the host see it. A directory that was removed below the daemon shows as
 * `//deleted` there.
 */
async function seesOtherFolder(pid: number, folder: string): Promise<boolean | null> {
  const [daemonMounts, ownMounts] = await Promise.all([readMounts(pid), readMounts('self')]);
  if (daemonMounts === null || ownMounts === null) return null;
  const real = folder.replace(/^\/var\/run(?=\/|$)/, '/run');
  return devicePath(daemonMounts, real) !== devicePath(ownMounts, real);
}

async function sharesDataDir(other: Jacod, main: Jacod | null, config: Outcome<JacodConfig>): Promise<boolean | null> {
  if (other.configPath === null || config.kind !== 'value' || config.value.settings === null) return null;
  if (other.configPath === (main?.configPath ?? config.value.path)) return true;
  const read = await readBytes(other.configPath);
  const { defaultSettings, parseConfig } = await import('./jacod-config/parse-config.ts');
  if (read.kind === 'failed')
    return read.failure.why === 'absent' ? config.value.settings.dataDir === defaultSettings().dataDir : null;
  const settings = parseConfig(read.bytes).settings;
  return settings === null ? null : settings.dataDir === config.value.settings.dataDir;
}

/** The stand-in's daemon runs in this process. */
async function standInProcess(runningSinceMs: number | null): Promise<JacodProcess> {
  const uid = process.geteuid?.() ?? null;
  const here = {
    pid: process.pid,
    state: 'S',
    uid,
    user: uid === null ? null : ((await readAccounts()).user(uid)?.name ?? null),
    exe: null,
    configPath: null,
  };
  const main = runningSinceMs === null ? null : { ...here, startedAtMs: runningSinceMs };
  return { main, from: 'scan', socketDirPrivate: false, others: [] };
}
