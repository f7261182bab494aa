import { statfs } from 'node:fs/promises';
import { mountOf, readMounts } from './mounts.ts';

/**
 * Space of a file system, in bytes. `freeBytes` is what the daemon may use. Inodes are null if the file system does not
 * count them.
 */
export type DiskSpace = {
  readonly mount: string | null;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly freeInodes: number | null;
  readonly totalInodes: number | null;
};

/** The space of the file system of a path; null if it cannot be read. */
export async function readDiskSpace(path: string): Promise<DiskSpace | null> {
  try {
    const [info, mounts] = await Promise.all([statfs(path), readMounts('self')]);
    const countsInodes = info.files > 0;
    return {
      mount: mounts === null ? null : (mountOf(mounts, path)?.point ?? null),
      freeBytes: info.bavail * info.bsize,
      totalBytes: info.blocks * info.bsize,
      freeInodes: countsInodes ? info.ffree : null,
      totalInodes: countsInodes ? info.files : null,
    };
  } catch {
    return null;
  }
}
