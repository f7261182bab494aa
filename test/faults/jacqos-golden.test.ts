import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { jacqos } from '../../checks/jacqos.ts';
import { buildReport } from '../../src/cli/build-report.ts';
import { examine } from '../../src/cli/jacqos/demo.ts';
import { chalkFor } from '../../src/cli/terminal.ts';
import { withFault } from '../../src/demo/jacqos/with-fault.ts';
import { mapStrings } from '../../src/engine/json.ts';
import { human } from '../../src/report/formats/human/human.ts';
import type { Report } from '../../src/report/report.ts';

/** Parts that differ between runs and hosts, replaced by a text of the same length. */
function still(report: Report, root: string): Report {
  const text = (one: string): string =>
    one
      .replaceAll(root, '/tmp/jacqos-demo-000000')
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:40000')
      .replace(/ after \d+ ms/g, ' after 12 ms');
  const host = report.target.host === hostname() ? 'laptop' : report.target.host;
  const tool = { ...report.tool, version: '0.0.0' };
  const times = { startedAt: '2026-06-01T12:00:00.000Z', durationMs: 212 };
  return mapStrings({ ...report, ...times, tool, target: { ...report.target, host } }, text);
}

test.each(['cell-down', 'deploy-refused', 'outage-over', 'strange-word'])(
  'the report of %s for a person, at 80 columns and without colour',
  async (name) => {
    await withFault(name, async (world) => {
      const report = still(await buildReport(jacqos, await examine(jacqos, world)), world.root);
      const seen = human(report, {
        width: 80,
        verbose: false,
        colour: chalkFor(false),
        headerFields: jacqos.headerFields,
      });
      // The exit code is in the name, as in the other golden outputs.
      await expect(seen).toMatchFileSnapshot(`../golden/jacqos-${name}.${report.exit.code}.80.txt`);
    });
  },
);
