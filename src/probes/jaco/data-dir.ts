import { stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failed, type Outcome, type Result, value } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { type Accounts, readAccounts } from '../io/accounts.ts';
import { list, readText, type Seen, see } from '../io/files.ts';
import { probe } from '../io/io.ts';
import { mountOf, readMounts } from '../io/mounts.ts';
import { jacodConfig } from './config.ts';
import { accessOf, closedByUnit, type DaemonAccess, type Step } from './data-dir/access.ts';
import { deviceName, type Locks, locksOf } from './data-dir/locks.ts';
import { type JacodProcess, jacodProcess } from './process.ts';
import { type Units, unit } from './unit.ts';

export type { DaemonAccess } from './data-dir/access.ts';

/** The daemon's data directory, by owner, mode and content of its own files. Sizes in bytes. */
export type DataDir = {
  readonly path: string;
  /** `denied` is the doctor's own missing right. */
  readonly seen: 'there' | 'absent' | 'denied' | 'not-a-directory' | 'unreadable';
  readonly owner: string | null;
  readonly group: string | null;
  readonly mode: number | null;
  /** raft/log.db: its presence is what makes this host a member (contract 3.3). */
  readonly raftState: 'present' | 'absent' | 'denied' | 'unreadable';
  /** Size of raft/log.db. */
  readonly logBytes: number | null;
  /** Hostnames of node/*.crt without ca.crt, sorted; null where they may not be listed. */
  readonly certificates: readonly string[] | null;
  readonly caCert: 'readable' | 'absent' | 'denied' | 'unreadable';
  /** peer_addrs of node/join.json; null where there is none or it may not be read. */
  readonly peers: readonly string[] | null;
  /** Who the daemon runs as; null where neither unit nor process says. */
  readonly daemonUser: string | null;
  /** What that user may do here, by owners, modes and the unit's sandbox. */
  readonly access: DaemonAccess;
  /** The file system under it; null where it cannot be asked. Free is what the daemon may use. Inodes are null where there is no such count. */
  readonly space: {
    readonly mount: string | null;
    readonly freeBytes: number;
    readonly totalBytes: number;
    readonly freeInodes: number | null;
    readonly totalInodes: number | null;
  } | null;
  /** Processes that hold the lock of raft/log.db; null where that cannot be seen. */
  readonly lockHolders: readonly number[] | null;
  /** Processes that wait for it in the kernel; a second jacod does not, it asks again and again. */
  readonly lockWaiters: readonly number[] | null;
};

/** The data directory. Never opens the raft store. */
export const dataDir = probe({
  name: 'jaco.data-dir',
  right: 'root',
  after: { unit: attempt(unit), config: jacodConfig, process: attempt(jacodProcess) },
  deadlineMs: 2_000,
  async collect(io, { unit, config, process }): Promise<Result<DataDir>> {
    const path = config.settings?.dataDir;
    if (path === undefined)
      return failed(
        'withheld',
        'config',
        `data_dir is not known: ${config.path} cannot be read as the daemon reads it`,
        jacodConfig,
      );
    io.phase('stat');
    const accounts = await readAccounts();
    const [folder, node, log] = await Promise.all([see(path), join(path, 'node'), see(join(path, 'raft', 'log.db'))]);
    const user = daemonUserOf(unit, process);
    const [certificates, caCert, peers, space, locks, access] = await Promise.all([
      certificatesIn(node),
      readability(join(node, 'ca.crt')),
      peersIn(join(node, 'join.json')),
      spaceOf(path),
      locksOn(join(path, 'raft', 'log.db')),
      daemonAccess(path, user, accounts, unit, process),
    ]);
    return value({
      path,
      seen: folder.kind === 'there' && folder.type !== 'directory' ? 'not-a-directory' : folder.kind,
      owner: folder.kind === 'there' ? accounts.userName(folder.uid) : null,
      group: folder.kind === 'there' ? accounts.groupName(folder.gid) : null,
      mode: folder.kind === 'there' ? folder.mode : null,
      raftState: log.kind === 'there' ? 'present' : log.kind,
      logBytes: log.kind === 'there' ? log.bytes : null,
      certificates,
      caCert,
      peers,
      daemonUser: user,
      access,
      space,
      lockHolders: locks?.holders ?? null,
      lockWaiters: locks?.waiters ?? null,
    });
  },
});

