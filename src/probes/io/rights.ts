import type { PathStatus } from './files.ts';

/** What a process may do with a path by its mode bits. ACLs and security modules are not looked at. */
export type Right = 'read' | 'write' | 'enter';

/** Who asks: root passes everywhere but over read-only mounts. */
export type Credentials = { readonly uid: number; readonly gids: readonly number[] };

const BIT: { readonly [R in Right]: number } = { read: 4, write: 2, enter: 1 };

/** Whether the mode bits give that right: the owner's for the owner, else the group's for the group, else the others'. */
export function isPermitted(
  credentials: Credentials,
  right: Right,
  path: Extract<PathStatus, { kind: 'there' }>,
): boolean {
  if (credentials.uid === 0) return true;
  const shift = path.uid === credentials.uid ? 6 : credentials.gids.includes(path.gid) ? 3 : 0;
  return ((path.mode >> shift) & BIT[right]) !== 0;
}
