import { describe, expect, test } from 'vitest';
import operatorToken from '../../../checks/jaco/operator-token.ts';
import { failed, type Outcome } from '../../../src/engine/outcome.ts';
import { ownCertificate } from '../../../src/probes/jaco/access/own-certificate.ts';
import type { TokenAnswer } from '../../../src/probes/jaco/access/token-answer.ts';
import { tokenFormat } from '../../../src/probes/jaco/access/token-format.ts';
import { brief, idsAndTextsArePinned, unquoted, words } from '../scene.ts';
import { bootstrap, DAY, judge, NOW, target } from './scenes/access-scene.ts';

describe('the operator token', () => {
  const hex = '0123456789abcdef'.repeat(4);
  const refused = (token: string): TokenAnswer => ({
    kind: 'refused',
    code: 'token_invalid',
    said: 'token_invalid: unknown token',
    shape: tokenFormat(token),
  });

  test('that is missing, or set and empty, is distinguished from a wrong one', () => {
    expect(brief(judge({ trial: { kind: 'missing', how: 'absent' } }).token)).toBe('fail token_missing:absent');
    expect(brief(judge({ trial: { kind: 'missing', how: 'empty' } }).token)).toBe('fail token_missing:empty');
  });

  for (const [what, token, cause] of [
    ['a stranger', hex, 'right'],
    ['in capitals', hex.toUpperCase(), 'upper-case'],
    ['with the scheme before it', `Bearer ${hex}`, 'scheme-word'],
    ['with a blank behind it', `${hex} `, 'blanks'],
    ['cut short', hex.slice(1), 'other'],
  ] as const)
    test(`that is ${what} is unknown to the cluster, and nothing of it is shown`, () => {
      const { token: row } = judge({ trial: refused(token) });
      expect(brief(row)).toBe(`fail token_invalid:${cause}`);
      expect(unquoted(row, 'token_invalid: unknown token')).toEqual([]);
      expect(words(row).toLowerCase()).not.toContain(hex.slice(1, 20));
    });

  test('that no header can carry is not sent and invalid all the same', () => {
    expect(brief(judge({ trial: { kind: 'unsendable', shape: tokenFormat(`${hex}\r`) } }).token)).toBe(
      'fail token_invalid:blanks',
    );
  });

  test('that was withdrawn is revoked', () => {
    const trial: TokenAnswer = {
      kind: 'refused',
      code: 'token_revoked',
      said: 'token has been revoked',
      shape: tokenFormat(hex),
    };
    expect(brief(judge({ trial }).token)).toBe('fail token_revoked');
  });

  test('that no user has any more: a warning, with the owner of the last one', () => {
    const tokens = [
      { identity: 'bootstrap', revoked: true, revokedAtMs: NOW - DAY },
      { identity: 'ci', revoked: true, revokedAtMs: NOW - 60_000 },
    ];
    const { token } = judge({ tokens });
    expect(brief(token)).toBe('warn operator_locked_out');
    expect(unquoted(token, 'ci')).toEqual([]);
  });

  test('is not judged without a leader: a restarted node calls every good one unknown', () => {
    const leader = failed(
      'withheld',
      'leader',
      'this node knows no leader, so what it has stored may be old or empty',
    ) as Outcome;
    const { token } = judge({ leader, trial: leader, tokens: leader });
    expect(brief(token)).toBe('unknown');
  });

  test('that was not sent because no port could be trusted is unknown, with the reason', () => {
    const withheld = failed(
      'withheld',
      'tls',
      'the token was not sent: no operator port proved to be of the cluster',
      ownCertificate,
    ) as Outcome;
    const { token } = judge({ trial: withheld, targets: [target(bootstrap)] });
    expect(brief(token)).toBe('blocked by tls_bootstrap_certificate');
  });
});

idsAndTextsArePinned('jaco', operatorToken);
