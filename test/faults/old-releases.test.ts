import { expect, test } from 'vitest';
import { jaco } from '../../checks/jaco.ts';
import { buildReport } from '../../src/cli/build-report.ts';
import { examine } from '../../src/cli/jaco/demo.ts';
import { withFault } from '../../src/demo/jaco/with-fault.ts';

test.each(['v0.3.8', 'v0.3.7', 'v0.3.5', 'v0.3.2', 'v0.2.1'])(
  'three healthy nodes of %s give one note about the release, and exit 0',
  { timeout: 60_000 },
  async (release) => {
    const recording = await withFault('healthy-app', async (cluster, node) => {
      for (const one of cluster.nodes) one.release = release;
      return examine(jaco, node);
    });
    const report = await buildReport(jaco, recording);
    const row = report.checks.find(({ name }) => name === 'known-issues');
    expect({ exit: report.exit.code, status: row?.status, notes: row?.notes.length }).toEqual({
      exit: 0,
      status: 'pass',
      notes: 1,
    });
    expect(row?.notes[0]).toContain(release);
  },
);
