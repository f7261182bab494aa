import { describe, expect, test } from 'vitest';
import managementPlane from '../../../checks/jacqos/management-plane.ts';
import type { Health } from '../../../src/probes/jacqos/health.ts';
import { brief, idsAndTextsArePinned } from '../scene.ts';
import { ALIVE, UNAVAILABLE, UNDECIDED, UNKNOWN_DEFAULT, UNKNOWN_NAME } from './health-answers.ts';
import { answered, CELL, judgeScene, printed, troubled } from './scene.ts';

const plane = (health: Health) => judgeScene({ management: health })['management-plane'];

test.each(UNAVAILABLE)('is unavailable where %s', (_incident, health) => {
  expect(brief(plane(health))).toBe('fail management_plane_unavailable:outage');
});

describe('a name that does not exist', () => {
  const withCell = (runtime: Health, management: Health = UNKNOWN_NAME) =>
    judgeScene({ management, runtime })['management-plane'];
  const named = answered(200, { ...CELL, asked: 'https://runtime.test/healthz' });
  const literal = answered(200, { ...CELL, asked: 'https://192.0.2.7/healthz' });

  test('is first a typo in the flag or variable that gives it', () => {
    const row = withCell(named, { ...UNKNOWN_NAME, source: 'JACQOS_MANAGEMENT_URL' });
    expect(brief(row)).toBe('fail management_plane_unavailable:unknown-name');
    expect(row?.findings[0]?.values).toEqual({ source: 'JACQOS_MANAGEMENT_URL' });
    expect(row?.findings[0]?.evidence.join()).toMatch(/JACQOS_MANAGEMENT_URL.*runtime\.test resolves/);
  });

  test.each<[string, Health]>([
    ['an address without a name', literal],
    ['an IPv6 address without a name', { ...literal, asked: 'https://[2001:db8::7]/healthz' }],
    ['localhost', { ...literal, asked: 'https://localhost:8443/healthz' }],
    ['a proxy, which resolves names itself', { ...named, proxy: 'proxy.test:3128' }],
    ['another name that does not exist', { ...UNKNOWN_NAME, ...CELL }],
  ])('is not proved to be one by %s', (_what, runtime) => {
    const row = withCell(runtime);
    expect(brief(row)).toBe('fail management_plane_unavailable:unknown-name');
    expect(row?.findings[0]?.evidence.join()).not.toMatch(/resolves/);
  });

  test('is not reported if the documented names do not resolve either', () => {
    const row = withCell(UNKNOWN_DEFAULT);
    expect(brief(row)).toBe('unknown');
    expect(row?.reason).toMatch(/cloud\.test: no such name.*documented names/);
  });

  test('of one of two variables is unknown, and of both a typo in both', () => {
    const live = { source: 'JACQOS_LIVE_MANAGEMENT_URL', url: 'https://live.test' } as const;
    const first = { ...UNKNOWN_NAME, source: 'JACQOS_MANAGEMENT_URL' };
    const both = (second: Health) => judgeScene({ management: [first, second] })['management-plane'];
    expect(brief(both(answered(200, live)))).toBe('unknown');
    expect(both({ ...UNKNOWN_NAME, ...live })?.findings[0]?.values).toEqual({
      source: 'JACQOS_MANAGEMENT_URL and JACQOS_LIVE_MANAGEMENT_URL',
    });
    expect(brief(both(answered(503, live)))).toBe('fail management_plane_unavailable:outage');
  });
});

test.each(ALIVE)('is alive with any answer: %i', (status) => {
  expect(brief(plane(answered(status)))).toBe('pass');
});

test.each(UNDECIDED)('is neither healthy nor unavailable: %s', (_incident, health, reason) => {
  const row = plane(health);
  expect(brief(row)).toBe('unknown');
  expect(row?.reason).toMatch(reason);
});

test('a refusal is reported as such', () => {
  expect(plane(answered(401))?.notes.join()).toMatch(/ 401 .*12 ms/);
});

test('a slow answer gets a note', () => {
  expect(plane(answered(200, { ms: 3_100 }))?.notes.join()).toMatch(/3100 ms/);
});

describe('both planes together', () => {
  test('with management down and the cell up, promoted endpoints keep serving', () => {
    const rows = judgeScene({
      management: answered(503),
      readiness: printed({ error: 'unauthenticated_management_request' }, 1),
    });
    expect(brief(rows['management-plane'])).toBe('fail management_plane_unavailable:outage');
    expect(brief(rows['runtime-cell'])).toBe('pass');
  });

  test('what could not be determined behind a plane that is down is blocked by it', () => {
    const failing = printed('request failed', 1);
    const rows = judgeScene({ management: answered(503), readiness: failing, status: failing });
    for (const name of ['account-readiness', 'deployment-status', 'activation'])
      expect([name, brief(rows[name])]).toEqual([name, 'blocked by management_plane_unavailable']);
  });

  test('a cell that is down is why a status is missing', () => {
    const rows = judgeScene({ runtime: answered(502, CELL), status: printed('request failed', 1) });
    expect(brief(rows['deployment-status'])).toBe('blocked by runtime_cell_unavailable');
  });
});

describe('two planes that may be meant', () => {
  const other = { source: 'JACQOS_LIVE_MANAGEMENT_URL', url: 'https://live.test' } as const;
  test('one of them down is not a finding', () => {
    const row = judgeScene({ management: [answered(200), troubled(other)] })['management-plane'];
    expect(brief(row)).toBe('unknown');
  });
  test('both of them down is an outage', () => {
    expect(brief(judgeScene({ management: [answered(503), troubled(other)] })['management-plane'])).toBe(
      'fail management_plane_unavailable:outage',
    );
  });
});

describe('what is pasted', () => {
  test('an outage that is over is shown and is not a failure', () => {
    const rows = judgeScene({ from: 'error[management_plane_unavailable]: 503\nruntime_cell_unavailable: 502\n' });
    expect(brief(rows['management-plane'])).toBe('pass');
    expect(rows['management-plane']?.notes.join()).toMatch(/management_plane_unavailable .* 200/);
    expect(rows['runtime-cell']?.notes.join()).toMatch(/runtime_cell_unavailable/);
  });

  test('an outage that cannot be refuted remains', () => {
    expect(
      brief(judgeScene({ management: answered(404), from: 'management_plane_unavailable\n' })['management-plane']),
    ).toBe('fail management_plane_unavailable:outage');
    expect(
      brief(
        judgeScene({
          runtime: troubled({ ...CELL, phase: 'tls', code: 'expired' }),
          from: 'runtime_cell_unavailable\n',
        })['runtime-cell'],
      ),
    ).toBe('fail runtime_cell_unavailable:outage');
  });

  test('a pause of changes is refuted by no answer', () => {
    expect(brief(judgeScene({ from: 'Error: management_writes_disabled: later\n' })['management-plane'])).toBe(
      'fail management_writes_disabled',
    );
  });
});

test('an id in the body of a health answer counts', () => {
  const ids = { present: ['management_writes_disabled' as const], mentioned: [], unrecognised: [] };
  expect(brief(plane(answered(200, { ids })))).toBe('fail management_writes_disabled');
});

idsAndTextsArePinned('jacqos', managementPlane);
