import { constants } from 'node:fs';
import { access } from 'node:fs/promises';

/** Whether this process may write to a path, a read-only mount included. */
export async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
