import { expect, test } from 'vitest';
import { type DockerError, dockerError, isEngineRefusal } from '../../../src/probes/docker/docker-error.ts';

const TEXTS: readonly (readonly [string, DockerError])[] = [
  ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is it running?', { kind: 'unreachable' }],
  [
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    { kind: 'permission-denied' },
  ],
  ['client version 1.51 is too new. Maximum supported API version is 1.41', { kind: 'api-version' }],
  ['write /var/lib/docker/tmp/x: no space left on device', { kind: 'no-space', containerdRoot: null }],
  [
    'write /data/containerd/io.containerd.content.v1/x: no space left on device',
    { kind: 'no-space', containerdRoot: '/data/containerd' },
  ],
  ['Pool overlaps with other one on this address space', { kind: 'address-overlap' }],
  ['removal of container 7032ab is already in progress', { kind: 'removal-in-progress' }],
  ['Error response from daemon: No such container: 7032ab', { kind: 'no-container' }],
  ['network jaco_shop_back not found', { kind: 'no-network', network: 'jaco_shop_back' }],
  ['OCI runtime create failed: exec: "serve": not found', { kind: 'other' }],
];

test.each(TEXTS)('%s', (text, error) => {
  expect(dockerError(text)).toEqual(error);
});

test('an exhausted number of cgroups or inotify watches is not a full disk', () => {
  expect(dockerError('mkdir /sys/fs/cgroup/memory/docker/ab: no space left on device').kind).toBe('other');
  expect(dockerError('no space left on device: inotify_add_watch').kind).toBe('other');
});

test('an engine that answers with an error is not refused', () => {
  const refusing = TEXTS.filter(([, error]) => isEngineRefusal(error)).map(([, { kind }]) => kind);
  expect(refusing).toEqual(['unreachable', 'permission-denied', 'api-version']);
});
