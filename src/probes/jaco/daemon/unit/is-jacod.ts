import { basename } from 'node:path';

const JACOD = /^jacod(?:[-_.]?v?\d[\w.-]*)?$/;

/** Whether a program's path is that of the daemon, possibly with its version. */
export function isJacod(path: string): boolean {
  return JACOD.test(basename(path));
}
