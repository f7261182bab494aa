import { stat } from 'node:fs/promises';

/** When a file was last changed, in ms since the epoch; null where that cannot be read. */
export async function modifiedMs(path: string): Promise<number | null> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}
