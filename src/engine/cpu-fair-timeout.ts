/** Length of one turn of waiting, in ms. A turn never counts for more, however long it took. */
const TURN_MS = 25;
const MAX_COUNTED_MS = 40;

/**
 * Calls `onTimeout` after `limitMs`; returns a function that cancels it. Time in which this process did not run does
 * not count: on a busy host the answer may have arrived long ago, and the delay is the doctor's, not the product's. The
 * run's own budget does not use this function.
 */
export function cpuFairTimeout(limitMs: number, onTimeout: () => void): () => void {
  let remainingMs = limitMs;
  let last = performance.now();
  let cancelled = false;
  const turn = (): void => {
    const now = performance.now();
    remainingMs -= Math.min(now - last, MAX_COUNTED_MS);
    last = now;
    if (remainingMs > 0) timer = setTimeout(turn, Math.min(remainingMs, TURN_MS));
    // Waits for two turns of the event loop, so that an answer that has arrived meanwhile is handled before the
    // timeout.
    else setImmediate(() => setImmediate(() => cancelled || onTimeout()));
  };
  let timer = setTimeout(turn, Math.min(remainingMs, TURN_MS));
  return () => {
    cancelled = true;
    clearTimeout(timer);
  };
}
