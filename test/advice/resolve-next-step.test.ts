import { expect, test } from 'vitest';
import { type ResolvedNextStep, resolveNextStep } from '../../src/advice/resolve-next-step.ts';
import type { NextStep } from '../../src/engine/next-step.ts';
import { nextStepOf } from '../../src/engine/next-step-of.ts';
import type { Situation } from '../../src/engine/situation.ts';
import { parseRecording } from '../../src/record/read-recording.ts';

const situation: Situation = {
  host: 'jaco-2',
  via: null,
  asRoot: false,
  version: null,
  leader: null,
  needed: [],
  leaderless: null,
  values: {},
  assumed: [],
  holds: [],
  releases: [],
  withhold: null,
  nothingHere: null,
};
const invocation = {
  command: ['jaco-doctor'],
  flags: ['--socket', '/run/other.sock'],
  selection: ['--only', 'raft'],
};

function resolved(
  step: NextStep,
  { asRoot = false, selection = invocation.selection, first = null as string | null } = {},
): ResolvedNextStep {
  return resolveNextStep(step, { ...situation, asRoot }, { ...invocation, selection }, first);
}

test('a missing right is asked for with the flags of the run, and root is not told to become root', () => {
  expect(resolved({ kind: 'as-root' }).run).toEqual([
    'sudo',
    'jaco-doctor',
    '--only',
    'raft',
    '--socket',
    '/run/other.sock',
  ]);
  expect(resolved({ kind: 'as-root' }, { asRoot: true })).toMatchObject({
    do: expect.not.stringMatching(/sudo|as root/),
    run: null,
  });
});

test('a run that was too short is repeated with a longer --timeout, and never with a shorter one', () => {
  const run = (budgetMs: number) => resolved({ kind: 'more-time', budgetMs }).run;
  expect(run(10_000)).toEqual(expect.arrayContaining(['--timeout', '30s']));
  expect(run(60_000)).toEqual(expect.arrayContaining(['--timeout', '180s']));
  expect(run(400_000)).toEqual(expect.arrayContaining(['--timeout', '600s']));
  expect(run(600_000)).toBeNull();
});

test('what waits for an answer waits for the fix of the first failing id', () => {
  for (const kind of ['again', 'answer'] as const)
    expect(resolved({ kind }, { first: 'quorum_lost' })).toMatchObject({
      do: expect.stringContaining('quorum_lost'),
      run: null,
    });
});

test('checks that --from chose are not repeated without its text', () => {
  const selection = ['--only', 'reported,runtime-token'];
  expect(resolved({ kind: 'again' }, { selection }).run).toEqual(['jaco-doctor', '--socket', '/run/other.sock']);
});

test('the package of a missing program is named', () => {
  expect(resolved({ kind: 'install', program: 'nft' }).do).toContain('nftables');
  expect(resolved({ kind: 'install', program: 'docker' }).do).toContain('docker');
});

test('a server that refuses a request is not a missing right on this host', () => {
  expect(nextStepOf({ why: 'denied', phase: 'read' }).kind).toBe('as-root');
  expect(nextStepOf({ why: 'denied', phase: 'answer' }).kind).not.toBe('as-root');
});

test('a class of failure that this version does not know gives a step', () => {
  expect(nextStepOf({ why: 'melted' as never, phase: 'read' }).kind).toBe('report');
});

test('a next step in a recording is read, and one that no version wrote is refused', () => {
  const recording = (next: object) =>
    JSON.stringify({
      schema: 'doctor-recording/1',
      tool: { name: 'jaco-doctor', version: '0.3.0' },
      product: 'jaco',
      mode: 'node',
      now: 0,
      durationMs: 0,
      selection: { only: [], skip: [] },
      failOn: 'fail',
      repeat: [],
      facts: {
        'jaco.unit': {
          outcome: { kind: 'failed', failure: { why: 'denied', phase: 'read', detail: 'd', root: 'jaco.unit', next } },
          startedMs: 0,
          endedMs: 0,
        },
      },
    });
  expect(parseRecording(recording({ kind: 'install', program: 'nft' }), 'file')).toHaveProperty('recording');
  expect(parseRecording(recording({ kind: 'run', argv: 'rm -rf' }), 'file')).toHaveProperty('problem');
});
