import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactSecrets } from '../../src/vault/redact-secrets.ts';
import { Vault } from '../../src/vault/vault.ts';

const token = randomBytes(32).toString('hex');
const holding = (value: string): Vault => {
  const vault = new Vault();
  vault.add(value, 'the operator token');
  return vault;
};

describe('a held value is found in a text', () => {
  const vault = holding(token);
  const hidden: Readonly<Record<string, string>> = {
    unchanged: `rejected ${token}`,
    'in capitals': token.toUpperCase(),
    'broken over two lines of a report': `evidence ${token.slice(0, 40)}\n          ${token.slice(40)}`,
    'with a colour in the middle': `${token.slice(0, 30)}\u001b[31m${token.slice(30)}`,
    'cut after its first half': `Bearer ${token.slice(0, 32)}…`,
    'without its beginning': `…${token.slice(21)}`,
    'in base64': Buffer.from(token).toString('base64'),
    'in a JSON string': JSON.stringify({ header: `Bearer ${token}` }),
  };
  for (const [how, text] of Object.entries(hidden))
    test(how, () => expect(vault.leakIn(text)).toBe('the operator token'));

  test('and not in one that only looks similar', () => {
    expect(vault.leakIn(`sha256:${randomBytes(32).toString('hex')}`)).toBeNull();
    expect(vault.leakIn(`${token.slice(0, 8)}`)).toBeNull();
  });
});

test('a key of many lines is found with any indentation or escape', () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${randomBytes(48).toString('base64')}\n-----END PRIVATE KEY-----\n`;
  expect(holding(key).leakIn(JSON.stringify({ key }))).not.toBeNull();
  expect(holding(key).leakIn(key.replaceAll('\n', '\n      '))).not.toBeNull();
});

test('a password of several words leaks only as a whole, because its words are common', () => {
  const vault = holding('correct horse battery staple 9');
  expect(vault.leakIn('a horse and a battery staple')).toBeNull();
  expect(vault.leakIn('said "correct horse battery staple 9"')).not.toBeNull();
  expect(vault.leakIn(encodeURIComponent('correct horse battery staple 9'))).not.toBeNull();
});

test('a common word does not suppress a report', () => {
  for (const word of ['bootstrap', 'production', 'jaco-1', '7000', ''])
    expect(holding(word).leakIn(`the bootstrap certificate of production on jaco-1:7000`)).toBeNull();
});

test('a secret has no text form but its name', () => {
  const secret = new Vault().add(token, 'the operator token');
  expect(`${secret}`).toBe('[the operator token]');
  expect(JSON.stringify({ secret })).toBe('{"secret":"[the operator token]"}');
  expect(Object.values(secret)).not.toContain(token);
  expect(secret.reveal()).toBe(token);
});

test('in any surrounding text, nothing of a value is left after redaction', () => {
  const given = fc.tuple(
    fc.string(),
    fc.string(),
    fc.constantFrom<(text: string) => string>((it) => it, JSON.stringify, encodeURIComponent),
  );
  fc.assert(
    fc.property(given, ([before, after, spell]) => {
      const value = `s3cr3t "quoted" ${token}`;
      const vault = holding(value);
      expect(vault.leakIn(vault.redact(`${before}${spell(value)}${after}`))).toBeNull();
    }),
  );
});

describe('shapes of secrets are removed from an untrusted text', () => {
  const lines: readonly (readonly [string, string])[] = [
    [`argument "${token}" is not a check`, 'argument "[redacted]" is not a check'],
    ['Authorization: Bearer abc.def-123', 'Authorization: Bearer [redacted]'],
    ['postgres://app:hunter2@db:5432/x', 'postgres://[redacted]@db:5432/x'],
    ['DB_PASSWORD=hunter2 started', 'DB_PASSWORD=[redacted] started'],
    ['{"api_key": "hunter two", "a": 1}', '{"api_key": [redacted], "a": 1}'],
    ['-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----', '[private key]'],
    ['-----BEGIN PRIVATE KEY-----\ncut in the mid', '[private key]'],
    ['eyJhbGciOi.eyJzdWIiOi.c2ln', '[redacted]'],
  ];
  for (const [text, left] of lines) test(left, () => expect(redactSecrets(text)).toBe(left));

  test('and ordinary words are not changed', () => {
    const text = 'token_invalid: unknown token; node jaco-1 at 10.0.0.1:7000, container 0123456789ab';
    expect(redactSecrets(text)).toBe(text);
  });
});
