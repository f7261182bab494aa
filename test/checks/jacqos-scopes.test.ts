import { describe, expect, test } from 'vitest';
import { jacqos } from '../../checks/jacqos.ts';
import { jacqosDocumented, severityOf } from '../../src/catalog/generated/ids.ts';
import { notApplicable } from '../../src/engine/outcome.ts';
import {
  ACTIVE,
  BUNDLE,
  brief,
  CELL,
  headline,
  judgeScene,
  printed,
  READY,
  refused,
  type Scene,
  troubled,
  wordsOf,
} from './jacqos-scene.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];
const COMMANDS = [
  ['account-readiness', 'readiness', READY],
  ['deployment-status', 'status', ACTIVE],
] as const;

describe.each(COMMANDS)('%s', (name, command, good) => {
  const judged = (answer: Scene['readiness']) => row(name, { [command]: answer } as Scene);

  test('passes on words that count as well, and shows them', () => {
    expect(brief(judged(printed(good)))).toBe('pass');
    expect(brief(judged(printed(`working on it…\n${JSON.stringify(good)}\n`)))).toBe('pass');
  });

  test.each<[string, Scene['readiness'], RegExp]>([
    ['nothing in it', printed({}), /says nothing about how it stands/],
    ['a bare string', printed('"ready"'), /answered without JSON/],
    ['prose', printed('all is ready'), /answered without JSON/],
    ['silence', printed(''), /answered without JSON/],
    ['a word that no page knows', printed({ lifecycle: 'hibernating' }), /says lifecycle: hibernating/],
    ['a state that is false', printed({ ready: false }), /says ready: false/],
    ['a good word of a command that failed', printed(good, 3), /ended with exit 3 and named no documented id/],
    ['damage', printed('{"lifecycle":"active",'), /is damaged/],
    ['more than is read', printed(good, 0, { cut: true }), /printed more than is read of it/],
    ['no end', printed(good, 0, { code: null, end: 'limit' }), /did not come to an end in time/],
    ['a signal', printed(good, 0, { code: null, end: 'signal' }), /was ended by a signal/],
    [
      'an id of tomorrow',
      printed({ ...good, error: { code: 'region_moved' } }),
      /names "region_moved", which no page knows/,
    ],
    [
      'a word that may be a secret',
      printed({ ...good, errors: ['sk_live_4f3a2b1c9d8e7f6a'] }),
      /1 that look like secrets/,
    ],
  ])('is unknown on %s', (_what, answer, says) => {
    const found = judged(answer);
    expect(brief(found)).toBe('unknown');
    expect(found?.reason).toMatch(says);
    expect(wordsOf(found)).not.toMatch(/4f3a2b1c/);
  });

  test('is unknown where the command could not be run, with the reason', () => {
    const found = judged(refused(command, 'timeout', 'no answer within 9000 ms', 'run'));
    expect(brief(found)).toBe('unknown');
    expect(found?.reason).toBe('no answer within 9000 ms');
  });
});

describe('the account', () => {
  test('billing alone is a warning, and never comes before what stands in the way', () => {
    expect(
      brief(
        row('account-readiness', { readiness: printed({ ...READY, warnings: ['billing_handoff_not_configured'] }) }),
      ),
    ).toBe('warn billing_handoff_not_configured');
    const both = printed({ blockers: ['billing_handoff_not_configured', 'missing_management_route_scope'] }, 1);
    expect(brief(row('account-readiness', { readiness: both }))).toBe(
      'fail missing_management_route_scope billing_handoff_not_configured',
    );
  });

  test('billing in an answer that was cut off is no answer', () => {
    expect(
      brief(
        row('account-readiness', {
          readiness: printed('{"warnings":["billing_handoff_not_configured"', 1, { code: null, end: 'limit' }),
        }),
      ),
    ).toBe('unknown');
  });

  test('a session that is there now refutes what was said of it', () => {
    const over = row('account-readiness', { from: 'unauthenticated_management_request\n' });
    expect(brief(over)).toBe('pass');
    expect(over?.notes.join()).toMatch(/was reported and is over: .* says that the account is ready/);
  });

  test('a sign-in that failed, a role and a name are refuted by nothing', () => {
    for (const id of ['verification_code_expired', 'missing_management_route_scope', 'duplicate_app_name'])
      expect(brief(row('account-readiness', { from: `${id}\n` }))).toBe(`fail ${id}`);
  });

  test('what made a command fail blocks what it would have shown', () => {
    const failing = printed({ error: 'workos_identity_rejected' }, 1);
    const rows = judgeScene({ readiness: failing, status: failing });
    expect(brief(rows['account-readiness'])).toBe('fail workos_identity_rejected');
    expect(brief(rows['deployment-status'])).toBe('blocked by workos_identity_rejected');
  });
});

