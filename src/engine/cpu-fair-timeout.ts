/** A turn of waiting, in ms, and what one turn counts for at most, however long it took. */
const TURN_MS = 25;
const COUNTED_MS = 40;

/**
 * Calls `late` when somebody has had `limitMs` to answer; gives what calls it off. Time in which this process itself did not
 * get to run does not count: on a host that is too busy to run the doctor an answer may have come long ago, and a silence
 * that is only ours would accuse somebody else. The run's own budget is not waited for like this.
 */
export function cpuFairTimeout(limitMs: number, late: () => void): () => void {
  let left = limitMs;
  let last = performance.now();
  let off = false;
  const turn = (): void => {
    const now = performance.now();
    left -= Math.min(now - last, COUNTED_MS);
    last = now;
    if (left > 0) timer = setTimeout(turn, Math.min(left, TURN_MS));
    // What has arrived meanwhile is looked at before anybody is given up.
    else setImmediate(() => setImmediate(() => off || late()));
  };
  let timer = setTimeout(turn, Math.min(left, TURN_MS));
  return () => {
    off = true;
    clearTimeout(timer);
  };
}
