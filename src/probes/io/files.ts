import { constants, type Stats } from 'node:fs';
import { access, open, readdir, readlink, stat } from 'node:fs/promises';
import { type FailureWhy, failed, type Result } from '../../engine/outcome.ts';

/** Most bytes that are read of a file. On a healthy host no file that a probe reads is nearly this large. */
const MAX_FILE_BYTES = 1024 * 1024;
const PAGE_BYTES = 4_096;

/** The reason by the error code of the system. */
function failureWhy(error: unknown): FailureWhy {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'EACCES' || code === 'EPERM') return 'denied';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent';
  return 'unreadable';
}

/** A failure with the path and the error code of the system. */
function fileFailure(error: unknown, path: string): Extract<Result, { kind: 'failed' }> {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'error';
  return failed(failureWhy(error), 'read', `${path}: ${code}`);
}

/**
 * The content of a file of at most `maxBytes`, or why it cannot be read. Regular files only: reading a fifo would hang.
 */
export async function readBytes(
  path: string,
  maxBytes = MAX_FILE_BYTES,
): Promise<{ kind: 'bytes'; bytes: Buffer } | Extract<Result, { kind: 'failed' }>> {
  try {
    const info = await stat(path);
    if (!info.isFile()) return failed('unreadable', 'read', `${path}: not a regular file`);
    const handle = await open(path, 'r');
    try {
      // A /proc file has size 0 and gives one page a read, so it is read to its end. A run reads hundreds of them, so
      // the buffer grows as needed.
      let buffer = Buffer.allocUnsafe(Math.min(Math.max(info.size + 1, PAGE_BYTES), maxBytes + 1));
      let length = 0;
      while (length <= maxBytes) {
        if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(length * 4, maxBytes + 1));
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      if (length > maxBytes) return failed('unreadable', 'read', `${path}: larger than ${maxBytes} bytes`);
      return { kind: 'bytes', bytes: buffer.subarray(0, length) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return fileFailure(error, path);
  }
}

/** The content of a text file in UTF-8, read like {@link readBytes}. */
export async function readText(
  path: string,
  maxBytes = MAX_FILE_BYTES,
): Promise<{ kind: 'text'; text: string } | Extract<Result, { kind: 'failed' }>> {
  const read = await readBytes(path, maxBytes);
  return read.kind === 'failed' ? read : { kind: 'text', text: read.bytes.toString('utf8') };
}

/** Type, owner and mode of a path. `denied`: this process may not look, so the path may exist. */
export type PathStatus =
  | {
      readonly kind: 'there';
      readonly type: 'file' | 'directory' | 'socket' | 'other';
      readonly uid: number;
      readonly gid: number;
      /** Permission bits only. */
      readonly mode: number;
      readonly inode: string;
      readonly bytes: number;
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'unreadable'; readonly detail: string };

export async function inspectPath(path: string): Promise<PathStatus> {
  try {
    const info = await stat(path);
    const { uid, gid, ino, size, mode } = info;
    return { kind: 'there', type: typeOf(info), uid, gid, mode: mode & 0o7777, inode: String(ino), bytes: size };
  } catch (error) {
    const why = failureWhy(error);
    if (why === 'absent' || why === 'denied') return { kind: why };
    return { kind: 'unreadable', detail: String((error as NodeJS.ErrnoException).code) };
  }
}

function typeOf(info: Stats): 'file' | 'directory' | 'socket' | 'other' {
  if (info.isFile()) return 'file';
  if (info.isDirectory()) return 'directory';
  return info.isSocket() ? 'socket' : 'other';
}

/** Whether two paths are the same file or folder; null if one cannot be read. */
export async function isSameFile(first: string, second: string): Promise<boolean | null> {
  const infos = await Promise.all([first, second].map((path) => stat(path).catch(() => null)));
  const [a, b] = infos;
  return a == null || b == null ? null : a.dev === b.dev && a.ino === b.ino;
}

/** The sorted names in a folder, at most `max`. */
export async function listFolder(
  path: string,
  max = 1000,
): Promise<{ kind: 'names'; names: string[] } | Extract<Result, { kind: 'failed' }>> {
  try {
    return { kind: 'names', names: (await readdir(path)).sort().slice(0, max) };
  } catch (error) {
    return fileFailure(error, path);
  }
}

/** The target of a symbolic link; null if it cannot be read. */
export async function readLinkTarget(path: string): Promise<string | null> {
  return readlink(path).catch(() => null);
}

/** Whether this process can write to a path; a read-only mount counts too. */
export async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** When a file was last changed, in ms since the epoch; null if that cannot be read. */
export async function modifiedMs(path: string): Promise<number | null> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}

/**
 * When a file's content, name, owner or mode last changed (ctime), in ms since the epoch; null if that cannot be read.
 */
export async function changedMs(path: string): Promise<number | null> {
  return stat(path).then(
    ({ ctimeMs }) => Math.round(ctimeMs),
    () => null,
  );
}
