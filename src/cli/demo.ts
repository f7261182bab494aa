import { nearNames } from '../catalog/near.ts';
import type { Fault } from '../demo/faults.ts';
import type { DemoNode } from '../demo/node.ts';
import type { Product } from '../engine/product.ts';
import type { Recording } from '../record/recording.ts';
import { human } from '../report/human.ts';
import { wrap } from '../report/wrap.ts';
import { progressOn } from './progress.ts';
import { lookAround, reportOf } from './session.ts';
import { chalkFor, coloured, widthOf } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { writeOut } from './write-out.ts';

/** What `demo` shows where no fault is named. */
const SHOWN = 'quorum-lost';
const BUDGET_MS = 15_000;

/** Breaks the stand-in cluster, runs the doctor on it, prints its report. Exit 0 where the doctor named the fault. */
export async function demo(
  product: Product,
  words: readonly string[],
  flags: { verbose: boolean; 'no-color': boolean },
): Promise<void> {
  const [{ withFault }, { faults }] = await Promise.all([import('../demo/run.ts'), import('../demo/faults.ts')]);
  const names = namesFor(product, [...faults.values()]);
  const name = faultNamed(words, names);
  const width = widthOf(process.stdout, process.env);
  const colour = chalkFor(coloured(flags['no-color'] ? 'never' : 'auto', process.stdout, process.env));
  const progress = progressOn(process.stderr, process.env);
  await withFault(name, async (_cluster, node, fault) => {
    const recording = await examine(product, node, (open) => progress.tell(open)).finally(() => progress.stop());
    const report = await reportOf(product, recording);
    const right = report.first === fault.expects;
    process.exitCode = right ? 0 : 70;
    const text = [
      ...wrap(`demo ${name}: ${fault.title}. The doctor runs on ${node.hostname}.`, width),
      '',
      human(report, { width, colour, verbose: flags.verbose }).trimEnd(),
      '',
      ...(right ? [] : [`The doctor should have said ${expected(fault)} first, and did not: please report this.`]),
      ...wrap(`other faults: ${names.filter((other) => other !== name).join(' ')}`, width).map((line) =>
        colour.dim(line),
      ),
    ].join('\n');
    await writeOut(`${text}\n`, 2_000);
  });
}

/** Faults that a check of this version can name. */
function namesFor({ order }: Product, faults: readonly Fault[]): string[] {
  const found = new Set<string>(order.flatMap(({ check }) => check.finds));
  return faults.filter(({ expects }) => expects === null || found.has(expects)).map(({ name }) => name);
}

function faultNamed(words: readonly string[], names: readonly string[]): string {
  const [name = SHOWN, ...more] = words;
  if (more.length > 0) throw new UsageError(`demo: one fault at a time, not "${words.join(' ')}"`);
  if (names.includes(name)) return name;
  const [near] = nearNames(name, names);
  const hint = near === undefined ? '' : `did you mean ${near}? `;
  throw new UsageError(`demo: no fault "${name}"; ${hint}there are: ${names.join(' ')}`);
}

function expected({ expects }: Fault): string {
  return expects ?? 'that nothing is wrong';
}

/** What the real doctor finds on a node of the stand-in. */
export function examine(
  product: Product,
  node: DemoNode,
  tell: (open: readonly string[]) => void = () => {},
): Promise<Recording> {
  return lookAround({
    product,
    mode: 'node',
    token: null,
    selection: { only: [], skip: [] },
    failOn: 'fail',
    repeat: [],
    budgetMs: performance.now() + BUDGET_MS,
    settings: {
      // As on a host: jacod.yaml says where the socket is.
      socket: null,
      config: node.configPath,
      caCert: null,
      servers: [],
      standIn: { hostname: node.hostname, runningSinceMs: node.state === 'down' ? null : node.startedAtMs },
      from: null,
      sinceMs: 86_400_000,
    },
    onSettled: (_, open) => tell(open),
    stray: (error) => {
      throw error;
    },
  });
}
