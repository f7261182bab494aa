import { join } from 'node:path';
import { failed, type Outcome, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { readAccounts } from '../../io/accounts.ts';
import { type DiskSpace, readDiskSpace } from '../../io/disk-space.ts';
import { inspectPath, listFolder, readLinkTarget } from '../../io/files.ts';
import { probe } from '../jaco-probe.ts';
import { daemonAccess } from './data-dir/daemon-access.ts';
import type { DaemonAccess } from './data-dir/judge-access.ts';
import { lockHoldersOn } from './data-dir/locks.ts';
import { certificatesIn, peersIn, readAccess } from './data-dir/node-files.ts';
import { jacodConfig } from './jacod-config.ts';
import { type JacodProcess, jacodProcess } from './jacod-process.ts';
import { type Units, unit } from './unit.ts';

export type { DaemonAccess } from './data-dir/judge-access.ts';

/** The daemon's data directory, by owner, mode and content of its own files. Sizes in bytes. */
export type DataDir = {
  readonly path: string;
  /** `denied` is the doctor's own missing right. */
  readonly seen: 'there' | 'absent' | 'denied' | 'not-a-directory' | 'unreadable';
  readonly owner: string | null;
  readonly group: string | null;
  readonly mode: number | null;
  /** raft/log.db: its presence is what makes this host a member (docs/jaco-daemon/daemon.md#files). */
  readonly raftState: 'present' | 'absent' | 'denied' | 'unreadable';
  /** Hostnames of node/*.crt without ca.crt, sorted; null if they may not be listed. */
  readonly certificates: readonly string[] | null;
  readonly caCert: 'readable' | 'absent' | 'denied' | 'unreadable';
  /** peer_addrs of node/join.json; null if there is none or it may not be read. */
  readonly peers: readonly string[] | null;
  /** The user of the daemon; null if neither unit nor process shows it. */
  readonly daemonUser: string | null;
  /** That user's rights to the directory, by owners, modes and the unit's sandbox. */
  readonly access: DaemonAccess;
  /** Its file system; null if that cannot be read. */
  readonly space: DiskSpace | null;
  /** Processes that hold the lock of raft/log.db; null if that is not visible. */
  readonly lockHolders: readonly number[] | null;
};

/** The data directory. Never opens the raft store. */
export const dataDir = probe({
  name: 'jaco.data-dir',
  right: 'root',
  after: { unit: attempt(unit), config: jacodConfig, process: attempt(jacodProcess) },
  deadlineMs: 2_000,
  async collect(io, { unit, config, process }): Promise<Result<DataDir>> {
    const path = config.settings?.dataDir ?? (await openedBy(process));
    if (path === null)
      return failed(
        'withheld',
        'config',
        `data_dir is unknown: ${config.path} cannot be parsed as the daemon parses it`,
        jacodConfig,
      );
    io.phase('stat');
    const accounts = await readAccounts();
    const [folder, node, log] = await Promise.all([
      inspectPath(path),
      join(path, 'node'),
      inspectPath(join(path, 'raft', 'log.db')),
    ]);
    const user = daemonUserOf(unit, process);
    const [certificates, caCert, peers, space, lockHolders, access] = await Promise.all([
      certificatesIn(node),
      readAccess(join(node, 'ca.crt')),
      peersIn(join(node, 'join.json')),
      readDiskSpace(path),
      lockHoldersOn(join(path, 'raft', 'log.db')),
      daemonAccess(path, user, accounts, unit, process),
    ]);
    return value({
      path,
      seen: folder.kind === 'there' && folder.type !== 'directory' ? 'not-a-directory' : folder.kind,
      owner: folder.kind === 'there' ? accounts.userName(folder.uid) : null,
      group: folder.kind === 'there' ? accounts.groupName(folder.gid) : null,
      mode: folder.kind === 'there' ? folder.mode : null,
      raftState: log.kind === 'there' ? 'present' : log.kind,
      certificates,
      caCert,
      peers,
      daemonUser: user,
      access,
      space,
      lockHolders,
    });
  },
});

function daemonUserOf(unit: Outcome<Units>, process: Outcome<JacodProcess>): string | null {
  // The process takes precedence over the unit, whose User= may have changed since. A daemon that was started manually
  // has no unit.
  const running = process.kind === 'value' ? (process.value.main?.user ?? null) : null;
  if (running !== null) return running;
  return unit.kind === 'value' && unit.value.service.load === 'loaded' ? unit.value.service.user || 'root' : null;
}

/**
 * The data directory of a running daemon, from its open raft log, because its configuration file may have become
 * invalid since. Null if no daemon runs, none is open, or only root can see it.
 */
async function openedBy(process: Outcome<JacodProcess>): Promise<string | null> {
  const pid = process.kind === 'value' ? (process.value.main?.pid ?? null) : null;
  if (pid === null) return null;
  const open = await listFolder(`/proc/${pid}/fd`);
  if (open.kind !== 'names') return null;
  const links = await Promise.all(open.names.map((fd) => readLinkTarget(`/proc/${pid}/fd/${fd}`)));
  return links.flatMap((link) => /^(\/.*)\/raft\/log\.db$/.exec(link ?? '')?.[1] ?? [])[0] ?? null;
}
