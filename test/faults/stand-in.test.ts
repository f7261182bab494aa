import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jaco } from '../../checks/jaco.ts';
import { buildReport, replayOf } from '../../src/cli/build-report.ts';
import { examine } from '../../src/cli/jaco/demo.ts';
import { faults } from '../../src/demo/jaco/faults.ts';
import { withFault } from '../../src/demo/jaco/with-fault.ts';
import { readRecording } from '../../src/record/read-recording.ts';
import { writeRecording } from '../../src/record/write-recording.ts';
import { troublesOf } from '../checks/scene.ts';
import { expected } from './stand-in-expected.ts';

/** The stand-in listens on ports that differ from run to run. */
function withoutPorts(rows: { readonly [check: string]: string }): { readonly [check: string]: string } {
  const entries = Object.entries(rows).map(([check, row]) => [
    check,
    row.replace(/(127\.\d+\.\d+\.\d+):\d+/g, '$1:port').replace(/TCP \d+/, 'TCP port'),
  ]);
  return Object.fromEntries(entries);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faults-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('every fault says what is expected of it', () => {
  expect(Object.keys(expected).sort()).toEqual([...faults.keys()].sort());
});

describe.concurrent('the whole doctor on the stand-in', () => {
  for (const fault of faults.values()) {
    test(`${fault.name}: ${fault.title}`, { timeout: 60_000 }, async () => {
      const recording = await withFault(fault.name, async (_cluster, node) => examine(jaco, node));
      const report = await buildReport(jaco, recording);
      const { exit, rows } = expected[fault.name] ?? { exit: null, rows: null };
      expect({ first: report.first, exit: report.exit.code, rows: withoutPorts(troublesOf(jaco, recording)) }).toEqual({
        first: fault.expects,
        exit,
        rows,
      });
      if (fault.warns !== null) expect(Object.values(rows ?? {})[0]).toContain(`warn ${fault.warns}`);

      const path = join(folder, `${fault.name}.json`);
      await writeRecording(path, recording);
      const read = await readRecording(path);
      if ('problem' in read) throw new Error(read.problem);
      expect(JSON.stringify(await buildReport(jaco, replayOf(jaco, read.recording)))).toBe(JSON.stringify(report));
    });
  }
});
