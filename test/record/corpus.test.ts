import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { jaco } from '../../checks/index.ts';
import { reportOf } from '../../src/cli/session.ts';
import { chalkFor } from '../../src/cli/terminal.ts';
import { type AnySource, sourcesOf } from '../../src/engine/probe.ts';
import type { Product } from '../../src/engine/product.ts';
import { closure } from '../../src/engine/select.ts';
import { readRecording } from '../../src/record/read.ts';
import type { Recording } from '../../src/record/recording.ts';
import { render } from '../../src/report/render.ts';

const folder = fileURLToPath(new URL('../recordings/', import.meta.url));
const names = readdirSync(folder).filter((file) => file.endsWith('.json'));

test('there are incidents to replay', () => {
  expect(names.length).toBeGreaterThan(10);
});

/** Of today's checks those whose probes there were when it was made: what is new since says nothing of an old incident. */
function asOf({ facts }: Recording): Product {
  const isThere = (source: AnySource): boolean => source.kind === 'derived' || facts.has(source.name);
  const order = jaco.order.filter(({ check, owns = [] }) => {
    const needed = sourcesOf(check.reads).filter(({ attempted }) => !attempted);
    return [...owns.flatMap((owned) => [owned as AnySource]), ...needed.map(({ source }) => source)].every((source) =>
      [source, ...closure(source.needs)].every(isThere),
    );
  });
  return { ...jaco, order };
}

for (const file of names) {
  test(`${file}: today's doctor says what it said`, async () => {
    const read = await readRecording(folder + file);
    if ('problem' in read) throw new Error(read.problem);
    const report = await reportOf(asOf(read.recording), read.recording);
    const text = render(report, 'human', { width: 80, verbose: false, colour: chalkFor(false) });
    await expect(text).toMatchFileSnapshot(`../recordings/${file.slice(0, -5)}.${report.exit.code}.txt`);
  });
}
