import { failed, type Result } from '../../../../engine/outcome.ts';
import { changedMs, inspectPath } from '../../../io/files.ts';
import { readProcessStat } from '../../../io/processes.ts';
import { inspectProcess, type Jacod, jacodIds } from '../inspect-process.ts';
import type { ServiceState } from '../unit.ts';
import { DEFAULT_CONFIG_PATH } from './default-config-path.ts';

/**
 * The source of the file's path: the user, the unit, the running daemon, or none of them, so that the daemon uses its
 * default.
 */
export type ConfigChoice = { readonly path: string; readonly from: 'given' | 'unit' | 'process' | 'default' };

/**
 * The file that the daemon reads. If the unit and its running daemon differ, the unit takes precedence only if it was
 * changed after the daemon's start, because the next start then reads another file. Fails if neither shows the path; a
 * default is not assumed then.
 */
export async function chooseConfigPath(
  given: string | null,
  service: ServiceState | null,
): Promise<{ readonly kind: 'chosen'; readonly choice: ConfigChoice } | Extract<Result, { kind: 'failed' }>> {
  if (given !== null) return chosen(given, 'given');
  return service === null ? withoutUnit() : ofUnit(service);
}

function chosen(path: string, from: ConfigChoice['from']): { readonly kind: 'chosen'; readonly choice: ConfigChoice } {
  return { kind: 'chosen', choice: { path, from } };
}

async function ofUnit(service: ServiceState) {
  const running = service.mainPid === null ? null : await daemonOf(service.mainPid);
  const read = running?.configPath ?? null;
  if (service.configUnknown !== null) {
    if (read !== null) return chosen(read, 'process');
    const why = process.geteuid?.() === 0 ? 'unreadable' : 'denied';
    return failed(why, 'unit', `which file jacod reads is unknown: ${service.configUnknown}`);
  }
  const path = service.configPath ?? DEFAULT_CONFIG_PATH;
  if (read !== null && read !== path && !(await isChangedSince(service.configNamedIn, running?.startedAtMs ?? null)))
    return chosen(read, 'process');
  return chosen(path, service.configPath === null ? 'default' : 'unit');
}

/**
 * Without a unit, one running daemon shows the file. If its environment is hidden, a missing default file proves
 * nothing.
 */
async function withoutUnit() {
  const inspected = await Promise.all((await jacodIds()).map(inspectProcess));
  const [only, ...others] = inspected.filter((one) => one !== null && one.state !== 'Z') as readonly Jacod[];
  if (only === undefined || others.length > 0) return chosen(DEFAULT_CONFIG_PATH, 'default');
  const read = only.configPath;
  if (read !== null) return chosen(read, read === DEFAULT_CONFIG_PATH ? 'default' : 'process');
  if ((await inspectPath(DEFAULT_CONFIG_PATH)).kind !== 'absent') return chosen(DEFAULT_CONFIG_PATH, 'default');
  return failed('denied', 'process', `only root and the user of jacod (pid ${only.pid}) can see which file it reads`);
}

/** The daemon of a unit: its main process, or a child of it if a shell waits for it. */
async function daemonOf(mainPid: number): Promise<Jacod | null> {
  const main = await readProcessStat(mainPid);
  if (main === null || main.comm === 'jacod') return main && inspectProcess(mainPid);
  for (const pid of await jacodIds()) if ((await readProcessStat(pid))?.parent === mainPid) return inspectProcess(pid);
  return null;
}

async function isChangedSince(paths: readonly string[], startedAtMs: number | null): Promise<boolean> {
  const times = await Promise.all(paths.map(changedMs));
  return startedAtMs === null || times.some((time) => time !== null && time > startedAtMs);
}
