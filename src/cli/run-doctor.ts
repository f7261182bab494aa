import { loadCatalog } from '../catalog/catalog.ts';
import { describe } from '../engine/describe.ts';
import type { Product } from '../engine/product.ts';
import type { Recording } from '../record/recording.ts';
import { type Format, render } from '../report/render.ts';
import { debugLines } from './debug.ts';
import { armLastResort, leave } from './leave.ts';
import { planOf, refuseWithReplay, requireWritable } from './plan.ts';
import { progressOn } from './progress.ts';
import { reportedIn } from './read-from.ts';
import type { RunFlags } from './run-flags.ts';
import { lookAround, reportOf, situationOf } from './session.ts';
import { chalkFor, coloured, widthOf } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { writeOut } from './write-out.ts';

/** One run from flags to document and exit code. */
export async function runDoctor(product: Product, words: readonly string[], flags: RunFlags): Promise<void> {
  const strays: unknown[] = [];
  const recording =
    flags.replay === undefined
      ? await live(product, words, flags, strays)
      : await replayed(product, words, flags, flags.replay);
  const report = await reportOf(product, recording);
  const look = {
    width: widthOf(process.stdout, process.env),
    colour: chalkFor(coloured(flags['no-color'] ? 'never' : 'auto', process.stdout, process.env)),
    verbose: flags.verbose,
  };
  const document = render(report, flags.format as Format, look);
  process.exitCode = strays.length > 0 ? 70 : report.exit.code;
  if (flags.debug) process.stderr.write(debugLines(recording));
  for (const stray of strays) process.stderr.write(`jaco-doctor: a bug of the doctor itself: ${describe(stray)}\n`);
  if (flags.record !== undefined) await record(flags.record, recording);
  if ((await writeOut(document, 2_000)) === 'reader-stuck') process.stderr.write('jaco-doctor: stdout takes nothing\n');
  await leave(process.exitCode);
}

async function live(
  product: Product,
  words: readonly string[],
  flags: RunFlags,
  strays: unknown[],
): Promise<Recording> {
  const plan = await planOf(product, words, flags, process.env);
  if (flags.record !== undefined) await requireWritable(flags.record);
  const settings = {
    ...plan.settings,
    from: flags.from === undefined ? null : await reportedIn(flags.from, plan.budgetMs),
  };
  const progress = progressOn(process.stderr, process.env);
  endOnSignals();
  try {
    const looking = lookAround({
      ...plan,
      product,
      settings,
      onSettled: (_, open) => progress.tell(open),
      stray: (error) => strays.push(error),
    });
    // Only now: the probes are on their way, and what they wait for hides what these cost.
    armLastResort(plan.budgetMs);
    void loadCatalog();
    const recording = await looking;
    const { nothingHere } = situationOf(product, recording.facts);
    if (nothingHere !== null) throw new UsageError(nothingHere);
    return recording;
  } finally {
    progress.stop();
  }
}

async function replayed(product: Product, words: readonly string[], flags: RunFlags, path: string): Promise<Recording> {
  refuseWithReplay(words, flags);
  const { readRecording } = await import('../record/read.ts');
  const read = await readRecording(path);
  if ('problem' in read) throw new UsageError(`--replay: ${read.problem}`);
  const { recording } = read;
  if (recording.product !== product.name)
    throw new UsageError(`--replay: ${path} is a recording of ${recording.product}, not of ${product.name}`);
  process.stderr.write(`replay of ${path}, recorded ${new Date(recording.now).toISOString()}\n`);
  return recording;
}

async function record(path: string, recording: Recording): Promise<void> {
  const { writeRecording } = await import('../record/write.ts');
  try {
    await writeRecording(path, recording);
  } catch (error) {
    // The report is worth more than its recording: it is still written, and the exit code is the verdict's.
    process.stderr.write(`jaco-doctor: --record: ${path} was not written: ${(error as NodeJS.ErrnoException).code}\n`);
  }
}

/** Ctrl-C and TERM end the run with the codes a shell expects; leaving by exit ends the children too. */
function endOnSignals(): void {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}
