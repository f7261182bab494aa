import { loadCatalog } from '../catalog/catalog.ts';
import { describeError } from '../engine/format.ts';
import type { Product } from '../engine/product.ts';
import { killGroups } from '../probes/io/process-groups.ts';
import type { Recording } from '../record/recording.ts';
import { type Format, formats } from '../report/formats/index.ts';
import type { CommonFlags } from './common-flags.ts';
import { budgetOf, type RunPlan, refuseWithReplay, requireWritable } from './common-plan.ts';
import { debugLines } from './debug.ts';
import { armLastResort, exitProcess } from './exit-process.ts';
import { programName } from './invocation.ts';
import { progressOn } from './progress.ts';
import { replayOf, reportOf, runProbes, situationOf } from './session.ts';
import { writeStdout } from './stdout.ts';
import { chalkFor, coloured, widthOf } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { withTimeout } from './with-timeout.ts';

/** What a product's command line makes of a run. */
export type Run = {
  readonly product: Product;
  /** Checks, groups and ids given without a flag. */
  readonly words: readonly string[];
  readonly flags: CommonFlags;
  /** The flags given that ask for another world than a recorded one. */
  readonly asking: readonly string[];
  /** The run as asked for. Throws UsageError for what makes no sense. */
  readonly plan: () => Promise<RunPlan>;
};

/** One run from flags to document and exit code. */
export async function runDoctor(run: Run): Promise<void> {
  const { product, flags } = run;
  const strays: unknown[] = [];
  const { recording, telling } =
    flags.replay === undefined
      ? await live(run, strays)
      : { recording: await replayed(run, flags.replay), telling: () => {} };
  const report = await reportOf(product, flags.replay === undefined ? recording : replayOf(product, recording));
  const options = {
    width: widthOf(process.stdout, process.env),
    colour: chalkFor(coloured(flags['no-color'] ? 'never' : 'auto', process.stdout, process.env)),
    verbose: flags.verbose,
    headerFields: product.headerFields,
  };
  const document = formats[flags.format as Format](report, options);
  process.exitCode = strays.length > 0 ? 70 : report.exit.code;
  if (flags.debug) process.stderr.write(debugLines(recording));
  for (const stray of strays)
    process.stderr.write(`${programName()}: a bug of the doctor itself: ${describeError(stray)}\n`);
  if (flags.record !== undefined) await record(flags.record, recording);
  await writeStdout(document, 2_000, telling);
  await exitProcess(process.exitCode);
}

/** `telling` keeps the last resort away while the report is being told. */
async function live(
  { product, flags, plan: planOf }: Run,
  strays: unknown[],
): Promise<{ recording: Recording; telling: () => void }> {
  if (flags.record !== undefined)
    await withTimeout(requireWritable(flags.record), `--record: ${flags.record}`, budgetOf(flags));
  const plan = await planOf();
  const progress = progressOn(process.stderr, process.env);
  endOnSignals();
  try {
    const looking = runProbes({
      ...plan,
      product,
      onSettled: (_, open) => progress.tell(open),
      stray: (error) => strays.push(error),
    });
    // Only now: the probes are on their way, and what they wait for hides what these cost.
    const telling = armLastResort(plan.budgetMs);
    void loadCatalog(product.name);
    const recording = await looking;
    telling();
    const { nothingHere } = situationOf(product, recording.facts);
    if (nothingHere !== null) throw new UsageError(nothingHere);
    return { recording, telling };
  } finally {
    progress.stop();
  }
}

async function replayed({ product, words, flags, asking }: Run, path: string): Promise<Recording> {
  refuseWithReplay(words, asking);
  const { readRecording } = await import('../record/read-recording.ts');
  const read = await withTimeout(readRecording(path), `--replay: ${path}`, budgetOf(flags));
  if ('problem' in read) throw new UsageError(`--replay: ${read.problem}`);
  const { recording } = read;
  if (recording.product !== product.name)
    throw new UsageError(`--replay: ${path} is a recording of ${recording.product}, not of ${product.name}`);
  process.stderr.write(`replay of ${path}, recorded ${new Date(recording.now).toISOString()}\n`);
  return recording;
}

async function record(path: string, recording: Recording): Promise<void> {
  const { writeRecording } = await import('../record/write-recording.ts');
  try {
    await writeRecording(path, recording);
  } catch (error) {
    // The report is worth more than its recording: it is still written, and the exit code is the verdict's.
    process.stderr.write(
      `${programName()}: --record: ${path} was not written: ${(error as NodeJS.ErrnoException).code}\n`,
    );
  }
}

/**
 * Ctrl-C, Ctrl-\, TERM and a closed terminal end the run with the codes a shell expects, and its children with it. Where
 * the terminal is gone Node 20 aborts at its own exit and leaves a core behind: there the signal itself ends the process.
 */
function endOnSignals(): void {
  process.once('SIGHUP', () => {
    killGroups();
    process.kill(process.pid, 'SIGHUP');
  });
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGQUIT', () => process.exit(131));
  process.once('SIGTERM', () => process.exit(143));
}
