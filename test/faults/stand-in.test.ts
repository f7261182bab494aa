import { describe, expect, test } from 'vitest';
import { jaco } from '../../checks/index.ts';
import { examine } from '../../src/cli/demo.ts';
import { faults } from '../../src/demo/faults.ts';
import { withFault } from '../../src/demo/run.ts';

const found = new Set<string>(jaco.order.flatMap(({ check }) => check.finds));
const nameable = [...faults.values()].filter(({ expects }) => expects === null || found.has(expects));

describe.concurrent('the whole doctor on the stand-in', () => {
  for (const fault of nameable) {
    test(`${fault.name}: ${fault.title}`, { timeout: 30_000 }, async () => {
      await withFault(fault.name, async (_cluster, node) => {
        const report = await examine(jaco, node);
        const said = report.checks.flatMap((check) =>
          check.findings.map(({ id, subject }) => `${id} ${subject ?? ''}`),
        );
        const unseen = report.checks
          .filter(({ status }) => status === 'unknown')
          .map(({ name, reason }) => `${name}: ${reason}`);
        expect({ first: report.first, said, unseen: fault.expects === null ? unseen : [] }).toMatchObject({
          first: fault.expects,
          unseen: [],
        });
        if (fault.expects === null && fault.warns === null) expect(said).toEqual([]);
        if (fault.warns !== null) expect(said[0]).toMatch(fault.warns);
      });
    });
  }
});
