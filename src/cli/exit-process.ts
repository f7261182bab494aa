import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { killGroups, processGroups } from '../probes/io/process-groups.ts';
import { exitCodeWithTripwire } from '../vault/tripwire.ts';
import { programName } from './invocation.ts';

/**
 * Time here is counted in turns of the event loop, of so many ms each where the host has a processor for us: on a busy one
 * they take longer, and so does everything that is waited for.
 */
const TURN_MS = 10;
/** After the budget: when the process leaves by itself, and when it is killed from a thread, for code that does not come back. */
const LEAVE_TURNS = 15;
const KILL_TURNS = 80;
/** How much longer a report may take that has everything it needs. */
const TELL_TURNS = 300;
/** File operations that get nowhere for so long never will. */
const PATIENCE_TURNS = 18;

const PENDING = ['FSReqPromise', 'FSReqCallback', 'GetAddrInfoReqWrap'];

function pending(): number {
  return process.getActiveResourcesInfo().filter((resource) => PENDING.includes(resource)).length;
}

/**
 * Ends the process after it looked at the host; never comes back. Where the kernel does not come back from a file system (a
 * dead mount, a dying disk), Node would wait for its own thread for ever: then the process is killed, and the shell sees 137
 * instead of the code.
 */
export async function exitProcess(code: number): Promise<never> {
  let [left, quiet] = [pending(), 0];
  while (left > 0 && quiet < PATIENCE_TURNS) {
    await sleep(TURN_MS);
    const now = pending();
    quiet = now === left ? quiet + 1 : 0;
    left = now;
  }
  if (left === 0) process.exit(exitCodeWithTripwire(code));
  process.stderr.write(
    `${programName()}: a file system of this host hangs; leaving by force, the exit code would be ${exitCodeWithTripwire(code)}\n`,
  );
  // Killed, it is told of no exit at which its children would be ended.
  killGroups();
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

/**
 * The process is gone soon after its budget, whatever is stuck: left by itself where it still runs, killed by a thread
 * where something keeps the program's own from running. Call what it gives once everything is looked at, when what is left
 * is to tell it, and again while it is being told.
 */
export function armLastResort(budgetMs: number): () => void {
  const left = Math.max(0, budgetMs - performance.now());
  const looked = new Int32Array(new SharedArrayBuffer(4));
  const isLooked = (): boolean => Atomics.load(looked, 0) !== 0;
  const watch = (turns: number): void => {
    if (isLooked()) return;
    if (turns === 0) void exitProcess(Number(process.exitCode ?? 70));
    else setTimeout(watch, TURN_MS, turns - 1).unref();
  };
  setTimeout(watch, left, LEAVE_TURNS).unref();
  const kill = `
    const { looked, groups } = require('node:worker_threads').workerData;
    const end = (pid) => { try { process.kill(pid, 'SIGKILL'); } catch {} };
    let [turns, told] = [0, 0];
    const watch = () => {
      const now = Atomics.load(looked, 0);
      turns = now === told ? turns + 1 : 0;
      told = now;
      if (turns > (told === 0 ? ${KILL_TURNS} : ${TELL_TURNS})) {
        for (const leader of groups) if (leader !== 0) end(-leader);
        end(process.pid);
      }
      setTimeout(watch, ${TURN_MS});
    };
    setTimeout(watch, ${Math.ceil(left)})`;
  // Node starts none in a folder that was removed, and none where no more threads are allowed (a container's pids limit):
  // the process then has only its own timers.
  try {
    const killer = new Worker(kill, { eval: true, stdin: false, workerData: { looked, groups: processGroups } });
    killer.on('error', () => {}).unref();
  } catch {}
  return () => void Atomics.add(looked, 0, 1);
}
