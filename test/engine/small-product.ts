import { type Id, severityOf } from '../../src/catalog/generated/ids.ts';
import { installFaultGuard } from '../../src/engine/attribute-faults.ts';
import { check } from '../../src/engine/check.ts';
import { collectFacts } from '../../src/engine/collect-facts.ts';
import { judged, pass, unknown } from '../../src/engine/finding.ts';
import type { Json } from '../../src/engine/json.ts';
import { judgeRun } from '../../src/engine/judge-run.ts';
import { value } from '../../src/engine/outcome.ts';
import { attempt, derive, type Needs, type Probe, probeFactory } from '../../src/engine/probe.ts';
import type { Product } from '../../src/engine/product.ts';
import type { Row } from '../../src/engine/row.ts';
import { type RunFacts, sourcesOfRun } from '../../src/engine/run-facts.ts';
import type { Selection } from '../../src/engine/selection.ts';

export { attempt, check, derive, judged, pass, unknown, value };

export const probe = probeFactory<Record<never, never>>();

/** A probe that gives a fact at once. */
export function giving(name: string, fact: Json = name): Probe {
  return probe({ name, where: 'anywhere', deadlineMs: 1000, collect: async () => value(fact) });
}

/** A check that passes whenever it is judged. */
export function reading(name: string, reads: Needs, group = 'group') {
  return check({ name, group, where: 'anywhere', title: `${name} holds`, reads, finds: [], judge: () => pass([]) });
}

export function productOf(...order: Product['order']): Product {
  const situation = derive({
    name: 'small.situation',
    from: {},
    derive: () =>
      value({
        host: 'h',
        version: null,
        leader: null,
        needed: [],
        leaderless: null,
        values: {},
        assumed: [],
        via: null,
        asRoot: null,
        holds: [],
        releases: [],
        withhold: null,
        nothingHere: null,
      }),
  });
  return { name: 'jaco', bin: 'jaco-doctor', order, situation, headerFields: () => [] };
}

export type Ran = {
  readonly rows: readonly Row[];
  readonly facts: RunFacts;
  readonly strays: readonly unknown[];
  readonly ms: number;
};

/** Runs a product completely: probes, guard, judgement. */
export async function run(
  product: Product,
  options: Partial<{
    budgetMs: number;
    selection: Selection;
    mode: 'node' | 'anywhere';
    hostUnavailable: string;
  }> = {},
): Promise<Ran> {
  const { budgetMs = 5000, selection = { only: [], skip: [] }, mode = 'node', hostUnavailable } = options;
  const shared = { mode, selection, severityOf: (id: Id) => severityOf[id], now: 1_800_000_000_000 };
  const strays: unknown[] = [];
  const started = performance.now();
  const undo = installFaultGuard((error) => strays.push(error));
  try {
    const elapsed = () => performance.now() - started;
    const facts = await collectFacts(sourcesOfRun(product, selection, []), {
      ...shared,
      io: {},
      elapsed,
      budgetMs,
      hostUnavailable,
    });
    return { rows: judgeRun(product, facts, shared), facts, strays, ms: elapsed() };
  } finally {
    undo();
  }
}

/** A row by the name of its check. */
export function rowOf({ rows }: Pick<Ran, 'rows'>, name: string): Row {
  const row = rows.find((one) => one.name === name);
  if (!row) throw new Error(`no row ${name}`);
  return row;
}
