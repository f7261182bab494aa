import { dirname } from 'node:path';
import { type Outcome, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { type Accounts, readAccounts } from '../../io/accounts.ts';
import { changedMs, inspectPath, type PathStatus, readBytes } from '../../io/files.ts';
import { type Credentials, isPermitted } from '../../io/permissions.ts';
import { probe } from '../jaco-probe.ts';
import { chooseConfigPath } from './jacod-config/choose-config-path.ts';
import type { ConfigProblem, JacodSettings } from './jacod-config/settings.ts';
import { type Units, unit } from './unit.ts';

export type { ConfigProblem, JacodSettings } from './jacod-config/settings.ts';

/** The current jacod.yaml, parsed with the daemon's own rules. */
export type JacodConfig = {
  readonly path: string;
  /** The source of the path: the user, the unit (its JACO_CONFIG or --config), the running daemon, or none of them. */
  readonly from: 'given' | 'unit' | 'process' | 'default';
  /** False if there is no file. The daemon then uses all defaults. */
  readonly present: boolean;
  /**
   * Null if the file is not YAML, or if the daemon cannot read it. With another problem: the values that were parsed,
   * and defaults for the rest.
   */
  readonly settings: JacodSettings | null;
  readonly problem: ConfigProblem | null;
  /** When its content, name, owner or mode last changed (ctime): a copied file may keep its old modification time. */
  readonly changedAtMs: number | null;
  /** Permission bits. */
  readonly mode: number | null;
  readonly owner: string | null;
  readonly group: string | null;
  /** The user of the unit; null if no unit shows it, or if the unit reads another file. */
  readonly daemonUser: string | null;
  /** Whether that user can read the file, by modes and groups; null if unknown. */
  readonly readableByDaemon: boolean | null;
};

/** The content of jacod.yaml. Fails with `denied` if the doctor itself may not read it. */
export const jacodConfig = probe({
  name: 'jaco.config',
  after: { unit: attempt(unit) },
  deadlineMs: 1_000,
  async collect(io, { unit }, signal): Promise<Result<JacodConfig>> {
    const service = loadedService(unit);
    io.phase('path');
    const which = await chooseConfigPath(io.settings.config, service);
    if (which.kind === 'failed') return which;
    const { path, from } = which.choice;
    io.phase('read');
    const [pathStatus, read, accounts] = await Promise.all([inspectPath(path), readBytes(path), readAccounts()]);
    // The file that the user names may belong to another daemon, or to no daemon yet.
    const others = from === 'given' && service?.configPath != null && path !== service.configPath;
    const daemonUser = service === null || others ? null : service.user || 'root';
    const fact = { path, from, daemonUser, ...(await ownership(path, pathStatus, accounts)) } as const;
    if (pathStatus.kind === 'absent') {
      const { defaultSettings } = await import('./jacod-config/parse-config.ts');
      return value({ ...fact, present: false, settings: defaultSettings(), problem: null, readableByDaemon: null });
    }
    const readableByDaemon = await readableBy(path, pathStatus, daemonUser, accounts);
    const unreadable = unreadableProblem(path, pathStatus, readableByDaemon);
    if (unreadable !== null)
      return value({ ...fact, present: true, settings: null, problem: unreadable, readableByDaemon });
    if (read.kind === 'failed') return read;
    const { parseConfig } = await import('./jacod-config/parse-config.ts');
    if (signal.aborted) return { kind: 'failed', failure: { why: 'timeout', phase: 'read', detail: path } };
    return value({ ...fact, present: true, ...parseConfig(read.bytes), readableByDaemon });
  },
});

function loadedService(unit: Outcome<Units>): Units['service'] | null {
  return unit.kind === 'value' && unit.value.service.load === 'loaded' ? unit.value.service : null;
}

async function ownership(path: string, pathStatus: PathStatus, accounts: Accounts) {
  if (pathStatus.kind !== 'there') return { mode: null, owner: null, group: null, changedAtMs: null };
  const changedAtMs = await changedMs(path);
  return {
    mode: pathStatus.mode,
    owner: accounts.userName(pathStatus.uid),
    group: accounts.groupName(pathStatus.gid),
    changedAtMs,
  };
}

async function readableBy(
  path: string,
  pathStatus: PathStatus,
  user: string | null,
  accounts: Accounts,
): Promise<boolean | null> {
  const owner: Credentials | null = user === null ? null : accounts.user(user);
  if (owner === null || pathStatus.kind !== 'there') return null;
  let folder = dirname(path);
  for (;;) {
    const above = await inspectPath(folder);
    if (above.kind !== 'there') return null;
    if (!isPermitted(owner, 'enter', above)) return false;
    if (folder === dirname(folder)) return isPermitted(owner, 'read', pathStatus);
    folder = dirname(folder);
  }
}

/** What prevents the daemon from reading the file, in the daemon's words. */
function unreadableProblem(path: string, pathStatus: PathStatus, readable: boolean | null): ConfigProblem | null {
  const problem = { line: null, column: null, key: null, value: null } as const;
  if (pathStatus.kind === 'there' && pathStatus.type === 'directory')
    return {
      kind: 'unreadable',
      cause: 'is-directory',
      message: `read ${path}: read ${path}: is a directory`,
      ...problem,
    };
  if (readable === false)
    return {
      kind: 'unreadable',
      cause: 'unreadable',
      message: `read ${path}: open ${path}: permission denied`,
      ...problem,
    };
  return null;
}
