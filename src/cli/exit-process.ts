import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { killGroups, processGroups } from '../probes/io/process-groups.ts';
import { guardedExitCode } from '../vault/output-guard.ts';
import { programName } from './invocation.ts';

/**
 * Limits in this file are counted in turns of the event loop, each of this many ms on an idle host. On a busy host a
 * turn takes longer, but so does the work that is waited for.
 */
const TURN_MS = 10;
/**
 * Turns after the budget until a timer ends the process, and until a thread kills it because the event loop is blocked.
 */
const EXIT_TURNS = 15;
const KILL_TURNS = 80;
/** Turns that a report may take after all facts are collected. */
const REPORT_TURNS = 300;
/** A file operation that makes no progress for this many turns will never end. */
const STALL_TURNS = 18;

const PENDING = ['FSReqPromise', 'FSReqCallback', 'GetAddrInfoReqWrap'];

function pending(): number {
  return process.getActiveResourcesInfo().filter((resource) => PENDING.includes(resource)).length;
}

/**
 * Ends the process after a run; never returns. If a file operation never ends (a dead mount, a failing disk), Node
 * waits for its own thread and cannot exit: then the process kills itself, and the shell shows 137 instead of the code.
 */
export async function exitProcess(code: number): Promise<never> {
  let [left, quiet] = [pending(), 0];
  while (left > 0 && quiet < STALL_TURNS) {
    await sleep(TURN_MS);
    const now = pending();
    quiet = now === left ? quiet + 1 : 0;
    left = now;
  }
  if (left === 0) process.exit(guardedExitCode(code));
  process.stderr.write(
    `${programName()}: a file system of this host hangs; the process kills itself, the exit code would be ${guardedExitCode(code)}\n`,
  );
  // SIGKILL runs no exit handler, and an exit handler would end the children.
  killGroups();
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

/**
 * Ends the process soon after its budget: by a timer, or by a thread that kills it if something blocks the event loop.
 * The function that it returns postpones this. Call it once all facts are collected, and again while the report is
 * written.
 */
export function forceExitAfter(budgetMs: number): () => void {
  const left = Math.max(0, budgetMs - performance.now());
  const postponed = new Int32Array(new SharedArrayBuffer(4));
  const isPostponed = (): boolean => Atomics.load(postponed, 0) !== 0;
  const watch = (turns: number): void => {
    if (isPostponed()) return;
    if (turns === 0) void exitProcess(Number(process.exitCode ?? 70));
    else setTimeout(watch, TURN_MS, turns - 1).unref();
  };
  setTimeout(watch, left, EXIT_TURNS).unref();
  const kill = `
    const { postponed, groups } = require('node:worker_threads').workerData;
    const end = (pid) => { try { process.kill(pid, 'SIGKILL'); } catch {} };
    let [turns, last] = [0, 0];
    const watch = () => {
      const now = Atomics.load(postponed, 0);
      turns = now === last ? turns + 1 : 0;
      last = now;
      if (turns > (last === 0 ? ${KILL_TURNS} : ${REPORT_TURNS})) {
        for (const leader of groups) if (leader !== 0) end(-leader);
        end(process.pid);
      }
      setTimeout(watch, ${TURN_MS});
    };
    setTimeout(watch, ${Math.ceil(left)})`;
  // Node cannot start a worker thread if the current folder was removed, or if no more threads are allowed (a
  // container's pids limit). The process then has only its own timers.
  try {
    const killer = new Worker(kill, { eval: true, stdin: false, workerData: { postponed, groups: processGroups } });
    killer.on('error', () => {}).unref();
  } catch {}
  return () => void Atomics.add(postponed, 0, 1);
}