describe('the package', () => {
  const found = (given: Partial<typeof BUNDLE>) => ({ bundle: { found: { ...BUNDLE, ...given } as typeof BUNDLE } });
  const judged = (scene: Scene) => row('verification-bundle', scene);

  test('a bundle that passed is sound', () => {
    expect(brief(judged({}))).toBe('pass');
  });

  test('one that failed names what failed in it', () => {
    const failed = judged(found({ status: 'failed', failing: ['orders_fixture'], failed: 2 }));
    expect(brief(failed)).toBe('fail unverified_package_publish:bundle-failed');
    expect(wordsOf(failed)).toMatch(/shop\.json: failed\nfailing: orders_fixture\n1 more failing/);
  });

  test('it explains a publish that failed, and is a warning beside any other fault', () => {
    const failed = found({ status: 'failed' });
    expect(brief(judged({ ...failed, from: 'unverified_package_publish\n' }))).toBe(
      'fail unverified_package_publish:bundle-failed',
    );
    for (const from of ['revoked_runtime_token\n', 'append_policy_denied\n', 'export_digest_drift\n'])
      expect(brief(judged({ ...failed, from }))).toBe('warn warn unverified_package_publish:bundle-failed');
    expect(headline({ ...failed, status: printed({ error: 'read_only_deployment' }, 1) })).toBe('read_only_deployment');
  });

  test.each<[string, Scene, RegExp]>([
    ['skipped', found({ status: 'skipped' }), /says skipped: nothing was verified/],
    ['passed with redaction findings', found({ redactionFindings: 2 }), /has 2 redaction findings/],
    ['a status that no page knows', found({ status: 'partial' }), /has the status "partial", which no page knows/],
    ['another app', found({ appId: 'till' }), /is the bundle of another app/],
    [
      'damage',
      { bundle: { found: { kind: 'malformed', problem: 'it is no JSON' } } },
      /is no verification bundle: it is no JSON/,
    ],
    ['no right to read it', { bundle: refused('bundle', 'denied', 'EACCES', 'read') }, /could not be read: EACCES/],
    [
      'a jacqos.toml that is none',
      { app: { toml: 'unreadable', appId: null, problem: 'no TOML at line 2' } },
      /no TOML at line 2/,
    ],
  ])('is never plainly healthy with %s', (_what, scene, says) => {
    const unclear = judged(scene);
    expect(brief(unclear)).toBe('unknown');
    expect(unclear?.reason).toMatch(says);
  });

  test('a missing bundle is a note and accuses nobody', () => {
    const missing = judged({ bundle: { found: { kind: 'absent', others: 2 } } });
    expect(brief(missing)).toBe('pass');
    expect(missing?.notes.join()).toMatch(/there is no verification bundle .*2 of other apps lie beside it/);
    const elsewhere = judged({
      app: { toml: 'absent', appId: null },
      bundle: notApplicable('/tmp is no app’s folder'),
    });
    expect(brief(elsewhere)).toBe('not-applicable');
  });

  test('a source that is newer is a note', () => {
    expect(judged({ bundle: { newer: 'ontology/rules.dh' } })?.notes.join()).toMatch(
      /ontology\/rules\.dh is newer than the bundle/,
    );
  });
});

