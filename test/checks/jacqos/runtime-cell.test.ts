import { describe, expect, test } from 'vitest';
import runtimeCell from '../../../checks/jacqos/runtime-cell.ts';
import type { Health } from '../../../src/probes/jacqos/health.ts';
import { brief, idsAndTextsArePinned } from '../scene.ts';
import { ALIVE, UNAVAILABLE, UNDECIDED, UNKNOWN_DEFAULT, UNKNOWN_NAME } from './health-answers.ts';
import { answered, CELL, judgeScene, troubled } from './scene.ts';

const cell = (health: Health) => judgeScene({ runtime: health })['runtime-cell'];

test.each(UNAVAILABLE)('is unavailable where %s', (_incident, health) => {
  expect(brief(cell({ ...health, ...CELL }))).toBe('fail runtime_cell_unavailable:outage');
});

test('a name that does not exist is first a typo in its flag, and unknown where the documented names do not resolve', () => {
  const judged = (management: Health) =>
    judgeScene({ runtime: { ...UNKNOWN_NAME, ...CELL }, management })['runtime-cell'];
  const row = judged(answered(200));
  expect(brief(row)).toBe('fail runtime_cell_unavailable:unknown-name');
  expect(row?.findings[0]?.values).toEqual({ source: '--runtime-cell-url' });
  expect(brief(judged(UNKNOWN_DEFAULT))).toBe('unknown');
});

test.each(ALIVE)('is alive with any answer: %i', (status) => {
  expect(brief(cell(answered(status, CELL)))).toBe('pass');
});

test.each(UNDECIDED)('is neither healthy nor unavailable: %s', (_incident, health, reason) => {
  const row = cell({ ...health, source: health.source === 'the default' ? health.source : CELL.source, url: CELL.url });
  expect(brief(row)).toBe('unknown');
  expect(row?.reason).toMatch(reason);
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
});

idsAndTextsArePinned('jacqos', runtimeCell);
