import { expect, test } from 'vitest';
import { resumeError } from '../../../../src/probes/jaco/journal/resume-error.ts';

test.each([
  ['listen tcp 10.0.0.1:7001: bind: cannot assign requested address', 'address-gone'],
  ['open /var/lib/jaco/raft/log.db: permission denied', 'permission-denied'],
  ['open /var/lib/jaco/raft/log.db: read-only file system', 'read-only'],
  ['open log.db: resource temporarily unavailable', 'lock-held'],
  ['open bolt: timeout', 'lock-held'],
  ['open bolt: invalid database', 'damaged-log'],
  ['hostname for raft resume failed', 'no-hostname'],
  ['unexpected end of log', 'other'],
])('%s', (text, kind) => {
  expect(resumeError(text)).toEqual({ kind });
});

test('a taken raft port is named with its address, if the text names it', () => {
  expect(resumeError('listen tcp 10.0.0.1:7001: bind: address already in use')).toEqual({
    kind: 'port-in-use',
    address: '10.0.0.1:7001',
  });
  expect(resumeError('raft transport: address already in use')).toEqual({ kind: 'port-in-use', address: null });
});