describe('the activation', () => {
  test('another evaluator on this host is how every change begins', () => {
    const other = row('activation', {
      bundle: { found: { ...BUNDLE, evaluatorDigest: 'sha256:0000' } as typeof BUNDLE },
    });
    expect(brief(other)).toBe('pass');
    expect(other?.notes.join()).toMatch(/normal after a change that is not promoted yet/);
    expect(row('activation', {})?.notes.join()).toMatch(/is the active one/);
  });

  test('something that is active now refutes that nothing was', () => {
    const over = row('activation', { from: 'no_active_evaluator\n' });
    expect(brief(over)).toBe('pass');
    expect(over?.notes.join()).toMatch(/no_active_evaluator was reported and is over: .*lifecycle: active/);
    expect(brief(row('activation', { from: 'stale_activation_package_identity\n' }))).toBe(
      'fail stale_activation_package_identity',
    );
  });
});

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
    expect(strange?.reason).toMatch(/answered 401 without a documented id and "token_expired", which no page knows/);
  });

  test('a call that could not be made is unknown, or blocked by a cell that is down', () => {
    const environment = { token: 'set' } as const;
    const late = refused('observe', 'silent', 'no byte of an answer', 'first-byte');
    expect(brief(judged({ environment, observed: late }))).toBe('unknown');
    expect(brief(judged({ environment, observed: late, runtime: troubled(CELL) }))).toBe(
      'blocked by runtime_cell_unavailable',
    );
  });

  test('what was refused is told with what this shell has to send', () => {
    const missing = judged({ environment: { token: 'set' }, from: 'missing_runtime_token\n' });
    expect(brief(missing)).toBe('fail missing_runtime_token:set');
    expect(wordsOf(missing)).toContain('JACQOS_RUNTIME_TOKEN is set here');
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

test('what nothing asks for is not applicable, until something names it', () => {
  const well = judgeScene({});
  for (const name of ['hosted-effects', 'append', 'replay', 'reported'])
    expect([name, brief(well[name])]).toEqual([name, 'not-applicable']);
  expect(brief(row('hosted-effects', { status: printed({ ...ACTIVE, effects: ['hosted_effect_failure'] }) }))).toBe(
    'fail hosted_effect_failure',
  );
  expect(brief(row('hosted-effects', { from: 'manual_reconcile_required\n' }))).toBe('fail manual_reconcile_required');
});

describe('the text', () => {
  test('without an id in it is not called understood, and what it mentions is shown', () => {
    const nothing = row('reported', { from: 'History:\n  no_active_evaluator\n' });
    expect(brief(nothing)).toBe('unknown');
    expect(nothing?.notes).toEqual(['no_active_evaluator stands in the text and is not said to be what is wrong now']);
  });

  test('an unknown word is shown as it came, and taken for no other', () => {
    const strange = judgeScene({ from: 'Error: missing_runtime_tokens: none\n' });
    expect(brief(strange['reported'])).toBe('unknown');
    expect(strange['reported']?.reason).toMatch(
      /no documented id as wrong now, only "missing_runtime_tokens", which no page/,
    );
    expect(strange['reported']?.notes.join()).toMatch(/not recognised: "missing_runtime_tokens"/);
    expect(brief(strange['runtime-token'])).toBe('not-applicable');
  });
});

describe('every documented id', () => {
  const order = jacqos.order.map(({ check }) => check);
  const place = (id: string): number => order.findIndex(({ finds }) => (finds as readonly string[]).includes(id));

  test.each(jacqosDocumented)('%s is found by one check in text and in JSON, and nothing else fails', (id) => {
    const answer = printed({ error: { id } }, 1);
    for (const scene of [
      {
        from: `error[${id}]: it did not work\n`,
        management: troubled({ phase: 'tls', code: 'expired' }),
        runtime: troubled({ ...CELL, phase: 'tls', code: 'expired' }),
        readiness: printed('', 1),
        status: printed('', 1),
      },
      { status: answer },
    ] satisfies Scene[]) {
      const rows = Object.values(judgeScene(scene));
      const failing = rows.filter(({ findings }) => findings.length > 0);
      expect(failing.map(({ name, findings }) => [name, findings.map((one) => one.id)])).toEqual([
        [order[place(id)]?.name, [id]],
      ]);
    }
  });

  test('of two, the one of the earlier scope leads, whichever is named first', () => {
    const ids = jacqosDocumented.filter((id) => severityOf[id] === 'fail');
    const unsure = {
      management: troubled({ phase: 'tls', code: 'expired' }),
      runtime: troubled({ ...CELL, phase: 'tls', code: 'expired' }),
      readiness: printed('', 1),
      status: printed('', 1),
    };
    for (const one of ids)
      for (const other of ids) {
        if (place(one) >= place(other)) continue;
        expect(headline({ ...unsure, from: `${other}\n${one}\n` }), `${one} before ${other}`).toBe(one);
      }
  });

  test('of two in one scope, the one that is named first leads', () => {
    for (const { finds } of order) {
      const [one, other] = finds.filter(
        (id) => severityOf[id] === 'fail' && (jacqosDocumented as readonly string[]).includes(id),
      );
      if (one === undefined || other === undefined) continue;
      const unsure = {
        management: troubled({ phase: 'tls', code: 'expired' }),
        readiness: printed('', 1),
        status: printed('', 1),
      };
      expect(headline({ ...unsure, from: `${other}\n${one}\n` }), `${other} before ${one}`).toBe(other);
    }
  });
});

test('an id that status names and one that was pasted keep the triage order', () => {
  expect(headline({ from: 'revoked_runtime_token\n', status: printed({ error: 'degraded_deployment' }, 1) })).toBe(
    'degraded_deployment',
  );
  expect(
    headline({
      from: 'no_active_evaluator\n',
      status: printed('', 1),
      readiness: printed({ error: 'cloud_invite_required' }, 1),
    }),
  ).toBe('cloud_invite_required');
});
