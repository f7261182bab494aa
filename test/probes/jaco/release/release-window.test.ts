import { expect, test } from 'vitest';
import { parseVersion } from '../../../../src/probes/jaco/release/parse-version.ts';
import {
  type ReleaseFeatures,
  releaseWindow,
  surelyDiffer,
  windowText,
} from '../../../../src/probes/jaco/release/release-window.ts';

const window = (given: Partial<ReleaseFeatures>) =>
  releaseWindow({ listsServers: null, listsReplicas: null, namesHosts: null, ...given });
const version = (text: string) => parseVersion(text, 'binary');

test('what a node answers bounds its release on both sides', () => {
  expect(windowText(window({ listsServers: false }))).toBe('v0.2.0 or earlier');
  expect(windowText(window({ listsServers: true, listsReplicas: false }))).toBe('v0.2.1 to v0.3.7');
  expect(windowText(window({ listsReplicas: true }))).toBe('v0.3.8 or later');
  expect(windowText(window({ listsServers: true, listsReplicas: true, namesHosts: false }))).toBe('like v0.3.8');
  expect(windowText(window({ listsServers: true, listsReplicas: true, namesHosts: true }))).toBe('v0.3.9 or later');
  expect(windowText(window({}))).toBe('not known');
});

test('a follower lists no servers in any release, so nothing follows from that', () => {
  expect(windowText(window({ listsServers: null, listsReplicas: false }))).toBe('v0.3.7 or earlier');
});

test('two windows that overlap are not a difference', () => {
  expect(surelyDiffer(window({ listsReplicas: false }), window({ listsReplicas: true }))).toBe(true);
  expect(surelyDiffer(window({ listsReplicas: false }), window({ listsServers: true }))).toBe(false);
  expect(surelyDiffer(window({}), window({ namesHosts: true }))).toBe(false);
});

test('a release inside a window is not a difference, one outside of it is', () => {
  const old = window({ listsServers: true, listsReplicas: false });
  expect(surelyDiffer(version('v0.3.5'), old)).toBe(false);
  expect(surelyDiffer(old, version('v0.3.9'))).toBe(true);
  expect(surelyDiffer(version('v0.2.0'), old)).toBe(true);
  // A candidate of v0.3.8 may lack features of v0.3.8.
  expect(surelyDiffer(version('v0.3.8-rc1'), old)).toBe(false);
  expect(surelyDiffer(version('v0.3.7-4-g84caadb'), old)).toBe(false);
});

test('two versions that name the same release are not a difference', () => {
  expect(surelyDiffer(version('v0.3.9'), version('0.3.9'))).toBe(false);
  expect(surelyDiffer(version('v0.3.8'), version('v0.3.9'))).toBe(true);
  expect(surelyDiffer(version('dev'), version('v0.3.9'))).toBe(false);
});
