import type { Product } from '../engine/product.ts';
import type { Recording } from '../record/recording.ts';
import { human } from '../report/formats/human/human.ts';
import type { Report } from '../report/report.ts';
import { shellLine, wrap } from '../report/wrap.ts';
import { asciiIfNeeded } from './ascii.ts';
import { buildReport } from './build-report.ts';
import { invocationOf } from './invocation.ts';
import type { ListFlags } from './list-flags.ts';
import { type Progress, startProgress } from './progress.ts';
import { type RunProbesOptions, runProbes } from './run-probes.ts';
import { writeStdout } from './stdout.ts';
import { renderOptions } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** A product's stand-in, and the faults that it can show. */
export type Demo = {
  /** Faults that a check of this version can find. */
  readonly faultsOf: (product: Product) => readonly DemoFault[];
  /** The fault to show if none is named. */
  readonly defaultFault: string;
  /** Starts the stand-in with a fault, runs `act`, and then removes the stand-in. */
  readonly withFault: (product: Product, name: string, act: (scene: DemoScene) => Promise<void>) => Promise<void>;
};

/**
 * A fault: its name, and the id that the doctor is expected to fail with or warn about first; null if none is expected.
 */
export type DemoFault = { readonly name: string; readonly expects: string | null; readonly warns?: string | null };

/** A stand-in with a fault in it. */
export type DemoScene = {
  /** What is wrong, without a full stop. */
  readonly title: string;
  /** The finding that is expected first, in words. */
  readonly expected: string;
  readonly isExpected: (report: Report) => boolean;
  /** Runs the doctor on it; calls `show` with the probes that are still open. */
  readonly examine: (show: Progress['show']) => Promise<Recording>;
};

type DemoFlags = ListFlags & { readonly verbose: boolean };

/**
 * Starts the stand-in with a fault, runs the doctor on it and prints the report. The exit code is 0 if the doctor names
 * the fault, and 70 if not.
 */
export async function runDemo(product: Product, demo: Demo, words: readonly string[], flags: DemoFlags): Promise<void> {
  const names = demo.faultsOf(product).map((fault) => fault.name);
  const name = await requireFault(words, names, demo.defaultFault);
  const progress = startProgress(process.stderr, process.env);
  await withRoom(() =>
    demo.withFault(product, name, async (scene) => {
      const report = await buildReport(product, await examineScene(scene, progress));
      const isExpected = scene.isExpected(report);
      process.exitCode = isExpected ? 0 : 70;
      if (flags.format === 'json') {
        const document = { schema: 'doctor-demo/1', fault: name, title: scene.title, isExpected, report };
        await writeStdout(`${JSON.stringify(document, null, 2)}\n`, 2_000);
        return;
      }
      const options = renderOptions(product, flags);
      const more = `${names.length - 1} other faults: ${shellLine([...invocationOf(product), 'demo', '--help'])} lists them`;
      const text = [
        ...wrap(`demo ${name}: ${scene.title}.`, options.width),
        '',
        human(report, options).trimEnd(),
        '',
        ...(isExpected
          ? []
          : [`The doctor was expected to report ${scene.expected} first, but did not: please report this bug.`]),
        ...wrap(more, options.width).map((line) => options.colour.dim(line)),
      ].join('\n');
      await writeStdout(asciiIfNeeded(`${text}\n`, process.env), 2_000);
    }),
  );
}

async function examineScene(scene: DemoScene, progress: Progress): Promise<Recording> {
  try {
    return await scene.examine(progress.show);
  } finally {
    progress.stop();
  }
}

/** Runs every check of a product on its stand-in, within `limitMs` from now. Throws if the doctor has a bug. */
export function examineStandIn(
  options: Pick<RunProbesOptions, 'product' | 'io' | 'selection' | 'hostUnavailable'>,
  limitMs: number,
  show: Progress['show'],
): Promise<Recording> {
  return runProbes({
    ...options,
    mode: 'node',
    failOn: 'fail',
    repeat: [],
    budgetMs: performance.now() + limitMs,
    onSettled: (_, open) => show(open),
    onUnownedError: (error) => {
      throw error;
    },
  });
}

/** The fault that the user named, or the default one. Throws {@link UsageError} for an unknown name. */
async function requireFault(words: readonly string[], names: readonly string[], defaultFault: string): Promise<string> {
  const [word = defaultFault, ...more] = words;
  if (more.length > 0) throw new UsageError(`demo: one fault at a time, not "${words.join(' ')}"`);
  const name = word.toLowerCase();
  if (names.includes(name)) return name;
  const { nearestNames } = await import('../catalog/nearest-names.ts');
  const [similar] = nearestNames(name, names);
  const hint = similar === undefined ? '' : `did you mean ${similar}? `;
  throw new UsageError(`demo: no fault "${word}"; ${hint}demo --help lists all ${names.length}`);
}

/** Error codes of a file system that is full or read-only. */
const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EROFS', 'EFBIG'];

/** Throws {@link UsageError} if the host has no room for the demo's files: this is not a bug of the doctor. */
async function withRoom<T>(demo: () => Promise<T>): Promise<T> {
  return demo().catch((error: NodeJS.ErrnoException) => {
    if (error.syscall !== 'mkdtemp' && !NO_ROOM.includes(error.code ?? '')) throw error;
    throw new UsageError(`demo: no room for its files: ${error.message}. Name another directory in TMPDIR`);
  });
}
