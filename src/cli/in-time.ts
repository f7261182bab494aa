import { UsageError } from './usage-error.ts';

/**
 * What `work` gives, or a {@link UsageError} that names `place` where nothing has come of it after `budgetMs` from the start
 * of the process: a dead mount never answers, and neither does a pipe that nobody writes to.
 */
export async function inTime<T>(work: Promise<T>, place: string, budgetMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    const tooLate = new UsageError(`${place} did not answer in time: its file system hangs, or nobody writes to it`);
    timer = setTimeout(() => reject(tooLate), Math.max(0, budgetMs - performance.now()));
  });
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
}
