import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How often the peak memory of a process is read, in ms. The kernel keeps the peak, so only the end can be missed. */
const MEMORY_INTERVAL_MS = 20;

/** One finished process: wall time in ms and peak memory in MB. */
export type Sample = {
  readonly ms: number;
  readonly mb: number;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs a command once, without environment variables of the caller that make Node slower. */
export function runOnce(command: readonly string[]): Promise<Sample> {
  const [program = '', ...args] = command;
  const { NODE_EXTRA_CA_CERTS: _ca, NODE_OPTIONS: _options, NODE_ENV: _env, ...env } = process.env;
  const started = performance.now();
  const child = spawn(program, args, { env: { ...env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let mb = 0;
  const timer = setInterval(() => {
    mb = Math.max(mb, peakMemory(child.pid ?? 0));
  }, MEMORY_INTERVAL_MS);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ ms: performance.now() - started, mb, code, stdout, stderr });
    });
  });
}

/** The peak memory of a running process in MB; 0 if it has ended. */
function peakMemory(pid: number): number {
  try {
    return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * The median time of each command. The commands alternate (A B C A B C …), so that a slow phase of the machine affects
 * all of them.
 */
export async function medianTimes<Name extends string>(
  commands: Record<Name, readonly string[]>,
  runs: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(commands) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const name of names) await runOnce(commands[name]);
  for (let run = 0; run < runs; run++) for (const name of names) times[name].push((await runOnce(commands[name])).ms);
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<Name, number>;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
