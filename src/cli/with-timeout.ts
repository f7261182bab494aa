import { cpuFairTimeout } from '../engine/cpu-fair-timeout.ts';
import { UsageError } from './usage-error.ts';

/**
 * What `work` gives, or a {@link UsageError} that names `source` where nothing has come of it after `limitMs`: a dead mount
 * never answers, and neither does a pipe that nobody writes to.
 */
export async function withTimeout<T>(work: Promise<T>, source: string, limitMs: number): Promise<T> {
  let cancelTimeout = (): void => {};
  const expired = new Promise<never>((_, reject) => {
    const tooLate = new UsageError(`${source} did not answer in time: its file system hangs, or nobody writes to it`);
    cancelTimeout = cpuFairTimeout(limitMs, () => reject(tooLate));
  });
  return Promise.race([work, expired]).finally(cancelTimeout);
}
