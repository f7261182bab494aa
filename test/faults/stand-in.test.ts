import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jaco } from '../../checks/jaco.ts';
import { examine } from '../../src/cli/jaco/demo.ts';
import { replayOf, reportOf } from '../../src/cli/session.ts';
import { faults } from '../../src/demo/jaco/faults.ts';
import { withFault } from '../../src/demo/jaco/with-fault.ts';
import { readRecording } from '../../src/record/read-recording.ts';
import { writeRecording } from '../../src/record/write-recording.ts';

const found = new Set<string>(jaco.order.flatMap(({ check }) => check.finds));
const nameable = [...faults.values()].filter(({ expects }) => expects === null || found.has(expects));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faults-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.concurrent('the whole doctor on the stand-in', () => {
  for (const fault of nameable) {
    test(`${fault.name}: ${fault.title}`, { timeout: 60_000 }, async () => {
      const recording = await withFault(fault.name, async (_cluster, node) => examine(jaco, node));
      const report = await reportOf(jaco, recording);
      const said = report.checks.flatMap((check) => check.findings.map(({ id, subject }) => `${id} ${subject ?? ''}`));
      const blind = report.checks.filter(({ status }) => status === 'unknown');
      const unseen = blind.map(({ name, reason }) => `${name}: ${reason}`);
      const crashed = unseen.filter((reason) => reason.includes('check_crashed'));
      expect({ first: report.first, crashed }).toEqual({ first: fault.expects, crashed: [] });
      if (fault.expects === null) expect(unseen).toEqual([]);
      if (fault.expects === null && fault.warns === null) expect(said).toEqual([]);
      if (fault.warns !== null) expect(said[0]).toMatch(fault.warns);

      const path = join(folder, `${fault.name}.json`);
      await writeRecording(path, recording);
      const read = await readRecording(path);
      if ('problem' in read) throw new Error(read.problem);
      expect(JSON.stringify(await reportOf(jaco, replayOf(jaco, read.recording)))).toBe(JSON.stringify(report));
    });
  }
});
