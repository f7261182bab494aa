import { describe, expect, test } from 'vitest';
import { parseAccounts } from '../../../src/probes/io/accounts.ts';

describe('accounts', () => {
  const accounts = parseAccounts(
    'root:x:0:0::/root:/bin/sh\njaco:x:997:996::/var/lib/jaco:/usr/sbin/nologin\nbroken\n',
    'root:x:0:\njaco:x:996:op\ndocker:x:995:jaco,op\n',
  );

  test('a user has the group of passwd and those of group', () => {
    expect(accounts.user('jaco')).toEqual({ name: 'jaco', uid: 997, gids: [996, 995] });
    expect(accounts.user('997')?.name).toBe('jaco');
    expect(accounts.user('nobody')).toBeNull();
  });

  test('a number without a name is itself', () => {
    expect([accounts.userName(0), accounts.userName(4711), accounts.groupName(995), accounts.groupName(1)]).toEqual([
      'root',
      '4711',
      'docker',
      '1',
    ]);
  });
});
