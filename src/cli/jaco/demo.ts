import type { Fault } from '../../demo/jaco/faults.ts';
import type { DemoNode } from '../../demo/jaco/node.ts';
import type { Product } from '../../engine/product.ts';
import type { Recording } from '../../record/recording.ts';
import { faultNamed, givenRoom, showDemo } from '../demo-report.ts';
import { progressOn } from '../progress.ts';
import { reportOf, runProbes } from '../session.ts';

/** What `demo` shows where no fault is named. */
const SHOWN = 'quorum-lost';
const BUDGET_MS = 15_000;

/** Breaks the stand-in cluster, runs the doctor on it, prints its report. Exit 0 where the doctor named the fault. */
export async function demo(
  product: Product,
  words: readonly string[],
  flags: { verbose: boolean; 'no-color': boolean },
): Promise<void> {
  const [{ withFault }, { faults }] = await Promise.all([
    import('../../demo/jaco/with-fault.ts'),
    import('../../demo/jaco/faults.ts'),
  ]);
  const names = namesFor(product, [...faults.values()]);
  const name = faultNamed(words, names, SHOWN);
  const progress = progressOn(process.stderr, process.env);
  await givenRoom(() =>
    withFault(name, async (_cluster, node, fault) => {
      const recording = await examine(product, node, (open) => progress.tell(open)).finally(() => progress.stop());
      const report = await reportOf(product, recording);
      const title = `${fault.title}. The doctor runs on ${node.hostname}`;
      const right = report.first === fault.expects;
      await showDemo(report, {
        name,
        title,
        product,
        right,
        expected: fault.expects ?? 'that nothing is wrong',
        names,
        flags,
      });
    }),
  );
}

/** Faults that a check of this version can name. */
function namesFor({ order }: Product, faults: readonly Fault[]): string[] {
  const found = new Set<string>(order.flatMap(({ check }) => check.finds));
  return faults.filter(({ expects }) => expects === null || found.has(expects)).map(({ name }) => name);
}

/** What the real doctor finds on a node of the stand-in; `docker` is the socket of its engine, the stand-in's unless given. */
export function examine(
  product: Product,
  node: DemoNode,
  tell: (open: readonly string[]) => void = () => {},
  docker = node.docker.socketPath,
): Promise<Recording> {
  return runProbes({
    product,
    mode: 'node',
    hostUnavailable: 'the stand-in of the demo has no such thing of its own',
    selection: { only: [], skip: [] },
    failOn: 'fail',
    repeat: [],
    budgetMs: performance.now() + BUDGET_MS,
    io: {
      token: null,
      settings: {
        // As on a host: jacod.yaml says where the socket is.
        socket: null,
        config: node.configPath,
        caCert: null,
        servers: [],
        standIn: {
          hostname: node.hostname,
          runningSinceMs: node.state === 'down' ? null : node.startedAtMs,
          docker,
        },
        from: null,
        sinceMs: 86_400_000,
      },
    },
    onSettled: (_, open) => tell(open),
    stray: (error) => {
      throw error;
    },
  });
}
