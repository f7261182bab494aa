import type { PathStatus } from './files.ts';

/** A right to a path, from its mode bits. ACLs and security modules are ignored. */
export type Right = 'read' | 'write' | 'enter';

/** The ids of a process. Root has every right except on read-only mounts. */
export type Credentials = { readonly uid: number; readonly gids: readonly number[] };

const BIT: { readonly [R in Right]: number } = { read: 4, write: 2, enter: 1 };

/** Whether the mode bits grant a right: the bits of the owner, else of the group, else of others apply. */
export function isPermitted(
  credentials: Credentials,
  right: Right,
  path: Extract<PathStatus, { kind: 'there' }>,
): boolean {
  if (credentials.uid === 0) return true;
  const shift = path.uid === credentials.uid ? 6 : credentials.gids.includes(path.gid) ? 3 : 0;
  return ((path.mode >> shift) & BIT[right]) !== 0;
}
