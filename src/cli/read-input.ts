import { createReadStream } from 'node:fs';
import { programName } from './invocation.ts';
import { UsageError } from './usage-error.ts';
import { withTimeout } from './with-timeout.ts';

/** Bytes kept of a failed command's output, at most: half of them from its beginning, half from its end, where errors stand. */
const MAX_BYTES = 10 * 1024 * 1024;
/** Bytes waited for in all: a command that is still at work is not cut off by its reader, one that never stops is. */
const MAX_WAITED_BYTES = 256 * 1024 * 1024;

/** How long a command may go on whose output is waited for, in ms: as long as a run may be told to take. */
const COMMAND_MS = 600_000;

type Input = { readonly text: string; readonly bytes: number; readonly cut: boolean };

/**
 * Reads a file within `limitMs`, or stdin for `-` until the command before the pipe has
 * ended; of more than 10 MB, both ends. Throws {@link UsageError} where there is nothing to read.
 */
export function readInput(path: string, flag: string, limitMs: number): Promise<Input> {
  const [source, waitMs] = path === '-' ? ['stdin', COMMAND_MS] : [path, limitMs];
  return withTimeout(read(path, flag), `${flag}: ${source}`, waitMs);
}

async function read(path: string, flag: string): Promise<Input> {
  if (path === '-' && process.stdin.isTTY)
    throw new UsageError(`${flag} - reads a pipe: COMMAND 2>&1 | ${programName()} ${flag} -`);
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
      // Joined now and then only: what is thrown away is copied once at most.
      if (kept > MAX_BYTES) [tail, kept] = [[lastOf(tail)], MAX_BYTES / 2];
      if (bytes > MAX_WAITED_BYTES) break;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${flag}: ${path === '-' ? 'stdin' : path} cannot be read: ${code ?? message}`);
  }
  const cut = bytes > MAX_BYTES;
  const text = cut ? [Buffer.concat(head), Buffer.from('\n'), lastOf(tail)] : [...head, ...tail];
  return { text: Buffer.concat(text).toString('utf8'), bytes: Math.min(bytes, MAX_BYTES), cut };
}

/** The last half of what is kept. */
function lastOf(chunks: readonly Buffer[]): Buffer {
  const all = Buffer.concat(chunks);
  return Buffer.from(all.subarray(Math.max(0, all.length - MAX_BYTES / 2)));
}

/** What was found in the output of a failed command, and how much of it was read: `bytes`, and `cut` where there were more between its beginning and its end. */
type ReportedOutput<Found> = Found & { readonly bytes: number; readonly cut: boolean };

/**
 * What `read` makes of a failed command's output, null where none was given, and how long that command was waited for, in
 * ms: its time is not the doctor's, and what is frozen holds it for half a minute.
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
