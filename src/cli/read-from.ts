import { createReadStream } from 'node:fs';
import { ownName } from './called-as.ts';
import { inTime } from './in-time.ts';
import { UsageError } from './usage-error.ts';

/** Bytes of a failed command's output that are read, at most. */
const MAX_BYTES = 10 * 1024 * 1024;

/** How long a command may go on whose output is waited for, in ms: as long as a run may be told to take. */
const COMMAND_MS = 600_000;

type Input = { readonly text: string; readonly bytes: number; readonly cut: boolean };

/**
 * Reads a file within `limitMs`, or stdin for `-` until the command before the pipe has
 * ended; 10 MB at most. Throws {@link UsageError} where there is nothing to read.
 */
export function readInput(path: string, flag: string, limitMs: number): Promise<Input> {
  const [place, most] = path === '-' ? ['stdin', COMMAND_MS] : [path, limitMs];
  return inTime(read(path, flag), `${flag}: ${place}`, most);
}

async function read(path: string, flag: string): Promise<Input> {
  if (path === '-' && process.stdin.isTTY)
    throw new UsageError(`${flag} - reads a pipe: COMMAND 2>&1 | ${ownName()} ${flag} -`);
  const stream = path === '-' ? process.stdin : createReadStream(path);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_BYTES) break;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${flag}: ${path === '-' ? 'stdin' : path} cannot be read: ${code ?? message}`);
  }
  const text = Buffer.concat(chunks).subarray(0, MAX_BYTES).toString('utf8');
  return { text, bytes: Math.min(bytes, MAX_BYTES), cut: bytes > MAX_BYTES };
}

/** What was found in the output of a failed command, and how much of it was read: `bytes`, and `cut` where there were more. */
type Reported<Found> = Found & { readonly bytes: number; readonly cut: boolean };

/**
 * What `find` makes of a failed command's output, null where none was given, and how long that command was waited for, in
 * ms: its time is not the doctor's, and what is frozen holds it for half a minute.
 */
export async function reportedIn<Found>(
  path: string | undefined,
  budgetMs: number,
  find: (text: string) => Found,
): Promise<{ readonly from: Reported<Found> | null; readonly waitedMs: number }> {
  if (path === undefined) return { from: null, waitedMs: 0 };
  const began = performance.now();
  const { text, bytes, cut } = await readInput(path, '--from', budgetMs);
  const waitedMs = path === '-' ? performance.now() - began : 0;
  return { from: { ...find(text), bytes, cut }, waitedMs };
}