function daemonUserOf(unit: Outcome<Units>, process: Outcome<JacodProcess>): string | null {
  // A process outranks the unit, whose User= may have changed since; a daemon started by hand has no unit.
  const running = process.kind === 'value' ? (process.value.main?.user ?? null) : null;
  if (running !== null) return running;
  return unit.kind === 'value' && unit.value.service.load === 'loaded' ? unit.value.service.user || 'root' : null;
}

async function certificatesIn(node: string): Promise<readonly string[] | null> {
  const read = await list(node);
  if (read.kind !== 'names') return read.failure.why === 'absent' ? [] : null;
  return read.names.filter((name) => name.endsWith('.crt') && name !== 'ca.crt').map((name) => name.slice(0, -4));
}

async function readability(path: string): Promise<DataDir['caCert']> {
  const read = await readText(path);
  if (read.kind === 'text') return 'readable';
  const { why } = read.failure;
  return why === 'absent' || why === 'denied' ? why : 'unreadable';
}

async function peersIn(path: string): Promise<readonly string[] | null> {
  const read = await readText(path);
  if (read.kind !== 'text') return null;
  try {
    const { peer_addrs: peers } = JSON.parse(read.text) as { peer_addrs?: unknown };
    return Array.isArray(peers) ? peers.filter((one) => typeof one === 'string').slice(0, 1000) : null;
  } catch {
    return null;
  }
}

async function spaceOf(path: string): Promise<DataDir['space']> {
  try {
    const [info, mounts] = await Promise.all([statfs(path), readMounts('self')]);
    const counted = info.files > 0;
    return {
      mount: mounts === null ? null : (mountOf(mounts, path)?.point ?? null),
      freeBytes: info.bavail * info.bsize,
      totalBytes: info.blocks * info.bsize,
      freeInodes: counted ? info.ffree : null,
      totalInodes: counted ? info.files : null,
    };
  } catch {
    return null;
  }
}

async function locksOn(path: string): Promise<Locks | null> {
  const read = await readText('/proc/locks');
  const info = await stat(path).catch(() => null);
  return read.kind === 'text' && info !== null ? locksOf(read.text, deviceName(info.dev), String(info.ino)) : null;
}

async function daemonAccess(
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
  const byMode = accessOf(user, folders, files);
  if (byMode.kind === 'unreadable' || byMode.kind === 'unwritable') return byMode;
  return (await readOnly(path, service, process)) ?? byMode;
}

/** Why the place is read-only for the daemon whatever its modes; by the daemon's own mounts where they may be read. */
async function readOnly(
  path: string,
  service: Units['service'] | null,
  process: Outcome<JacodProcess>,
): Promise<DaemonAccess | null> {
  const pid = process.kind === 'value' ? (process.value.main?.pid ?? null) : null;
  const [theirs, ours] = await Promise.all([pid === null ? null : readMounts(pid), readMounts('self')]);
  const here = ours === null ? null : mountOf(ours, path);
  if (here?.readOnly)
    return {
      kind: 'unwritable',
      cause: 'read-only-mount',
      why: `${path} lies on ${here.point}, which is mounted read-only`,
    };
  if (theirs !== null) {
    const mount = mountOf(theirs, path);
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
  if (!closedByUnit(path, { protectSystem: service.protectSystem, writable })) return null;
  const why = `${path} is not among ReadWritePaths=${service.readWritePaths.join(' ')} of a unit with ProtectSystem=${service.protectSystem}`;
  return { kind: 'unwritable', cause: 'outside-unit', why };
}

function foldersTo(path: string): readonly string[] {
  return path === dirname(path) ? [path] : [...foldersTo(dirname(path)), path];
}

async function steps(paths: readonly string[], accounts: Accounts): Promise<readonly Step[]> {
  const seen: readonly Seen[] = await Promise.all(paths.map(see));
  return paths.map((path, index) => {
    const one = seen[index] as Seen;
    const known = one.kind === 'there';
    return {
      path,
      seen: one,
      owner: known ? accounts.userName(one.uid) : '?',
      group: known ? accounts.groupName(one.gid) : '?',
    };
  });
}
