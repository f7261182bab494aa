import { expect, test } from 'vitest';
import { isPermitted } from '../../../src/probes/io/permissions.ts';

test('the owner has the owner bits, even if the group bits grant more', () => {
  const seen = { kind: 'there', type: 'directory', uid: 5, gid: 6, mode: 0o070, inode: '1', bytes: 0 } as const;
  expect(isPermitted({ uid: 5, gids: [6] }, 'read', seen)).toBe(false);
  expect(isPermitted({ uid: 9, gids: [6] }, 'write', seen)).toBe(true);
  expect(isPermitted({ uid: 9, gids: [] }, 'enter', seen)).toBe(false);
});
