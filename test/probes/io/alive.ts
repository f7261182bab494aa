import { existsSync, readFileSync } from 'node:fs';

/** Whether a process still runs. */
export function alive(pid: number): boolean {
  // A killed process may stay a zombie until its parent collects it.
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
