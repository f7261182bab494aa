import { expect, test } from 'vitest';
import { buildReport, replayOf } from '../../src/cli/build-report.ts';
import { runProbes } from '../../src/cli/run-probes.ts';
import { derive, giving, productOf, reading, value } from '../engine/small-product.ts';

test('a derived fact is computed once in a run, and once in its replay', async () => {
  let computed = 0;
  const doubled = derive({
    name: 'doubled',
    from: { fact: giving('fact', 2) },
    derive: ({ fact }) => {
      computed += 1;
      return value(Number(fact) * 2);
    },
  });
  const product = productOf({ check: reading('even', { doubled }) });
  const recording = await runProbes({
    product,
    io: {},
    mode: 'node',
    selection: { only: [], skip: [] },
    failOn: 'fail',
    repeat: [],
    budgetMs: performance.now() + 5_000,
    onUnownedError: (error) => {
      throw error;
    },
  });
  const report = await buildReport(product, recording);
  expect(report.checks.map(({ status }) => status)).toEqual(['pass']);
  expect(computed).toBe(1);
  expect(await buildReport(product, replayOf(product, recording))).toEqual(report);
  expect(computed).toBe(2);
});
