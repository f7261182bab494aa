import { dirname, join } from 'node:path';
import type { Outcome } from '../../../../engine/outcome.ts';
import type { Accounts } from '../../../io/accounts.ts';
import { inspectPath, type PathStatus } from '../../../io/files.ts';
import { mountOf, readMounts } from '../../../io/mounts.ts';
import type { JacodProcess } from '../jacod-process.ts';
import type { Units } from '../unit.ts';
import { type DaemonAccess, isReadOnlyForUnit, judgeAccess, type PathStep } from './judge-access.ts';

/** The rights of the daemon's user to the directory on this host, by modes, mounts and the unit's sandbox. */
export async function daemonAccess(
  path: string,
  name: string | null,
  accounts: Accounts,
  unit: Outcome<Units>,
  process: Outcome<JacodProcess>,
): Promise<DaemonAccess> {
  const service = unit.kind === 'value' && unit.value.service.load === 'loaded' ? unit.value.service : null;
  const account = name === null ? null : accounts.user(name);
  const extra = [service?.group, ...(service?.supplementaryGroups ?? [])].flatMap((group) =>
    group ? (accounts.groupId(group) ?? []) : [],
  );
  const user = account && { ...account, gids: [...account.gids, ...extra] };
  const inside = [join(path, 'raft'), join(path, 'raft', 'log.db'), join(path, 'node')];
  const [folders, files] = await Promise.all([steps([...foldersTo(path)], accounts), steps(inside, accounts)]);
  const byMode = judgeAccess(user, folders, files);
  if (byMode.kind === 'unreadable' || byMode.kind === 'unwritable') return byMode;
  return (await readOnly(path, service, process)) ?? byMode;
}

/**
 * Why the path is read-only for the daemon, independent of its modes; from the daemon's own mounts if they may be read.
 */
async function readOnly(
  path: string,
  service: Units['service'] | null,
  process: Outcome<JacodProcess>,
): Promise<DaemonAccess | null> {
  const pid = process.kind === 'value' ? (process.value.main?.pid ?? null) : null;
  const [daemonMounts, ownMounts] = await Promise.all([pid === null ? null : readMounts(pid), readMounts('self')]);
  const here = ownMounts === null ? null : mountOf(ownMounts, path);
  if (here?.readOnly)
    return {
      kind: 'unwritable',
      cause: 'read-only-mount',
      why: `${path} is on ${here.point}, which is mounted read-only`,
    };
  if (daemonMounts !== null) {
    const mount = mountOf(daemonMounts, path);
    if (!mount?.readOnly) return null;
    return {
      kind: 'unwritable',
      cause: 'outside-unit',
      why: `${path} is read-only for the daemon (pid ${pid}), by the sandbox of its unit`,
    };
  }
  if (service === null) return null;
  const writable = [
    ...service.readWritePaths,
    ...service.stateDirectories,
    ...(service.privateTmp ? ['/tmp', '/var/tmp'] : []),
  ];
  if (!isReadOnlyForUnit(path, { protectSystem: service.protectSystem, writable })) return null;
  const why = `${path} is not among ReadWritePaths=${service.readWritePaths.join(' ')} of a unit with ProtectSystem=${service.protectSystem}`;
  return { kind: 'unwritable', cause: 'outside-unit', why };
}

function foldersTo(path: string): readonly string[] {
  return path === dirname(path) ? [path] : [...foldersTo(dirname(path)), path];
}

async function steps(paths: readonly string[], accounts: Accounts): Promise<readonly PathStep[]> {
  const statuses: readonly PathStatus[] = await Promise.all(paths.map(inspectPath));
  return paths.map((path, index) => {
    const one = statuses[index] as PathStatus;
    const known = one.kind === 'there';
    return {
      path,
      status: one,
      owner: known ? accounts.userName(one.uid) : '?',
      group: known ? accounts.groupName(one.gid) : '?',
    };
  });
}
