import { cpuFairTimeout } from '../engine/cpu-fair-timeout.ts';
import { UsageError } from './usage-error.ts';

/**
 * The result of `work`. Throws a {@link UsageError} that names `source` if there is none after `limitMs`: a dead mount
 * never answers, nor does a pipe without a writer.
 */
export async function withTimeout<T>(work: Promise<T>, source: string, limitMs: number): Promise<T> {
  let cancelTimeout = (): void => {};
  const expired = new Promise<never>((_, reject) => {
    const tooLate = new UsageError(
      `${source} did not answer in time: its file system hangs, or the pipe has no writer`,
    );
    cancelTimeout = cpuFairTimeout(limitMs, () => reject(tooLate));
  });
  return Promise.race([work, expired]).finally(cancelTimeout);
}
