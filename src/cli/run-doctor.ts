import { loadCatalog } from '../catalog/catalog.ts';
import { describeError } from '../engine/format.ts';
import type { Product } from '../engine/product.ts';
import { clean } from '../engine/text.ts';
import { killGroups } from '../probes/io/process-groups.ts';
import type { Recording } from '../record/recording.ts';
import { formats } from '../report/formats/index.ts';
import type { Report } from '../report/report.ts';
import { noteLostOutput } from '../vault/output-guard.ts';
import { asciiIfNeeded } from './ascii.ts';
import { buildReport, replayOf, situationOf } from './build-report.ts';
import { exitProcess, forceExitAfter } from './exit-process.ts';
import type { CommonFlags } from './flags.ts';
import { programName } from './invocation.ts';
import { openRecording } from './open-recording.ts';
import { budgetOf, commonPlan, type PlanRequest, type ProductPlan, type RunPlan, requireWritable } from './plan.ts';
import { startProgress } from './progress.ts';
import { runProbes } from './run-probes.ts';
import { writeStdout } from './stdout.ts';
import { renderOptions } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { withTimeout } from './with-timeout.ts';

/** What a product adds to a run: its checks, and the meaning of its own flags. */
export type ProductRun<Given extends CommonFlags> = {
  readonly product: Product;
  /** Throws {@link UsageError} for values or combinations that are not valid. */
  readonly planOf: (request: PlanRequest<Given>) => Promise<ProductPlan>;
};

/** One command line: its product, the checks, groups and ids given without a flag, and the flags. */
type CommandLine<Given extends CommonFlags> = ProductRun<Given> & {
  readonly words: readonly string[];
  readonly flags: Given;
};

/** A recording, and the function that postpones the forced exit while its report is written. */
type CollectedRun = { readonly recording: Recording; readonly postpone: () => void };

/** One run, from flags to document and exit code. */
export async function runDoctor<Given extends CommonFlags>(commandLine: CommandLine<Given>): Promise<void> {
  const { product, flags } = commandLine;
  const unownedErrors: unknown[] = [];
  const { recording, postpone } =
    flags.replay === undefined
      ? await live(commandLine, unownedErrors)
      : { recording: await replay(commandLine, flags.replay), postpone: () => {} };
  const report = await buildReport(product, flags.replay === undefined ? recording : replayOf(product, recording));
  process.exitCode = unownedErrors.length > 0 ? 70 : report.exit.code;
  if (flags.debug) process.stderr.write(debugLines(recording));
  for (const error of unownedErrors)
    process.stderr.write(`${programName()}: a bug of the doctor itself: ${describeError(error)}\n`);
  if (flags.record === '-') {
    // stdout is one document, and here it is the recording. A replay of it shows the report.
    process.stderr.write(`${programName()}: recorded: ${report.first ?? report.verdict}; --replay shows the report\n`);
    const { serialize } = await import('../record/write-recording.ts');
    await writeStdout(serialize(recording), 2_000, postpone);
  } else {
    if (flags.record !== undefined) await record(flags.record, recording);
    await writeStdout(rendered(report, product, flags), 2_000, postpone);
  }
  await exitProcess(process.exitCode);
}

function rendered(report: Report, product: Product, flags: CommonFlags): string {
  const document = formats[flags.format](report, renderOptions(product, flags));
  return flags.format === 'human' ? asciiIfNeeded(document, process.env) : document;
}

async function live<Given extends CommonFlags>(
  commandLine: CommandLine<Given>,
  unownedErrors: unknown[],
): Promise<CollectedRun> {
  const { product, flags } = commandLine;
  if (flags.record !== undefined)
    await withTimeout(requireWritable(flags.record), `--record: ${flags.record}`, budgetOf(flags));
  const plan = await planRun(commandLine);
  const progress = startProgress(process.stderr, process.env);
  endOnSignals();
  try {
    const running = runProbes({
      ...plan,
      product,
      onSettled: (_, open) => progress.show(open),
      onUnownedError: (error) => unownedErrors.push(error),
    });
    // Loaded only now: the probes are already waiting for answers, so these imports cost no time.
    const postpone = forceExitAfter(plan.budgetMs);
    void loadCatalog(product.name);
    const recording = await running;
    postpone();
    const { nothingHere } = situationOf(product, recording.facts);
    if (nothingHere !== null) throw new UsageError(nothingHere);
    return { recording, postpone };
  } finally {
    progress.stop();
  }
}

async function planRun<Given extends CommonFlags>(commandLine: CommandLine<Given>): Promise<RunPlan> {
  const { product, words, flags, planOf } = commandLine;
  const common = await commonPlan(product, words, flags);
  return { ...common, ...(await planOf({ product, flags, common, env: process.env })) };
}

function replay<Given extends CommonFlags>(
  { product, words, flags }: CommandLine<Given>,
  path: string,
): Promise<Recording> {
  if (words[0] !== undefined)
    throw new UsageError(`--replay shows a recorded run as it was; ${words[0]} does not go with it, leave it out`);
  return openRecording(path, product, budgetOf(flags));
}

async function record(path: string, recording: Recording): Promise<void> {
  const { writeRecording } = await import('../record/write-recording.ts');
  try {
    await writeRecording(path, recording);
  } catch (error) {
    // The report is still written: it is worth more than its recording.
    noteLostOutput(`${programName()}: --record: ${path} was not written: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** One line for each probe, in the order in which they ended: start, duration and outcome. Facts are not shown. */
function debugLines({ facts }: Recording): string {
  return [...facts]
    .sort(([, a], [, b]) => a.endedMs - b.endedMs)
    .map(([name, { outcome, startedMs, endedMs }]) => {
      const times = `${Math.round(startedMs)}+${Math.round(endedMs - startedMs)} ms`.padEnd(14);
      const detail =
        outcome.kind === 'failed'
          ? `${outcome.failure.why} at ${outcome.failure.phase}: ${outcome.failure.detail}`
          : outcome.kind === 'not-applicable'
            ? `not applicable: ${outcome.reason}`
            : 'ok';
      return `${times} ${name.padEnd(24)} ${clean(detail, 200)}\n`;
    })
    .join('');
}

/**
 * Ctrl-C, Ctrl-\, TERM and a closed terminal end the run and its children, with the exit codes that a shell expects. If
 * the terminal is gone, Node 20 aborts at exit and leaves a core file, so the signal itself ends the process in that
 * case.
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
