import { stat } from 'node:fs/promises';
import { readText } from '../../../io/files.ts';

/** Who holds or waits for a lock of a file, by pid. */
export type Locks = { readonly holders: readonly number[]; readonly waiters: readonly number[] };

/** Reads /proc/locks for one inode. `device` is `major:minor` in the hexadecimal that file uses. */
export function locksOf(text: string, device: string, inode: string): Locks {
  const [holders, waiters]: [number[], number[]] = [[], []];
  for (const line of text.split('\n')) {
    // "1: FLOCK  ADVISORY  WRITE 226 00:1f:1234 0 EOF"; "1: -> FLOCK …" waits.
    const [, waits, pid, lockedFile] = /^\d+: (-> )?\S+\s+\S+\s+\S+\s+(\d+) (\S+) /.exec(line) ?? [];
    if (lockedFile !== `${device}:${inode}`) continue;
    (waits === undefined ? holders : waiters).push(Number(pid));
  }
  return { holders, waiters };
}

/** A device number as stat gives it, as /proc/locks writes it. */
export function deviceName(device: number): string {
  const wide = BigInt(device);
  const major = ((wide >> 8n) & 0xfffn) | ((wide >> 32n) & ~0xfffn);
  const minor = (wide & 0xffn) | ((wide >> 12n) & ~0xffn & 0xffffffffn);
  const hex = (part: bigint): string => part.toString(16).padStart(2, '0');
  return `${hex(major)}:${hex(minor)}`;
}

/** Who holds or waits for a lock of that file; null where that may not be seen. */
export async function locksOn(path: string): Promise<Locks | null> {
  const read = await readText('/proc/locks');
  const info = await stat(path).catch(() => null);
  return read.kind === 'text' && info !== null ? locksOf(read.text, deviceName(info.dev), String(info.ino)) : null;
}
