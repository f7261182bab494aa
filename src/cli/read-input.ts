import { createReadStream } from 'node:fs';
import { decodeText } from '../engine/plain-lines.ts';
import { programName } from './invocation.ts';
import { UsageError } from './usage-error.ts';
import { withTimeout } from './with-timeout.ts';

/**
 * Most bytes kept of a failed command's output: half from the beginning and half from the end, where the error usually
 * is.
 */
const MAX_BYTES = 10 * 1024 * 1024;
/** Most bytes read in total. If a command writes more, the closed pipe stops it. */
const MAX_WAITED_BYTES = 256 * 1024 * 1024;

/** Longest time to wait for a command's output, in ms: the maximum of --timeout. */
const COMMAND_MS = 600_000;

type Input = { readonly text: string; readonly bytes: number; readonly cut: boolean };

/**
 * Reads a file within `limitMs`, or for `-` reads stdin until the command before the pipe has ended. If there are more
 * than 10 MB, only the first and the last 5 MB are kept. Throws {@link UsageError} if there is nothing to read.
 */
export function readInput(path: string, flag: string, limitMs: number): Promise<Input> {
  const [source, waitMs] = path === '-' ? ['stdin', COMMAND_MS] : [path, limitMs];
  return withTimeout(read(path, flag), `${flag}: ${source}`, waitMs);
}

async function read(path: string, flag: string): Promise<Input> {
  if (path === '-' && process.stdin.isTTY)
    throw new UsageError(`${flag} - reads from a pipe: COMMAND 2>&1 | ${programName()} ${flag} -`);
  const stream = path === '-' ? process.stdin : createReadStream(path);
  const head: Buffer[] = [];
  let tail: Buffer[] = [];
  let [bytes, kept] = [0, 0];
  try {
    for await (const chunk of stream) {
      const rest = Math.max(0, MAX_BYTES / 2 - bytes);
      bytes += (chunk as Buffer).length;
      if (rest > 0) head.push((chunk as Buffer).subarray(0, rest));
      if ((chunk as Buffer).length <= rest) continue;
      tail.push((chunk as Buffer).subarray(rest));
      kept += (chunk as Buffer).length - rest;
      // The chunks are joined only after MAX_BYTES, so that no byte is copied often.
      if (kept > MAX_BYTES) [tail, kept] = [[lastOf(tail)], MAX_BYTES / 2];
      if (bytes > MAX_WAITED_BYTES) break;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${flag}: ${path === '-' ? 'stdin' : path} cannot be read: ${code ?? message}`);
  }
  const cut = bytes > MAX_BYTES;
  const text = cut ? [Buffer.concat(head), Buffer.from('\n'), lastOf(tail)] : [...head, ...tail];
  return { text: decodeText(Buffer.concat(text)), bytes: Math.min(bytes, MAX_BYTES), cut };
}

/** The last half of what is kept. */
function lastOf(chunks: readonly Buffer[]): Buffer {
  const all = Buffer.concat(chunks);
  return Buffer.from(all.subarray(Math.max(0, all.length - MAX_BYTES / 2)));
}

/** The facts found in a failed command's output. `bytes` were read; `cut` is set if the middle was left out. */
type ReportedOutput<Found> = Found & { readonly bytes: number; readonly cut: boolean };

/**
 * Reads a failed command's output with `read`. Null if no path was given. `waitedMs` is the time spent on the command
 * before the pipe; the run's budget does not include it.
 */
export async function readFailedOutput<Found>(
  path: string | undefined,
  budgetMs: number,
  read: (text: string) => Found,
): Promise<{ readonly from: ReportedOutput<Found> | null; readonly waitedMs: number }> {
  if (path === undefined) return { from: null, waitedMs: 0 };
  const began = performance.now();
  const { text, bytes, cut } = await readInput(path, '--from', budgetMs);
  const waitedMs = path === '-' ? performance.now() - began : 0;
  return { from: { ...read(text), bytes, cut }, waitedMs };
}
