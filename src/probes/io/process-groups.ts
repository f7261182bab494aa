/** Most children at the same time; a run starts four. */
const MAX_GROUPS = 32;

/**
 * Ids of the process groups that this process has started and that have not ended; 0 marks a free slot. Shared memory,
 * because another thread kills them when this one hangs.
 */
export const processGroups = new Int32Array(new SharedArrayBuffer(MAX_GROUPS * Int32Array.BYTES_PER_ELEMENT));

/** Registers a group; the returned function removes it. */
export function registerGroup(groupId: number): () => void {
  const slot = processGroups.indexOf(0);
  if (slot < 0) return () => {};
  Atomics.store(processGroups, slot, groupId);
  return () => void Atomics.store(processGroups, slot, 0);
}

/** Kills every registered group. */
export function killGroups(): void {
  for (const groupId of processGroups) if (groupId !== 0) killGroup(groupId);
}

/** Kills all processes of a group. */
export function killGroup(groupId: number): void {
  try {
    process.kill(-groupId, 'SIGKILL');
  } catch {
    // It has already ended.
  }
}
