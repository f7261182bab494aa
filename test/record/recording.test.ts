import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CollectedFact } from '../../src/engine/collect-facts.ts';
import { readRecording } from '../../src/record/read-recording.ts';
import type { Recording } from '../../src/record/recording.ts';
import { serialize, writeRecording } from '../../src/record/write-recording.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recording-'));
});
afterEach(() => rm(folder, { recursive: true }));

const gathered = (outcome: CollectedFact['outcome']): CollectedFact => ({ outcome, startedMs: 1.5, endedMs: 20 });
const recording: Recording = {
  tool: { name: 'jaco-doctor', version: '1.2.3' },
  product: 'jaco',
  mode: 'node',
  now: 1_795_000_000_000,
  durationMs: 77,
  selection: { only: ['raft'], skip: [] },
  failOn: 'fail',
  repeat: ['--socket', '/run/x.sock'],
  facts: new Map([
    ['jaco.unit', gathered({ kind: 'value', value: { active: 'yes', big: '18446744073709551615', none: null } })],
    [
      'jaco.journal',
      gathered({ kind: 'failed', failure: { why: 'denied', phase: 'read', detail: 'no right', root: 'jaco.journal' } }),
    ],
    ['jaco.reported', gathered({ kind: 'not-applicable', reason: 'no --from was given' })],
  ]),
};

test('a recording comes back as it was: values, failures and what did not apply', async () => {
  const path = join(folder, 'run.json');
  await writeRecording(path, recording);
  expect(await readRecording(path)).toEqual({ recording });
});

test('a recording is for its owner only, and never written over a file', async () => {
  const path = join(folder, 'run.json');
  await writeRecording(path, recording);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const before = await readFile(path, 'utf8');
  await expect(writeRecording(path, { ...recording, durationMs: 1 })).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readFile(path, 'utf8')).toBe(before);
});

const good = JSON.parse(serialize(recording));
const damaged: readonly (readonly [string, string, RegExp])[] = [
  ['half a file', serialize(recording).slice(0, 200), /is not JSON/],
  ['another program’s JSON', '{"results":[]}', /has no "schema"/],
  [
    'a later version',
    JSON.stringify({ ...good, schema: 'doctor-recording/9' }),
    /has schema "doctor-recording\/9"; this version reads/,
  ],
  ['a clock that is not a number', JSON.stringify({ ...good, now: 'noon' }), /damaged at now/],
  [
    'an outcome of no kind',
    JSON.stringify({ ...good, facts: { x: { outcome: { kind: 'maybe' }, startedMs: 0, endedMs: 0 } } }),
    /damaged at facts\.x\.outcome/,
  ],
  ['an escape sequence as schema', JSON.stringify({ schema: '\u001b[2Jx' }), /has schema "x"/],
];

for (const [what, text, says] of damaged) {
  test(`${what} is refused with the place named`, async () => {
    const path = join(folder, 'bad.json');
    await writeFile(path, text);
    const read = await readRecording(path);
    expect('problem' in read && read.problem).toMatch(says);
    expect('problem' in read && read.problem).toContain(path);
  });
}

test('a folder or a missing file is refused with its reason', async () => {
  expect(await readRecording(folder)).toMatchObject({ problem: expect.stringContaining('is not a file') });
  expect(await readRecording(join(folder, 'none'))).toMatchObject({ problem: expect.stringContaining('ENOENT') });
});
