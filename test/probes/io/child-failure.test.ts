import { expect, test } from 'vitest';
import { childFailure, outputExcerpt } from '../../../src/probes/io/child-failure.ts';
import { vault } from '../../../src/vault/vault.ts';

const RUN = { kind: 'run', argv: ['nft', 'list', 'ruleset'] } as const;
const ended = (code: number | null, stderr: string, stdout = '') => ({ code, stderr, stdout });

test('a program that fails leaves its exit code and its error text', () => {
  const { failure } = childFailure('nft', ended(1, 'Error: JSON support not compiled-in'), RUN);
  expect(failure).toMatchObject({ why: 'unreadable', next: RUN });
  expect(failure.detail).toBe('nft: exit 1: Error: JSON support not compiled-in');
});

test('without an error text, the start of its output is quoted', () => {
  expect(childFailure('ip', ended(2, '', 'Usage: ip\n'), RUN).failure.detail).toBe('ip: exit 2: Usage: ip');
  expect(childFailure('ip', ended(null, ''), RUN).failure.detail).toContain('signal');
});

test('a missing right is not told to run the program by hand', () => {
  const { failure } = childFailure('nft', ended(1, 'Operation not permitted (you must be root)'), RUN);
  expect(failure.why).toBe('denied');
  expect(failure.next).toBeUndefined();
});

test('what a failed program printed is bounded, stripped and redacted', () => {
  vault.add('kept-secret-4711-kept-secret', 'the kept secret');
  const words = outputExcerpt(
    `one \u001b[31mred\nkept-secret-4711-kept-secret\npassword=hunter22\nfourth line\n${'x'.repeat(10_000)}`,
  );
  expect(words).toBe('one red [the kept secret] password=[redacted]');
  expect(outputExcerpt('y'.repeat(10_000)).length).toBeLessThanOrEqual(300);
});
