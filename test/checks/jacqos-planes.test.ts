import { describe, expect, test } from 'vitest';
import type { Health } from '../../src/probes/jacqos/health.ts';
import { answered, brief, CELL, judgeScene, printed, troubled, wordsOf } from './jacqos-scene.ts';

const plane = (health: Health) => judgeScene({ management: health })['management-plane'];
const cell = (health: Health) => judgeScene({ runtime: health })['runtime-cell'];

describe('what is unavailable', () => {
  test.each<[string, Health]>([
    ['nobody listens', troubled()],
    [
      'a configured name leads nowhere',
      troubled({ phase: 'dns', code: 'ENOTFOUND', why: 'absent', detail: 'cloud.test: no such name' }),
    ],
    ['an error of the server', answered(500)],
    ['a gateway without a server', answered(502)],
    ['out of service', answered(503)],
  ])('%s', (_what, health) => {
    expect(brief(plane(health))).toBe('fail management_plane_unavailable');
    expect(brief(cell({ ...health, ...CELL }))).toBe('fail runtime_cell_unavailable');
  });
});

describe('what is alive, whatever it answers', () => {
  test.each([200, 204, 401, 403, 429])('%i', (status) => {
    expect(brief(plane(answered(status)))).toBe('pass');
    expect(brief(cell(answered(status, CELL)))).toBe('pass');
  });

  test('a refusal is told as one', () => {
    expect(plane(answered(401))?.notes.join()).toMatch(
      /answered 401 after 12 ms: it refuses this question, and so it is alive/,
    );
  });

  test('a slow answer is worth a word', () => {
    expect(plane(answered(200, { ms: 3_100 }))?.notes.join()).toMatch(/is slow: it answered after 3100 ms/);
  });
});

describe('what is never called healthy, nor unavailable', () => {
  const word = { key: 'status', word: 'degraded', standing: 'other' } as const;
  test.each<[string, Health, RegExp]>([
    ['a path that is not there', answered(404), /answered 404 .*says nothing about its health/],
    [
      'a redirect',
      answered(302, { redirectedTo: 'login.hotel.test' }),
      /a redirect to login\.hotel\.test, which was not followed/,
    ],
    ['a page for people', answered(200, { body: 'page' }), /a page for people/],
    ['a network that asks for a sign-in', answered(511), /the network asks for a sign-in of its own/],
    ['a word of its own', answered(200, { words: [word] }), /it calls itself "degraded" \(status\)/],
    [
      'no answer in time',
      troubled({ phase: 'first-byte', why: 'silent', code: null, detail: 'no byte' }),
      /at first-byte: no byte/,
    ],
    [
      'a certificate',
      troubled({ phase: 'tls', code: 'expired', detail: 'the certificate has expired' }),
      /at tls: the certificate has expired/,
    ],
    [
      'a name server that does not answer',
      troubled({ phase: 'dns', code: null, why: 'timeout', detail: 'no answer from DNS' }),
      /at dns: no answer from DNS/,
    ],
    [
      'the production name unknown to this network',
      troubled({ source: 'the default', phase: 'dns', code: 'ENOTFOUND', why: 'absent', detail: 'no such name' }),
      /at dns: no such name/,
    ],
    [
      'a proxy that is dead',
      troubled({
        phase: 'proxy',
        code: 'ECONNREFUSED',
        proxy: 'proxy.test:3128',
        detail: 'the proxy proxy.test:3128: refused',
      }),
      /at proxy: the proxy proxy\.test:3128/,
    ],
    [
      'an error that may be the proxy’s',
      answered(502, { asked: 'http://cloud.test/x', proxy: 'proxy.test:3128' }),
      /may be the answer of the proxy/,
    ],
  ])('%s', (_what, health, says) => {
    for (const row of [
      plane(health),
      cell({ ...health, source: health.source === 'the default' ? health.source : CELL.source, url: CELL.url }),
    ]) {
      expect(brief(row)).toBe('unknown');
      expect(row?.reason).toMatch(says);
    }
  });
});

describe('both planes together', () => {
  test('with management down and the cell up, what is promoted keeps serving', () => {
    const rows = judgeScene({
      management: answered(503),
      readiness: printed({ error: 'unauthenticated_management_request' }, 1),
    });
    expect(wordsOf(rows['management-plane'])).toContain('what is promoted already keeps serving');
    expect(brief(rows['runtime-cell'])).toBe('pass');
  });

  test('what could not be learnt behind a plane that is down is blocked by it', () => {
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
  test('one of them down accuses nobody', () => {
    const row = judgeScene({ management: [answered(200), troubled(other)] })['management-plane'];
    expect(brief(row)).toBe('unknown');
    expect(row?.reason).toMatch(/and another plane is named too/);
  });
  test('both of them down is an outage', () => {
    expect(brief(judgeScene({ management: [answered(503), troubled(other)] })['management-plane'])).toBe(
      'fail management_plane_unavailable',
    );
  });
});

describe('what is pasted', () => {
  test('an outage that is over is shown and is no failure', () => {
    const rows = judgeScene({ from: 'error[management_plane_unavailable]: 503\nruntime_cell_unavailable: 502\n' });
    expect(brief(rows['management-plane'])).toBe('pass');
    expect(rows['management-plane']?.notes.join()).toMatch(
      /management_plane_unavailable was reported and is over: .*answered 200/,
    );
    expect(rows['runtime-cell']?.notes.join()).toMatch(/runtime_cell_unavailable was reported and is over/);
  });

  test('an outage that cannot be refuted stands', () => {
    expect(
      brief(judgeScene({ management: answered(404), from: 'management_plane_unavailable\n' })['management-plane']),
    ).toBe('fail management_plane_unavailable');
    expect(
      brief(
        judgeScene({
          runtime: troubled({ ...CELL, phase: 'tls', code: 'expired' }),
          from: 'runtime_cell_unavailable\n',
        })['runtime-cell'],
      ),
    ).toBe('fail runtime_cell_unavailable');
  });

  test('a pause of changes is refuted by no answer', () => {
    expect(brief(judgeScene({ from: 'Error: management_writes_disabled: later\n' })['management-plane'])).toBe(
      'fail management_writes_disabled',
    );
  });
});

test('an id in the body of a health answer is heard', () => {
  const ids = { present: ['management_writes_disabled' as const], mentioned: [], unrecognised: [] };
  expect(brief(plane(answered(200, { ids })))).toBe('fail management_writes_disabled');
});
