import type { Fault } from '../../demo/jacqos/faults.ts';
import type { StandInCloud } from '../../demo/jacqos/stand-in-cloud.ts';
import type { Product } from '../../engine/product.ts';
import type { FromText, JacqosIo, JacqosSettings } from '../../probes/jacqos/io.ts';
import { readOutput } from '../../probes/jacqos/reader/read-output.ts';
import type { Recording } from '../../record/recording.ts';
import { faultNamed, givenRoom, showDemo } from '../demo-report.ts';
import { progressOn } from '../progress.ts';
import { reportOf, runProbes } from '../session.ts';
import { selectionFor } from './selection.ts';

/** What `demo` shows where no fault is named. */
const SHOWN = 'cell-down';
const BUDGET_MS = 8_000;
const PATIENCE_MS = 2_000;

/** Opens a stand-in world with a fault in it, runs the doctor on it, prints its report. Exit 0 where the doctor named the fault. */
export async function demo(
  product: Product,
  words: readonly string[],
  flags: { verbose: boolean; 'no-color': boolean },
): Promise<void> {
  const [{ withFault }, { faults }] = await Promise.all([
    import('../../demo/jacqos/with-fault.ts'),
    import('../../demo/jacqos/faults.ts'),
  ]);
  const names = [...faults.keys()];
  const name = faultNamed(words, names, SHOWN);
  const progress = progressOn(process.stderr, process.env);
  await givenRoom(() =>
    withFault(name, async (world, fault) => {
      const recording = await examine(product, world, (open) => progress.tell(open)).finally(() => progress.stop());
      const report = await reportOf(product, recording);
      const right = report.first === fault.expects && report.verdict === fault.verdict;
      await showDemo(report, { name, title: fault.title, product, right, expected: expected(fault), names, flags });
    }),
  );
}

function expected({ expects, verdict }: Fault): string {
  return expects ?? `nothing, and the verdict "${verdict}"`;
}

/** What the real doctor finds in a stand-in world. */
export function examine(
  product: Product,
  world: StandInCloud,
  tell: (open: readonly string[]) => void = () => {},
  given: Partial<JacqosSettings> = {},
): Promise<Recording> {
  const { pasted, deep } = world;
  const from: FromText | null =
    pasted === null ? null : { ...readOutput(pasted, { failed: true }), bytes: pasted.length, cut: false };
  const { selection, leftOut } = selectionFor(product, { only: [], skip: [] }, from, deep);
  const named = ['JACQOS_MANAGEMENT_URL', 'JACQOS_LIVE_MANAGEMENT_URL'].some((name) => world.env[name] !== undefined);
  const settings: JacqosSettings = {
    appDir: world.app.dir,
    managementUrl: named ? null : world.management.url,
    runtimeUrl: world.runtime.url,
    appId: null,
    environmentId: null,
    deep,
    from,
    skippedProbes: leftOut,
    requestLimitMs: PATIENCE_MS,
    ca: world.ca,
    ...given,
  };
  return runProbes({
    product,
    mode: 'node',
    selection,
    failOn: 'fail',
    repeat: [],
    budgetMs: performance.now() + BUDGET_MS,
    io: { settings, env: world.environment } satisfies JacqosIo,
    onSettled: (_, open) => tell(open),
    stray: (error) => {
      throw error;
    },
  });
}
