import { statfs } from 'node:fs/promises';
import { mountOf, readMounts } from './mounts.ts';

/** A file system's room. Free is what the daemon may use, in bytes. Inodes are null where there is no such count. */
export type DiskSpace = {
  readonly mount: string | null;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly freeInodes: number | null;
  readonly totalInodes: number | null;
};

/** Room in the file system under a path; null where it cannot be asked. */
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
