/** Children that run at a time, at most; a run starts four. */
const MOST = 32;

/**
 * Leaders of the process groups that this process has started and not ended, 0 where there is none. Shared memory, since
 * who ends a process that is stuck does so from another thread.
 */
export const groups = new Int32Array(new SharedArrayBuffer(MOST * Int32Array.BYTES_PER_ELEMENT));

/** Keeps a group in mind until what this gives is called. */
export function keepGroup(leader: number): () => void {
  const place = groups.indexOf(0);
  if (place < 0) return () => {};
  Atomics.store(groups, place, leader);
  return () => void Atomics.store(groups, place, 0);
}

/** Ends every group that still runs. */
export function endGroups(): void {
  for (const leader of groups) if (leader !== 0) endGroup(leader);
}

/** Ends a group, whoever of it is left. */
export function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
