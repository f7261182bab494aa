/** Children that run at a time, at most; a run starts four. */
const MAX_GROUPS = 32;

/**
 * Leaders of the process groups that this process has started and not ended, 0 where there is none. Shared memory, since
 * who ends a process that is stuck does so from another thread.
 */
export const processGroups = new Int32Array(new SharedArrayBuffer(MAX_GROUPS * Int32Array.BYTES_PER_ELEMENT));

/** Keeps a group in mind until what this gives is called. */
export function registerGroup(leader: number): () => void {
  const slot = processGroups.indexOf(0);
  if (slot < 0) return () => {};
  Atomics.store(processGroups, slot, leader);
  return () => void Atomics.store(processGroups, slot, 0);
}

/** Ends every group that still runs. */
export function killGroups(): void {
  for (const leader of processGroups) if (leader !== 0) killGroup(leader);
}

/** Ends a group, whoever of it is left. */
export function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
