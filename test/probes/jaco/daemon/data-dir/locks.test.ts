import { expect, test } from 'vitest';
import { deviceName, lockHoldersOf } from '../../../../../src/probes/jaco/daemon/data-dir/locks.ts';

test('the lock of the raft log is found among all locks of the host', () => {
  const text =
    '1: FLOCK  ADVISORY  WRITE 226 00:1f:12345 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 489 00:1f:12345 0 EOF\n2: POSIX  ADVISORY  READ 9 00:1f:99 0 EOF\n3: FLOCK  ADVISORY  WRITE 7 08:01:12345 0 EOF\n';
  expect(lockHoldersOf(text, '00:1f', '12345')).toEqual([226]);
  expect(deviceName(0x801)).toBe('08:01');
  expect(deviceName(0x1f)).toBe('00:1f');
});
