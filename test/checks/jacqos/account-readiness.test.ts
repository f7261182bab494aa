import { describe, expect, test } from 'vitest';
import accountReadiness from '../../../checks/jacqos/account-readiness.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { judgeScene, printed, READY, type Scene } from './scene.ts';
import { describeStatusCommand } from './status-command.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];

describeStatusCommand(accountReadiness, 'readiness', READY);

describe('the account', () => {
  test('billing alone is a warning, and never comes before a blocking id', () => {
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

  test('billing in a truncated answer is not an answer', () => {
    expect(
      brief(
        row('account-readiness', {
          readiness: printed('{"warnings":["billing_handoff_not_configured"', 1, { code: null, end: 'limit' }),
        }),
      ),
    ).toBe('unknown');
  });

  test('an existing session refutes the reported id', () => {
    const over = row('account-readiness', { from: 'unauthenticated_management_request\n' });
    expect(brief(over)).toBe('pass');
    expect(unquoted(over, 'unauthenticated_management_request')).toEqual([]);
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

idsAndTextsArePinned('jacqos', accountReadiness);
