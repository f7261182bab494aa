import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { jacqos } from '../../checks/jacqos.ts';
import { buildReport, replayOf } from '../../src/cli/build-report.ts';
import { examine } from '../../src/cli/jacqos/demo.ts';
import { faults } from '../../src/demo/jacqos/faults.ts';
import { withFault } from '../../src/demo/jacqos/with-fault.ts';
import { readRecording } from '../../src/record/read-recording.ts';
import { writeRecording } from '../../src/record/write-recording.ts';
import { troublesOf } from '../checks/scene.ts';
import { expected } from './jacqos-expected.ts';

const folder = mkdtempSync(join(tmpdir(), 'jacqos-faults-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('every fault says what is expected of it, and why that proves it', () => {
  expect(Object.keys(expected).sort()).toEqual([...faults.keys()].sort());
});

describe.each([...faults.values()].map((fault) => [fault.name, fault] as const))('%s', (name, fault) => {
  test('is named for its own reason, and its recording gives the same report', async () => {
    await withFault(name, async (world) => {
      const recording = await examine(jacqos, world, undefined, {
        requestLimitMs: name === 'command-hangs' || name === 'plane-silent' ? 500 : 3_000,
      });
      const report = await buildReport(jacqos, recording);
      expect({ first: report.first, verdict: report.verdict }).toEqual({
        first: fault.expects,
        verdict: fault.verdict,
      });
      const { proof, ...outcome } = expected[name] as (typeof expected)[string];
      expect({ exit: report.exit.code, rows: troublesOf(jacqos, recording) }).toEqual(outcome);
      expect(
        report.checks
          .flatMap((row) => [
            row.reason,
            ...row.evidence,
            ...row.notes,
            ...row.findings.flatMap(({ evidence }) => evidence),
          ])
          .join('\n'),
      ).toMatch(proof);
      const path = join(folder, `${name}.json`);
      await writeRecording(path, recording);
      const read = await readRecording(path);
      if ('problem' in read) throw new Error(read.problem);
      expect(JSON.stringify(await buildReport(jacqos, replayOf(jacqos, read.recording)))).toBe(JSON.stringify(report));
    });
  });
});

test('there are at least twelve, and every scope has one', () => {
  const expected = new Set([...faults.values()].flatMap(({ expects }) => expects ?? []));
  expect(expected.size).toBeGreaterThanOrEqual(12);
  const scopes = jacqos.order
    .filter(({ check }) => check.finds.some((id) => expected.has(id)))
    .map(({ check }) => check.group);
  expect([...new Set(scopes)]).toEqual([
    'local',
    'reach',
    'account',
    'runtime',
    'package',
    'deployment',
    'activation',
    'token',
    'effects',
    'append',
    'replay',
  ]);
});

test('a run starts two commands and asks with GET, without credentials', async () => {
  await withFault('healthy', async (world) => {
    world.env['JACQOS_RUNTIME_TOKEN'] = 'stand-in-token-0123456789';
    await buildReport(jacqos, await examine(jacqos, world));
    expect(readFileSync(world.program.log, 'utf8').trim().split('\n').sort()).toEqual([
      '--version',
      'cloud readiness --json',
      'cloud status --json',
    ]);
    expect(world.management.requests).toEqual([{ method: 'GET', path: '/api/v0/health', authorization: null }]);
    expect(world.runtime.requests).toEqual([{ method: 'GET', path: '/healthz', authorization: null }]);
  });
});

test('only a refused token is examined: no command is started, no plane is asked', async () => {
  await withFault('token-revoked', async (world) => {
    await examine(jacqos, world);
    expect(existsSync(world.program.log)).toBe(false);
    expect([...world.management.requests, ...world.runtime.requests]).toEqual([]);
  });
});

describe('the token', () => {
  const token = 'stand-in-token-0123456789';
  test('goes to the runtime with --deep and nowhere else', async () => {
    await withFault('token-of-another-app', async (world) => {
      const recording = await examine(jacqos, world);
      expect(world.runtime.requests.map(({ authorization }) => authorization).sort()).toEqual([
        `Bearer ${token}`,
        null,
      ]);
      expect(world.management.requests.every(({ authorization }) => authorization === null)).toBe(true);
      expect(JSON.stringify([...recording.facts, await buildReport(jacqos, recording)])).not.toContain(token);
    });
  });

  test('does not follow a redirect, and is not sent in clear or to a stranger', async () => {
    await withFault('token-of-another-app', async (world) => {
      const path = '/v0/apps/shop/envs/prod/observe';
      world.runtime.answersByPath.set(path, {
        kind: 'answer',
        status: 307,
        location: `${world.management.url}${path}`,
      });
      const redirected = await buildReport(jacqos, await examine(jacqos, world));
      expect(redirected.checks.find(({ name }) => name === 'runtime-token')).toMatchObject({
        status: 'unknown',
        reason: expect.stringContaining('307'),
      });
      expect(world.management.requests.map((one) => one.path)).toEqual(['/api/v0/health']);

      const clear = await buildReport(
        jacqos,
        await examine(jacqos, world, undefined, { runtimeUrl: world.runtime.url.replace('https', 'http') }),
      );
      expect(clear.checks.find(({ name }) => name === 'runtime-token')?.reason).toMatch(
        /the token is not sent unencrypted/,
      );

      const before = world.runtime.requests.length;
      const stranger = await buildReport(jacqos, await examine(jacqos, world, undefined, { ca: null }));
      expect(stranger.checks.find(({ name }) => name === 'runtime-token')).toMatchObject({ status: 'unknown' });
      expect(world.runtime.requests.length).toBe(before);
    });
  });
});
