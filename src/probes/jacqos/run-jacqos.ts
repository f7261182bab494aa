import type { Failure, Result } from '../../engine/outcome.ts';
import { outputExcerpt } from '../io/child-failure.ts';
import { type Argv, runChild } from '../io/run-child.ts';
import type { JacqosIo } from './jacqos-probe.ts';
import { type Reading, readOutput } from './reader/read-output.ts';

/** The output of one CLI command, and how it ended. */
export type CommandAnswer = {
  /** Its exit code; null if it was killed. */
  readonly code: number | null;
  /** `limit`: it did not end in time. `endless`: it printed too much and was killed. */
  readonly end: 'exit' | 'signal' | 'limit' | 'endless';
  /** It printed more than is kept: only the beginning and the end were read. */
  readonly cut: boolean;
  readonly reading: Reading;
  /**
   * The start of what it printed, redacted, if it names no id and failed or printed no JSON. Recordings of older
   * versions lack it.
   */
  readonly said?: string;
};

/** Most bytes that are kept of the beginning and of the end of an output; together as many as of a pasted text. */
const KEPT_BYTES = 5 * 1024 * 1024;
/** Bytes that are read of the beginning and of the end of a longer output. It cannot be judged as a whole. */
const CUT_BYTES = 1024 * 1024;
/** Bytes after which a command counts as endless. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Runs a command of the user's jacqos with the user's environment and reads both streams. The output is discarded after
 * it is read.
 */
export async function runJacqos(
  argv: Argv,
  { settings, env }: JacqosIo,
  signal: AbortSignal,
): Promise<CommandAnswer | Extract<Result, { kind: 'failed' }>> {
  const limit = AbortSignal.timeout(settings.requestLimitMs);
  const output = new OutputBuffer();
  const result = await runChild(argv, {
    signal: AbortSignal.any([signal, limit]),
    onChunk: (from, chunk) => output.append(from, chunk),
    cwd: settings.appDir,
    env: { ...env, NO_COLOR: '1' },
  });
  if (result.kind === 'failed') return result;
  const end = result.code !== null ? 'exit' : result.cut ? 'endless' : limit.aborted ? 'limit' : 'signal';
  const reading = output.read(result.code !== 0);
  const isClear = reading.present.length > 0 || (result.code === 0 && reading.documents.whole > 0);
  const said = isClear ? {} : { said: output.firstWords() };
  return { code: result.code, end, cut: output.cut || result.cut, reading, ...said };
}

/** Whether the command could not be started. */
export function isStartFailure(
  answer: CommandAnswer | { readonly kind: 'failed'; readonly failure: Omit<Failure, 'root'> },
): answer is {
  readonly kind: 'failed';
  readonly failure: Omit<Failure, 'root'>;
} {
  return 'kind' in answer;
}

type Stream = 'stdout' | 'stderr';
type OutputChunk = { readonly from: Stream; readonly chunk: Buffer };

/** The start and the end of the output of a command, both streams in the order of arrival. */
class OutputBuffer {
  cut = false;
  readonly #head: OutputChunk[] = [];
  #headBytes = 0;
  #tail: OutputChunk[] = [];
  #tailBytes = 0;
  #totalBytes = 0;

  append(from: Stream, chunk: Buffer): boolean {
    this.#totalBytes += chunk.length;
    const room = KEPT_BYTES - this.#headBytes;
    if (room > 0) {
      // A copy: the chunk may be a slice of a much larger buffer.
      this.#head.push({ from, chunk: Buffer.from(chunk.subarray(0, room)) });
      this.#headBytes += Math.min(room, chunk.length);
    }
    if (chunk.length > room) this.#keepTail(from, chunk.subarray(Math.max(0, room)));
    return this.#totalBytes <= MAX_BYTES;
  }

  #keepTail(from: Stream, chunk: Buffer): void {
    this.#tail.push({ from, chunk: Buffer.from(chunk.subarray(-KEPT_BYTES)) });
    this.#tailBytes += Math.min(KEPT_BYTES, chunk.length);
    for (
      let first = this.#tail[0];
      first !== undefined && this.#tailBytes - first.chunk.length >= KEPT_BYTES;
      first = this.#tail[0]
    ) {
      this.#tail.shift();
      this.#tailBytes -= first.chunk.length;
      this.cut = true;
    }
  }

  /** The first lines of stderr, then of stdout. */
  firstWords(): string {
    const of = (stream: Stream): string => outputExcerpt(joinChunks(this.#head.filter(({ from }) => from === stream)));
    return [of('stderr'), of('stdout')].filter((text) => text !== '').join(' ');
  }

  read(failed: boolean): Reading {
    const chunks = this.cut
      ? [...firstOf(this.#head, CUT_BYTES), ...firstOf(this.#tail.reverse(), CUT_BYTES).reverse()]
      : [...this.#head, ...this.#tail];
    const merged = readOutput(joinChunks(chunks), { failed });
    if (merged.documents.broken === 0) return merged;
    // A line of stderr may interrupt a document on stdout: read the streams separately.
    const [first, second] =
      chunks[0]?.from === 'stderr' ? (['stderr', 'stdout'] as const) : (['stdout', 'stderr'] as const);
    const separated = [first, second]
      .map((from) => joinChunks(chunks.filter((chunk) => chunk.from === from)))
      .join('\n\n');
    const separate = readOutput(separated, { failed });
    return separate.documents.broken < merged.documents.broken ? separate : merged;
  }
}

/** The first chunks, up to this many bytes and including the chunk that reaches them. */
function firstOf(chunks: readonly OutputChunk[], bytes: number): OutputChunk[] {
  const kept: OutputChunk[] = [];
  let sum = 0;
  for (const next of chunks) {
    if (sum >= bytes) break;
    kept.push(next);
    sum += next.chunk.length;
  }
  return kept;
}

/** The chunks as one text; a change of stream starts a new line. */
function joinChunks(chunks: readonly OutputChunk[]): string {
  const parts = chunks.flatMap(({ from, chunk }, index) => {
    const previous = chunks[index - 1];
    const isNewStream = previous !== undefined && previous.from !== from && previous.chunk.at(-1) !== 0x0a;
    return isNewStream ? [Buffer.from('\n'), chunk] : [chunk];
  });
  return Buffer.concat(parts).toString('utf8');
}
