import { expect, test } from 'vitest';
import { pullError } from '../../../../src/probes/jaco/runtime/pull-error.ts';

test.each([
  ['Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io on 127.0.0.53:53: no such host', 'dns'],
  ['pull access denied for acme/web, repository does not exist or may require docker login', 'unauthorized'],
  ['manifest for nginx:9.99 not found: manifest unknown', 'not-found'],
  ['net/http: request canceled while waiting for connection: deadline exceeded', 'timeout'],
  ['dial tcp 10.0.0.9:5000: connect: connection refused', 'unreachable'],
  ['http: server gave HTTP response to HTTPS client', 'unreachable'],
  ['write /var/lib/docker: no space left on device', 'unknown'],
])('%s', (reason, error) => {
  expect(pullError(reason)).toBe(error);
});
