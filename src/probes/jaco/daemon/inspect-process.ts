import { resolve } from 'node:path';
import { protectEnvironment } from '../../../vault/protect-environment.ts';
import { readAccounts } from '../../io/accounts.ts';
import { inspectPath, isSameFile, readLinkTarget, readText } from '../../io/files.ts';
import { bootTimeMs, findProcesses, readProcessStat, startedAtMs } from '../../io/processes.ts';
import { DEFAULT_CONFIG_PATH } from './jacod-config/default-config-path.ts';
import { configArgument } from './unit/config-argument.ts';
import { splitAtEquals } from './unit/config-source.ts';

/** One running jacod. Times in ms since the epoch. */
export type Jacod = {
  readonly pid: number;
  readonly startedAtMs: number | null;
  /** The kernel's letter: R, S, T stopped, t traced, D waiting for a device, Z zombie. */
  readonly state: string;
  readonly uid: number | null;
  readonly user: string | null;
  /** Its program file; null if the link may not be read. */
  readonly exe: { readonly path: string; readonly deleted: boolean } | null;
  /** The configuration file that it was told to read; null if its command line or environment may not be read. */
  readonly configPath: string | null;
};

const DELETED = ' (deleted)';

/**
 * Ids of all daemons named jacod. A process that only prints its version does not count, nor does one in a container,
 * where the same path is another file.
 */
export async function jacodIds(): Promise<readonly number[]> {
  const named = await findProcesses('jacod');
  const ours = await Promise.all(named.map(async (pid) => !(await asksVersion(pid)) && !(await isContained(pid))));
  return named.filter((_, index) => ours[index]);
}

/** Whether a process has another root directory; if that is not visible, whether it has its own PID namespace. */
async function isContained(pid: number): Promise<boolean> {
  const sameRoot = await isSameFile(`/proc/${pid}/root/`, '/');
  if (sameRoot !== null) return !sameRoot;
  const status = await readText(`/proc/${pid}/status`);
  return status.kind === 'text' && hasOwnPids(status.text);
}

/** Whether /proc/PID/status, which every user may read, lists another id in a PID namespace below the doctor's. */
export function hasOwnPids(status: string): boolean {
  return /^NSpid:\t\d+\t\d/m.test(status);
}

async function asksVersion(pid: number): Promise<boolean> {
  const command = await readText(`/proc/${pid}/cmdline`);
  return command.kind === 'text' && command.text.split('\0').some((word) => /^--?version$/.test(word));
}

/** The visible state of a process; null if it has ended. */
export async function inspectProcess(pid: number): Promise<Jacod | null> {
  const [stat, pathStatus, accounts, bootMs, link, configPath] = await Promise.all([
    readProcessStat(pid),
    inspectPath(`/proc/${pid}`),
    readAccounts(),
    bootTimeMs(),
    readLinkTarget(`/proc/${pid}/exe`),
    configPathOf(pid),
  ]);
  if (stat === null) return null;
  const uid = pathStatus.kind === 'there' ? pathStatus.uid : null;
  return {
    pid,
    startedAtMs: startedAtMs(stat, bootMs),
    state: stat.state,
    uid,
    user: uid === null ? null : accounts.userName(uid),
    exe:
      link === null
        ? null
        : { path: link.endsWith(DELETED) ? link.slice(0, -DELETED.length) : link, deleted: link.endsWith(DELETED) },
    configPath,
  };
}

/**
 * `--config`, else JACO_CONFIG, else the default, as the daemon chooses, relative to its own directory; null if it
 * cannot be read. Only the owner and root can read the environment.
 */
async function configPathOf(pid: number): Promise<string | null> {
  const path = await writtenConfigPath(pid);
  if (path === null || path.startsWith('/')) return path;
  const folder = await readLinkTarget(`/proc/${pid}/cwd`);
  return folder === null ? null : resolve(folder, path);
}

async function writtenConfigPath(pid: number): Promise<string | null> {
  const command = await readText(`/proc/${pid}/cmdline`);
  if (command.kind !== 'text') return null;
  const argument = configArgument(command.text.split('\0').slice(1));
  if (argument !== null) return argument;
  const environment = await readText(`/proc/${pid}/environ`);
  if (environment.kind !== 'text') return null;
  const variables = new Map(environment.text.split('\0').map((entry) => splitAtEquals(entry)));
  protectEnvironment(variables, ' of the daemon');
  return variables.get('JACO_CONFIG') || DEFAULT_CONFIG_PATH;
}
