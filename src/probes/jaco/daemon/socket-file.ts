import { dirname } from 'node:path';
import { type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { listeners } from '../../host/listeners.ts';
import { type Accounts, readAccounts } from '../../io/accounts.ts';
import { inspectPath } from '../../io/files.ts';
import { probe } from '../jaco-probe.ts';
import { isSameSocket } from './is-same-socket.ts';
import { controlSocketPath } from './socket-path.ts';

/** Owner and mode of a path. `type` and the rest are null if the path does not exist or cannot be read. */
export type PathOwner = {
  readonly path: string;
  readonly kind: 'there' | 'absent' | 'denied' | 'unreadable';
  readonly type: 'file' | 'directory' | 'socket' | 'other' | null;
  readonly owner: string | null;
  readonly group: string | null;
  /** Permission bits. */
  readonly mode: number | null;
};

/** The control socket in the file system and in the kernel's list of sockets. */
export type SocketFile = {
  readonly file: PathOwner;
  /** The directories above it, the nearest first, without the root. */
  readonly parents: readonly PathOwner[];
  /**
   * Names under which a listening socket is bound to this path or its alias in /run or /var/run; null if the list
   * cannot be read. A name does not prove that the file exists.
   */
  readonly bound: readonly string[] | null;
  /** The holders of those sockets; null if that is not visible (root only). */
  readonly holders: readonly { readonly pid: number; readonly program: string }[] | null;
};

/** The file at the control socket's path, and its holder. */
export const socketFile = probe({
  name: 'jaco.socket-file',
  after: { path: controlSocketPath, listeners: attempt(listeners) },
  deadlineMs: 1_000,
  async collect(_io, { path: { path }, listeners }): Promise<Result<SocketFile>> {
    const accounts = await readAccounts();
    const [file, ...parents] = await Promise.all([path, ...foldersAbove(path)].map((one) => owned(one, accounts)));
    const bound =
      listeners.kind === 'value' ? listeners.value.unix.filter((one) => isSameSocket(one.path, path)) : null;
    const visible = listeners.kind === 'value' && listeners.value.holdersVisible;
    return value({
      file: file as PathOwner,
      parents,
      bound: bound?.map((one) => one.path) ?? null,
      holders: visible && bound !== null ? bound.flatMap((one) => one.holders) : null,
    });
  },
});

function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) folders.push(folder);
  return folders;
}

async function owned(path: string, accounts: Accounts): Promise<PathOwner> {
  const pathStatus = await inspectPath(path);
  if (pathStatus.kind !== 'there')
    return { path, kind: pathStatus.kind, type: null, owner: null, group: null, mode: null };
  const { type, uid, gid, mode } = pathStatus;
  return { path, kind: 'there', type, owner: accounts.userName(uid), group: accounts.groupName(gid), mode };
}
