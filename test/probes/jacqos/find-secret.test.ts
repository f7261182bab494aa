import { describe, expect, test } from 'vitest';
import { findSecret } from '../../../src/probes/jacqos/find-secret.ts';

describe('what looks like a secret', () => {
  const none = {};
  test.each([
    ['the runtime token', 'x token-0123456789 y', { JACQOS_RUNTIME_TOKEN: 'token-0123456789' }],
    ['the AgentMail key', '{"k":"mail-0123456789"}', { JACQOS_AUTH_TESTING_EMAIL_API_KEY: 'mail-0123456789' }],
    ['the invite code', 'code=invite-0123456789', { JACQOS_CLOUD_INVITE_CODE: 'invite-0123456789' }],
    ['a private key', '-----BEGIN EC PRIVATE KEY-----', none],
    ['a signed token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4', none],
    ['a bearer value', 'Authorization: Bearer abcdefgh0123456789', none],
    ['a credential by its key', '{"refresh_token":"abcdefghijklmnop0123"}', none],
    ['a credential by its key', 'client_secret = "abcdefghijklmnop0123"', none],
  ])('%s', (kind, text, env) => {
    expect(findSecret(text, env)).toBe(kind);
  });

  test.each([
    [
      'metadata of a token',
      '{"token_id":"tok_0123456789abcdef","token_digest":"sha256:0123456789abcdef0123456789abcdef"}',
    ],
    ['a digest in its place', `{"runtime_token":"sha256:${'a1'.repeat(32)}"}`],
    ['a value left out', '{"access_token":"[redacted by the cli]","password":"****************"}'],
    ['words about it', 'the password is kept elsewhere, and the bearer is not stored'],
  ])('and what does not: %s', (_what, text) => {
    expect(findSecret(text, none)).toBeNull();
  });

  test('a short value of a variable is in innocent text too', () => {
    expect(findSecret('prod prod prod', { JACQOS_RUNTIME_TOKEN: 'prod' })).toBeNull();
  });
});
