import type { Product } from '../engine/product.ts';
import { parseRecording, readRecording } from '../record/read-recording.ts';
import type { Recording } from '../record/recording.ts';
import { readInput } from './read-input.ts';
import { UsageError } from './usage-error.ts';
import { withTimeout } from './with-timeout.ts';

/**
 * The recording of a product, from a file or, for `-`, from stdin after the command before the pipe has ended. Says on
 * stderr that it is a replay. Throws {@link UsageError} if the input is not a recording.
 */
export async function openRecording(path: string, product: Product, budgetMs: number): Promise<Recording> {
  const name = path === '-' ? 'stdin' : path;
  const read = await (path === '-' ? readPiped() : withTimeout(readRecording(path), `--replay: ${path}`, budgetMs));
  if ('problem' in read) throw new UsageError(`--replay: ${read.problem}`);
  const { recording } = read;
  if (recording.product !== product.name)
    throw new UsageError(`--replay: ${name} is a recording of ${recording.product}, not of ${product.name}`);
  process.stderr.write(`replay of ${name}, recorded ${new Date(recording.now).toISOString()}\n`);
  return recording;
}

async function readPiped(): ReturnType<typeof readRecording> {
  const { text, bytes, cut } = await readInput('-', '--replay', 0);
  return cut ? { problem: `stdin holds more than ${bytes} bytes; name a file` } : parseRecording(text, 'stdin');
}
