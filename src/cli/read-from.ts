import { createReadStream } from 'node:fs';
import { findIdsInText } from '../catalog/find.ts';
import type { ReportedText } from '../probes/io/io.ts';
import { ownName } from './called-as.ts';
import { UsageError } from './usage-error.ts';

/** Bytes of a failed command's output that are read, at most. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Reads a file, or stdin for `-`, of 10 MB at most. Throws {@link UsageError} where there is nothing to read. */
export async function readInput(
  path: string,
  flag: string,
  limitMs: number,
): Promise<{ text: string; bytes: number; cut: boolean }> {
  if (path === '-' && process.stdin.isTTY)
    throw new UsageError(`${flag} - reads a pipe: COMMAND 2>&1 | ${ownName()} ${flag} -`);
  const stream = path === '-' ? process.stdin : createReadStream(path);
  const timer = setTimeout(() => stream.destroy(new Error('no end of input in time')), limitMs);
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
  } finally {
    clearTimeout(timer);
  }
  const text = Buffer.concat(chunks).subarray(0, MAX_BYTES).toString('utf8');
  return { text, bytes: Math.min(bytes, MAX_BYTES), cut: bytes > MAX_BYTES };
}

/** The ids that a failed command's output reports. */
export async function reportedIn(path: string, limitMs: number): Promise<ReportedText> {
  const { text, bytes, cut } = await readInput(path, '--from', limitMs);
  return { ...findIdsInText(text), bytes, cut };
}
