import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { jacqos } from '../../checks/jacqos.ts';
import { examine } from '../../src/cli/jacqos/demo.ts';
import { replayOf, reportOf } from '../../src/cli/session.ts';
import { faults } from '../../src/demo/jacqos/faults.ts';
import { withFault } from '../../src/demo/jacqos/with-fault.ts';
import { readRecording } from '../../src/record/read-recording.ts';
import { writeRecording } from '../../src/record/write-recording.ts';
import type { Report } from '../../src/report/report.ts';

const folder = mkdtempSync(join(tmpdir(), 'jacqos-faults-'));
afterAll(() => rmSync(folder, { recursive: true }));

const idsOf = (report: Report) => report.checks.flatMap(({ findings }) => findings.map(({ id }) => id));

/** Every id that a world shows, in order; what is not listed shows exactly the one it is named for, or none. */
const ALL: { readonly [fault: string]: readonly string[] } = {
  'management-down': ['management_plane_unavailable', 'unauthenticated_management_request'],
  'not-invited': ['cloud_invite_required', 'billing_handoff_not_configured'],
  'billing-open': ['billing_handoff_not_configured'],
  'cell-down': ['runtime_cell_unavailable', 'degraded_deployment'],
  'export-differs': ['export_digest_drift', 'replay_export_mismatch'],
  'two-planes': ['management_url_conflict'],
};

/** Words that prove that a fault was seen for its own reason. */
const PROOF: { readonly [fault: string]: RegExp } = {
  healthy: /account\.status: ready/,
  'management-down': /answered 503 .*what is promoted already keeps serving/s,
  'management-refused': /ECONNREFUSED/,
  'sign-in-page': /a redirect to login\.hotel\.test/,
  'certificate-expired':
    /at tls: .*the certificate has expired \(issued by JacqOS stand-in test CA, it ended Jan 1 00:00:00 2021 GMT\)/,
  'plane-silent': /at first-byte: .*no byte of an answer/,
  'signed-out': /readiness --json \(exit 1\) names unauthenticated_management_request/,
  'outage-over': /was reported and is over: .*answered 200/,
  'cell-down': /answered 502/,
  unverified: /failing: orders_fixture/,
  'strange-word': /lifecycle: hibernating/,
  'token-of-another-app': /v0\/apps\/shop\/envs\/prod\/observe \(403\) names wrong_runtime_scope/,
  'command-hangs': /jacqos cloud status --json did not come to an end in time/,
  'no-command': /no jacqos in the 2 folders of PATH/,
  'secret-in-workspace': /key\.pem holds what looks like a private key/,
  'address-malformed': /JACQOS_MANAGEMENT_URL holds .{1,2}cloud\.jacqos\.io/,
};

describe.each([...faults.values()].map((fault) => [fault.name, fault] as const))('%s', (name, fault) => {
  test('is named for its own reason, and its recording gives the same report', async () => {
    await withFault(name, async (world) => {
      const recording = await examine(jacqos, world, undefined, {
        requestLimitMs: name === 'command-hangs' || name === 'plane-silent' ? 500 : 3_000,
      });
      const report = await reportOf(jacqos, recording);
      expect({ first: report.first, verdict: report.verdict }).toEqual({
        first: fault.expects,
        verdict: fault.verdict,
      });
      expect(idsOf(report)).toEqual(ALL[name] ?? (fault.expects === null ? [] : [fault.expects]));
      expect(report.exit.code).toBe({ pass: 0, warn: 0, fail: 1, unknown: 3 }[fault.verdict]);
      expect(JSON.stringify(report)).toMatch(PROOF[name] ?? /./);
      const path = join(folder, `${name}.json`);
      await writeRecording(path, recording);
      const read = await readRecording(path);
      if ('problem' in read) throw new Error(read.problem);
      expect(JSON.stringify(await reportOf(jacqos, replayOf(jacqos, read.recording)))).toBe(JSON.stringify(report));
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
    await reportOf(jacqos, await examine(jacqos, world));
    expect(readFileSync(world.program.log, 'utf8').trim().split('\n').sort()).toEqual([
      '--version',
      'cloud readiness --json',
      'cloud status --json',
    ]);
    expect(world.management.requests).toEqual([{ method: 'GET', path: '/api/v0/health', authorization: null }]);
    expect(world.runtime.requests).toEqual([{ method: 'GET', path: '/healthz', authorization: null }]);
  });
});

test('a token that was refused is looked at alone: no command is started, no plane is asked', async () => {
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
      expect(JSON.stringify([...recording.facts, await reportOf(jacqos, recording)])).not.toContain(token);
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
      const redirected = await reportOf(jacqos, await examine(jacqos, world));
      expect(redirected.checks.find(({ name }) => name === 'runtime-token')).toMatchObject({
        status: 'unknown',
        reason: expect.stringMatching(/answered 307 without a documented id/),
      });
      expect(world.management.requests.map((one) => one.path)).toEqual(['/api/v0/health']);

      const clear = await reportOf(
        jacqos,
        await examine(jacqos, world, undefined, { runtimeUrl: world.runtime.url.replace('https', 'http') }),
      );
      expect(clear.checks.find(({ name }) => name === 'runtime-token')?.reason).toMatch(
        /the token is not sent in clear/,
      );

      const before = world.runtime.requests.length;
      const stranger = await reportOf(jacqos, await examine(jacqos, world, undefined, { ca: null }));
      expect(stranger.checks.find(({ name }) => name === 'runtime-token')).toMatchObject({ status: 'unknown' });
      expect(world.runtime.requests.length).toBe(before);
    });
  });
});
