import type { Failure, Result } from '../../engine/outcome.ts';
import { type Argv, run } from '../io/exec.ts';
import type { JacqosIo } from './io.ts';
import { type Reading, readOutput } from './reader/read.ts';

/** What one command of the CLI said and how it ended. */
export type CommandAnswer = {
  /** Its exit code; null where it was ended. */
  readonly code: number | null;
  /** `limit`: it did not come to an end in time. `endless`: it printed so much that it was ended. */
  readonly end: 'exit' | 'signal' | 'limit' | 'endless';
  /** More came than is kept: its beginning and its end were read. */
  readonly cut: boolean;
  readonly reading: Reading;
};

/** Bytes kept of the beginning and of the end of an output, each. */
const KEPT = 1024 * 1024;
/** Bytes taken in all before a command counts as one that never stops. */
const MOST = 256 * 1024 * 1024;

/**
 * Runs a command of the user's jacqos as the user would, and reads what it says on both streams. Its output is kept neither
 * whole nor at all once it is read.
 */
export async function ask(
  argv: Argv,
  { settings, env }: JacqosIo,
  signal: AbortSignal,
): Promise<CommandAnswer | Extract<Result, { kind: 'failed' }>> {
  const limit = AbortSignal.timeout(settings.patienceMs);
  const kept = new Kept();
  const ended = await run(argv, {
    signal: AbortSignal.any([signal, limit]),
    onChunk: (from, chunk) => kept.take(from, chunk),
    cwd: settings.appDir,
    env: { ...env, NO_COLOR: '1' },
  });
  if (ended.kind === 'failed') return ended;
  const end = ended.code !== null ? 'exit' : ended.cut ? 'endless' : limit.aborted ? 'limit' : 'signal';
  return { code: ended.code, end, cut: kept.cut || ended.cut, reading: kept.read(ended.code !== 0) };
}

/** Whether an answer is none because the command could not be started. */
export function isFailure(
  answer: CommandAnswer | { readonly kind: 'failed'; readonly failure: Omit<Failure, 'root'> },
): answer is {
  readonly kind: 'failed';
  readonly failure: Omit<Failure, 'root'>;
} {
  return 'kind' in answer;
}

type Stream = 'stdout' | 'stderr';
type Piece = { readonly from: Stream; readonly chunk: Buffer };

/** The beginning and the end of what a command says, both streams in the order in which they come. */
class Kept {
  cut = false;
  readonly #head: Piece[] = [];
  #headBytes = 0;
  #tail: Piece[] = [];
  #tailBytes = 0;
  #all = 0;

  take(from: Stream, chunk: Buffer): boolean {
    this.#all += chunk.length;
    const room = KEPT - this.#headBytes;
    if (room > 0) {
      // A copy: the chunk itself may be a part of something much larger.
      this.#head.push({ from, chunk: Buffer.from(chunk.subarray(0, room)) });
      this.#headBytes += Math.min(room, chunk.length);
    }
    if (chunk.length > room) this.#keepTail(from, chunk.subarray(Math.max(0, room)));
    return this.#all <= MOST;
  }

  #keepTail(from: Stream, chunk: Buffer): void {
    this.#tail.push({ from, chunk: Buffer.from(chunk.subarray(-KEPT)) });
    this.#tailBytes += Math.min(KEPT, chunk.length);
    for (
      let first = this.#tail[0];
      first !== undefined && this.#tailBytes - first.chunk.length >= KEPT;
      first = this.#tail[0]
    ) {
      this.#tail.shift();
      this.#tailBytes -= first.chunk.length;
      this.cut = true;
    }
  }

  read(failed: boolean): Reading {
    const pieces = [...this.#head, ...this.#tail];
    const merged = readOutput(joined(pieces), { failed });
    if (merged.documents.broken === 0) return merged;
    // A line of stderr may have come into the middle of a document on stdout: one after the other, then.
    const [one, other] =
      pieces[0]?.from === 'stderr' ? (['stderr', 'stdout'] as const) : (['stdout', 'stderr'] as const);
    const parted = [one, other].map((from) => joined(pieces.filter((piece) => piece.from === from))).join('\n\n');
    const apart = readOutput(parted, { failed });
    return apart.documents.broken < merged.documents.broken ? apart : merged;
  }
}

/** The pieces as one text; a change of streams begins a new line. */
function joined(pieces: readonly Piece[]): string {
  const parts = pieces.flatMap(({ from, chunk }, index) => {
    const before = pieces[index - 1];
    const turns = before !== undefined && before.from !== from && before.chunk.at(-1) !== 0x0a;
    return turns ? [Buffer.from('\n'), chunk] : [chunk];
  });
  return Buffer.concat(parts).toString('utf8');
}
