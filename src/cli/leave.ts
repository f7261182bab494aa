import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { exitCodeAfter } from '../vault/tripwire.ts';
import { ownName } from './called-as.ts';

/** After the budget: when the process leaves by itself, and when it is killed from a thread of its own. ms. */
const LEAVE_MS = 150;
const KILL_MS = 220;
const PENDING = ['FSReqPromise', 'FSReqCallback', 'GetAddrInfoReqWrap'];

/** How long a file operation that is still under way may take to end, in ms, before it counts as one that never will. */
const PATIENCE_MS = 60;
const LOOK_AGAIN_MS = 5;

/**
 * Ends the process after it looked at the host; never comes back. Where the kernel does not come back from a file system (a
 * dead mount, a dying disk), Node would wait for its own thread for ever: then the process is killed, and the shell sees 137
 * instead of the code.
 */
export async function leave(code: number): Promise<never> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    if (!process.getActiveResourcesInfo().some((resource) => PENDING.includes(resource)))
      process.exit(exitCodeAfter(code));
    await sleep(LOOK_AGAIN_MS);
  }
  process.stderr.write(
    `${ownName()}: a file system of this host hangs; leaving by force, the exit code would be ${exitCodeAfter(code)}\n`,
  );
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

/**
 * The process is gone soon after its budget, whatever is stuck: left by itself where it still runs, killed by a thread
 * where something keeps the program's own from running.
 */
export function armLastResort(budgetMs: number): void {
  const left = Math.max(0, budgetMs - performance.now());
  setTimeout(() => void leave(Number(process.exitCode ?? 70)), left + LEAVE_MS).unref();
  const kill = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${Math.ceil(left + KILL_MS)})`;
  new Worker(kill, { eval: true, stdin: false }).unref();
}
