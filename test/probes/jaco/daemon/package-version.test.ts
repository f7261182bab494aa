import { expect, test } from 'vitest';
import { dpkgVersion } from '../../../../src/probes/jaco/daemon/package-version.ts';

const paragraph = (name: string, status: string, version: string) =>
  `Package: ${name}\nStatus: ${status}\nPriority: optional\nVersion: ${version}\nDescription: x\n Version: 9.9.9\n`;

test('the version is that of the package jaco, and of no other with a similar name', () => {
  const file = [
    paragraph('jaco-doctor', 'install ok installed', '0.3.0'),
    paragraph('jaco', 'install ok installed', '0.3.8-1'),
    paragraph('libjaco', 'install ok installed', '7.0'),
  ].join('\n');
  expect(dpkgVersion(file)).toEqual({ kind: 'known', version: '0.3.8-1' });
  expect(dpkgVersion(paragraph('jaco', 'install ok installed', '1:0.3.9'))).toEqual({
    kind: 'known',
    version: '1:0.3.9',
  });
});

test('a package that was removed, or only partly installed, has no version', () => {
  expect(dpkgVersion(paragraph('jaco', 'deinstall ok config-files', '0.3.8'))).toEqual({ kind: 'none' });
  expect(dpkgVersion(paragraph('jaco', 'install ok half-configured', '0.3.8'))).toEqual({ kind: 'none' });
  expect(dpkgVersion(paragraph('other', 'install ok installed', '0.3.8'))).toEqual({ kind: 'none' });
  expect(dpkgVersion('')).toEqual({ kind: 'none' });
});
