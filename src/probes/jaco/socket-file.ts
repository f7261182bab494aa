import { failed, type Result } from '../../engine/outcome.ts';
import { probe } from '../io/io.ts';
import { controlSocketPath } from './socket-path.ts';

/** Owner and mode of a path; `type` is null where it is not there or cannot be looked at (`kind` says which). */
export type Owned = {
  readonly path: string;
  readonly kind: 'there' | 'absent' | 'denied' | 'unreadable';
  readonly type: 'file' | 'directory' | 'socket' | 'other' | null;
  readonly owner: string | null;
  readonly group: string | null;
  /** Permission bits. */
  readonly mode: number | null;
};

/** The control socket as the file system and the kernel's list of sockets show it. */
export type SocketFile = {
  readonly file: Owned;
  /** The folders above it, the nearest first, without the root. */
  readonly parents: readonly Owned[];
  /** Names under which a listening socket is bound to this path or its /run, /var/run alias. A name proves no file. */
  readonly bound: readonly string[];
  /** Who holds those sockets; null where that may not be seen (root only). */
  readonly holders: readonly { readonly pid: number; readonly program: string }[] | null;
};

/** What lies at the control socket's path, and who holds it. */
export const socketFile = probe({
  name: 'jaco.socket-file',
  after: { path: controlSocketPath },
  deadlineMs: 2_000,
  collect: async () => failed('unreadable', 'start', 'not written yet') as Result<SocketFile>,
});
