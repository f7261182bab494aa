import { expect, test } from 'vitest';
import { matchCredential, registryOf } from '../../../../src/probes/jaco/runtime/image-registry.ts';

test('an image without a host comes from Docker Hub', () => {
  expect(registryOf('nginx:1')).toBe('docker.io');
  expect(registryOf('acme/web@sha256:ab')).toBe('docker.io');
  expect(registryOf('index.docker.io/acme/web:2')).toBe('docker.io');
});

test('a host is one that has a dot, a port, or is localhost', () => {
  expect(registryOf('ghcr.io/acme/web:2')).toBe('ghcr.io');
  expect(registryOf('registry:5000/web')).toBe('registry:5000');
  expect(registryOf('localhost/web')).toBe('localhost');
});

test('the longest stored prefix is used, then the only credential of the host', () => {
  expect(matchCredential('ghcr.io/acme/web:2', ['ghcr.io', 'ghcr.io/acme'])).toEqual({
    kind: 'prefix',
    registry: 'ghcr.io/acme',
  });
  expect(matchCredential('ghcr.io/acme/web:2', ['ghcr.io/other'])).toEqual({
    kind: 'sole',
    registry: 'ghcr.io/other',
    host: 'ghcr.io',
  });
});

test('several credentials of a host that cover other repositories are of no use', () => {
  expect(matchCredential('ghcr.io/acme/web:2', ['ghcr.io/a', 'ghcr.io/b', 'quay.io'])).toEqual({
    kind: 'none-covers',
    registries: ['ghcr.io/a', 'ghcr.io/b'],
    repository: 'ghcr.io/acme/web',
  });
  expect(matchCredential('nginx', ['ghcr.io'])).toEqual({ kind: 'none-stored', host: 'docker.io' });
});
