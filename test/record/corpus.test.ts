import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { jaco } from '../../checks/jaco.ts';
import { buildReport, replayOf } from '../../src/cli/build-report.ts';
import { chalkFor } from '../../src/cli/terminal.ts';
import { readRecording } from '../../src/record/read-recording.ts';
import { formats } from '../../src/report/formats/index.ts';

const folder = fileURLToPath(new URL('../recordings/', import.meta.url));
const names = readdirSync(folder).filter((file) => file.endsWith('.json'));

test('there are incidents to replay', () => {
  expect(names.length).toBeGreaterThan(10);
});

for (const file of names) {
  test(`${file}: today's doctor prints the expected text`, async () => {
    const read = await readRecording(folder + file);
    if ('problem' in read) throw new Error(read.problem);
    const report = await buildReport(jaco, replayOf(jaco, read.recording));
    // A changed exit code would create another snapshot instead of failing the existing one.
    expect(readdirSync(folder)).toContain(`${file.slice(0, -5)}.${report.exit.code}.txt`);
    const text = formats.human(report, {
      width: 80,
      verbose: false,
      colour: chalkFor(false),
      headerFields: jaco.headerFields,
    });
    await expect(text).toMatchFileSnapshot(`../recordings/${file.slice(0, -5)}.${report.exit.code}.txt`);
  });
}
