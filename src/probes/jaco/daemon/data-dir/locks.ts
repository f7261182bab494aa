import { stat } from 'node:fs/promises';
import { readText } from '../../../io/files.ts';

/**
 * Pids that hold a lock on one inode, from the text of /proc/locks. `device` is `major:minor` in hexadecimal, as in
 * that file.
 */
export function lockHoldersOf(text: string, device: string, inode: string): readonly number[] {
  const holders: number[] = [];
  for (const line of text.split('\n')) {
    // "1: FLOCK  ADVISORY  WRITE 226 00:1f:1234 0 EOF"; "1: -> FLOCK …" waits.
    const [, waits, pid, lockedFile] = /^\d+: (-> )?\S+\s+\S+\s+\S+\s+(\d+) (\S+) /.exec(line) ?? [];
    if (waits === undefined && lockedFile === `${device}:${inode}`) holders.push(Number(pid));
  }
  return holders;
}

/** A device number of stat in the notation of /proc/locks. */
export function deviceName(device: number): string {
  const wide = BigInt(device);
  const major = ((wide >> 8n) & 0xfffn) | ((wide >> 32n) & ~0xfffn);
  const minor = (wide & 0xffn) | ((wide >> 12n) & ~0xffn & 0xffffffffn);
  const hex = (part: bigint): string => part.toString(16).padStart(2, '0');
  return `${hex(major)}:${hex(minor)}`;
}

/** Pids that hold a lock on the file; null if that is not visible. */
export async function lockHoldersOn(path: string): Promise<readonly number[] | null> {
  const read = await readText('/proc/locks');
  const info = await stat(path).catch(() => null);
  return read.kind === 'text' && info !== null
    ? lockHoldersOf(read.text, deviceName(info.dev), String(info.ino))
    : null;
}
