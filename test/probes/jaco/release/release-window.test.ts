import { expect, test } from 'vitest';
import { parseVersion } from '../../../../src/probes/jaco/release/parse-version.ts';
import {
  areDifferentReleases,
  formatWindow,
  type ReleaseFeatures,
  releaseWindow,
} from '../../../../src/probes/jaco/release/release-window.ts';

const window = (given: Partial<ReleaseFeatures>) =>
  releaseWindow({ listsServers: null, listsReplicas: null, namesHosts: null, ...given });
const version = (text: string) => parseVersion(text, 'binary');

test('what a node answers bounds its release on both sides', () => {
  expect(formatWindow(window({ listsServers: false }))).toBe('v0.2.0 or earlier');
  expect(formatWindow(window({ listsServers: true, listsReplicas: false }))).toBe('v0.2.1 to v0.3.7');
  expect(formatWindow(window({ listsReplicas: true }))).toBe('v0.3.8 or later');
  expect(formatWindow(window({ listsServers: true, listsReplicas: true, namesHosts: false }))).toBe('like v0.3.8');
  expect(formatWindow(window({ listsServers: true, listsReplicas: true, namesHosts: true }))).toBe('v0.3.9 or later');
  expect(formatWindow(window({}))).toBe('not known');
});

test('a follower lists no servers in any release, so nothing follows from that', () => {
  expect(formatWindow(window({ listsServers: null, listsReplicas: false }))).toBe('v0.3.7 or earlier');
});

test('two windows that overlap are not a difference', () => {
  expect(areDifferentReleases(window({ listsReplicas: false }), window({ listsReplicas: true }))).toBe(true);
  expect(areDifferentReleases(window({ listsReplicas: false }), window({ listsServers: true }))).toBe(false);
  expect(areDifferentReleases(window({}), window({ namesHosts: true }))).toBe(false);
});

test('a release inside a window is not a difference, one outside of it is', () => {
  const old = window({ listsServers: true, listsReplicas: false });
  expect(areDifferentReleases(version('v0.3.5'), old)).toBe(false);
  expect(areDifferentReleases(old, version('v0.3.9'))).toBe(true);
  expect(areDifferentReleases(version('v0.2.0'), old)).toBe(true);
  // A candidate of v0.3.8 may lack features of v0.3.8.
  expect(areDifferentReleases(version('v0.3.8-rc1'), old)).toBe(false);
  expect(areDifferentReleases(version('v0.3.7-4-g84caadb'), old)).toBe(false);
});

test('two versions that name the same release are not a difference', () => {
  expect(areDifferentReleases(version('v0.3.9'), version('0.3.9'))).toBe(false);
  expect(areDifferentReleases(version('v0.3.8'), version('v0.3.9'))).toBe(true);
  expect(areDifferentReleases(version('dev'), version('v0.3.9'))).toBe(false);
});
