import { describe, expect, test } from 'vitest';
import { devicePath, isUnder, mountOf, parseMounts } from '../../../src/probes/io/mounts.ts';

describe('mounts', () => {
  const HOST = parseMounts(
    '29 1 0:90 / /run rw,nosuid shared:2 - tmpfs tmpfs rw\n28 1 8:1 / / rw - ext4 /dev/sda1 rw\n',
  );

  test('the daemon’s own /run/jaco in a sandbox is the host’s folder', () => {
    const theirs = parseMounts(
      '274 258 0:90 / /run ro,nosuid - tmpfs tmpfs rw\n278 274 0:90 /jaco /run/jaco rw - tmpfs tmpfs rw\n258 85 8:1 / / ro - ext4 x rw\n',
    );
    expect(devicePath(theirs, '/run/jaco')).toBe(devicePath(HOST, '/run/jaco'));
    expect(mountOf(theirs, '/srv/jaco')?.readOnly).toBe(true);
  });

  test('a private one is another', () => {
    const theirs = parseMounts(
      '274 258 0:90 / /run ro - tmpfs tmpfs rw\n278 274 0:236 / /run/jaco rw - tmpfs tmpfs rw\n',
    );
    expect(devicePath(theirs, '/run/jaco')).not.toBe(devicePath(HOST, '/run/jaco'));
  });

  test('of two over each other the later one is visible', () => {
    const twice = parseMounts('1 0 8:1 / /data rw - a a rw\n2 1 8:2 / /data ro - b b rw\n');
    expect(mountOf(twice, '/data/x')).toMatchObject({ device: '8:2', readOnly: true });
  });

  test('blanks are written as octal', () => {
    expect(parseMounts('1 0 8:1 / /mnt/a\\040b rw - a a rw\n')[0]?.point).toBe('/mnt/a b');
  });

  test('/var/lib/jaco2 is not inside /var/lib/jaco', () => {
    expect([
      isUnder('/var/lib/jaco2', '/var/lib/jaco'),
      isUnder('/var/lib/jaco/raft', '/var/lib/jaco'),
      isUnder('/x', '/'),
    ]).toEqual([false, true, true]);
  });
});
