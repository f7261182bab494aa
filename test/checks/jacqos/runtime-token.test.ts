import { describe, expect, test } from 'vitest';
import runtimeToken from '../../../checks/jacqos/runtime-token.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { CELL, judgeScene, refused, type Scene, troubled } from './scene.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];

describe('the runtime token', () => {
  const judged = (scene: Scene) => row('runtime-token', scene);
  const observed = (status: number, given: object = {}) => ({
    observed: {
      asked: 'https://runtime.test/v0/apps/shop/envs/prod/observe',
      status,
      present: [],
      unrecognised: [],
      ...given,
    },
  });

  test('without a call nothing is judged, whether a token is set or not', () => {
    expect(brief(judged({}))).toBe('not-applicable');
    expect(brief(judged({ environment: { token: 'set' } }))).toBe('not-applicable');
  });

  test.each([
    ['blank', 'missing_runtime_token:blank'],
    ['quotes', 'invalid_runtime_token:quotes'],
    ['line-break', 'invalid_runtime_token:line-break'],
    ['unsendable', 'invalid_runtime_token:unsendable'],
  ] as const)('a value that is %s is a warning, and a failure where it is to be sent', (token, id) => {
    expect(brief(judged({ environment: { token } }))).toBe(`warn warn ${id}`);
    const withheld = refused('observe', 'withheld', 'no token that could be sent', 'token');
    expect(brief(judged({ environment: { token }, observed: withheld }))).toBe(`fail ${id}`);
  });

  test('with --deep, an unset variable is why nothing could be asked', () => {
    expect(brief(judged({ observed: refused('observe', 'withheld', 'unset', 'token') }))).toBe(
      'fail missing_runtime_token:unset',
    );
  });

  test('only a documented id is believed of what the runtime answers', () => {
    const environment = { token: 'set' } as const;
    expect(brief(judged({ environment, ...observed(200) }))).toBe('pass');
    expect(brief(judged({ environment, ...observed(403, { present: ['wrong_runtime_scope'] }) }))).toBe(
      'fail wrong_runtime_scope',
    );
    const strange = judged({ environment, ...observed(401, { unrecognised: ['token_expired'] }) });
    expect(brief(strange)).toBe('unknown');
    expect(unquoted(strange, '401', 'token_expired')).toEqual([]);
  });

  test('a call that could not be made is unknown, or blocked by a cell that is down', () => {
    const environment = { token: 'set' } as const;
    const late = refused('observe', 'silent', 'no byte of an answer', 'first-byte');
    expect(brief(judged({ environment, observed: late }))).toBe('unknown');
    expect(brief(judged({ environment, observed: late, runtime: troubled(CELL) }))).toBe(
      'blocked by runtime_cell_unavailable',
    );
  });

  test('a refused call is reported with the state of this shell’s token', () => {
    const missing = judged({ environment: { token: 'set' }, from: 'missing_runtime_token\n' });
    expect(brief(missing)).toBe('fail missing_runtime_token:set');
    expect(unquoted(missing, 'JACQOS_RUNTIME_TOKEN')).toEqual([]);
    expect(brief(judged({ from: 'missing_runtime_token\n' }))).toBe('fail missing_runtime_token:unset');
    expect(brief(judged({ environment: { token: 'set' }, from: 'invalid_runtime_token\n' }))).toBe(
      'fail invalid_runtime_token:refused',
    );
    expect(brief(judged({ environment: { token: 'quotes' }, from: 'invalid_runtime_token\n' }))).toBe(
      'fail invalid_runtime_token:quotes',
    );
    for (const id of [
      'revoked_runtime_token',
      'runtime_token_issue_quota_exceeded',
      'runtime_token_ttl_exceeds_limit',
      'runtime_token_scope_limit_exceeded',
    ])
      expect(brief(judged({ from: `${id}\n` }))).toBe(`fail ${id}`);
  });
});

idsAndTextsArePinned('jacqos', runtimeToken);
