import type { PathStatus } from '../../../io/files.ts';
import { isUnder } from '../../../io/mounts.ts';
import { type Credentials, isPermitted } from '../../../io/permissions.ts';

/** The rights of the daemon's user to its data. `why` is a sentence that names path, owner and mode. */
export type DaemonAccess =
  /** `unseen` is the first path inside that the doctor may not read; it is assumed to be accessible. */
  | { readonly kind: 'full'; readonly unseen: string | null }
  /** Owner, mode or user is unknown. */
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'unreadable'; readonly cause: 'wrong-owner' | 'wrong-mode'; readonly why: string }
  | {
      readonly kind: 'unwritable';
      readonly cause: 'wrong-owner' | 'wrong-mode' | 'outside-unit' | 'read-only-mount';
      readonly why: string;
    };

/** A path between the root and the raft log, with the names of owner and group if they are visible. */
export type PathStep = {
  readonly path: string;
  readonly status: PathStatus;
  readonly owner: string;
  readonly group: string;
};

type User = Credentials & { readonly name: string };

/**
 * Judges by mode bits whether `user` can reach and write its raft log. `folders` lead from the root to the data
 * directory; `inside` are raft/, raft/log.db and node/, if they exist.
 */
export function judgeAccess(
  user: User | null,
  folders: readonly PathStep[],
  inside: readonly PathStep[],
): DaemonAccess {
  if (user === null) return { kind: 'unknown', why: 'the user of the daemon is unknown' };
  const dataDir = folders.at(-1);
  let unseen: string | null = null;
  for (const step of [...folders, ...inside]) {
    const { path, status: pathStatus } = step;
    if (pathStatus.kind === 'absent' && step === dataDir) return creatable(user, folders);
    if (pathStatus.kind === 'absent') continue;
    if (pathStatus.kind === 'denied' && inside.includes(step)) {
      // The daemon created it in its own directory. It matters only if that is not so.
      unseen ??= path;
      continue;
    }
    if (pathStatus.kind !== 'there') return { kind: 'unknown', why: `${path} cannot be examined` };
    if (pathStatus.type === 'directory' && !isPermitted(user, 'enter', pathStatus))
      return deniedAccess('unreadable', user, step, 'cannot enter');
    if (pathStatus.type === 'file' && !isPermitted(user, 'read', pathStatus))
      return deniedAccess('unreadable', user, step, 'cannot read');
  }
  const own = [...(dataDir === undefined ? [] : [dataDir]), ...inside];
  const closed = own.find(
    ({ status: pathStatus }) => pathStatus.kind === 'there' && !isPermitted(user, 'write', pathStatus),
  );
  return closed === undefined ? { kind: 'full', unseen } : deniedAccess('unwritable', user, closed, 'cannot write to');
}

function creatable(user: User, folders: readonly PathStep[]): DaemonAccess {
  const above = folders.findLast(({ status: pathStatus }) => pathStatus.kind === 'there');
  if (above === undefined || above.status.kind !== 'there')
    return { kind: 'unknown', why: 'none of its parent directories can be examined' };
  if (isPermitted(user, 'write', above.status)) return { kind: 'full', unseen: null };
  const { why, ...rest } = deniedAccess('unwritable', user, above, 'cannot write to');
  return { ...rest, why: `${folders.at(-1)?.path} does not exist and cannot be created: ${why}` };
}

function deniedAccess(
  kind: 'unreadable' | 'unwritable',
  user: User,
  step: PathStep,
  action: string,
): Extract<DaemonAccess, { cause: string }> {
  const pathStatus = step.status as Extract<PathStatus, { kind: 'there' }>;
  const mode = pathStatus.mode.toString(8).padStart(4, '0');
  const why = `user ${user.name} ${action} ${step.path}, which belongs to ${step.owner}:${step.group} with mode ${mode}`;
  return { kind, cause: pathStatus.uid === user.uid ? 'wrong-mode' : 'wrong-owner', why };
}

/** The paths that the unit lets its process write to; null if no unit limits it. */
export type Sandbox = { readonly protectSystem: string; readonly writable: readonly string[] };

/** Whether ProtectSystem= makes a path read-only for the unit (systemd.exec(5)). */
export function isReadOnlyForUnit(path: string, { protectSystem, writable }: Sandbox): boolean {
  if (writable.some((open) => isUnder(path, open))) return false;
  if (protectSystem === 'strict') return !['/dev', '/proc', '/sys'].some((open) => isUnder(path, open));
  const closed = protectSystem === 'no' ? [] : ['/usr', '/boot', '/efi', ...(protectSystem === 'full' ? ['/etc'] : [])];
  return closed.some((folder) => isUnder(path, folder));
}
