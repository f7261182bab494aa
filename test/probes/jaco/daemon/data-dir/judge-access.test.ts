import { describe, expect, test } from 'vitest';
import type { PathStatus } from '../../../../../src/probes/io/files.ts';
import {
  isReadOnlyForUnit,
  judgeAccess,
  type PathStep,
} from '../../../../../src/probes/jaco/daemon/data-dir/judge-access.ts';

const JACO = { name: 'jaco', uid: 997, gids: [996, 995] };

function step(
  path: string,
  mode: number,
  given: { uid?: number; gid?: number; type?: 'file' | 'directory' } = {},
): PathStep {
  const { uid = 997, gid = 996, type = 'directory' } = given;
  const seen: PathStatus = { kind: 'there', type, uid, gid, mode, inode: '1', bytes: 0 };
  return { path, status: seen, owner: uid === 0 ? 'root' : 'jaco', group: gid === 0 ? 'root' : 'jaco' };
}

const ROOT = { uid: 0, gid: 0 };
const ABOVE = [step('/', 0o755, ROOT), step('/var', 0o755, ROOT), step('/var/lib', 0o755, ROOT)];
const hidden = (path: string): PathStep => ({ path, status: { kind: 'denied' }, owner: '?', group: '?' });
const missing = (path: string): PathStep => ({ path, status: { kind: 'absent' }, owner: '?', group: '?' });
const inside = (mode = 0o700, given = {}) => [
  step('/var/lib/jaco/raft', mode, given),
  step('/var/lib/jaco/raft/log.db', 0o600, { type: 'file', ...given }),
];

describe('what the user jacod runs as may do with its data', () => {
  test('everything, as the package leaves it', () => {
    expect(judgeAccess(JACO, [...ABOVE, step('/var/lib/jaco', 0o750)], inside())).toEqual({
      kind: 'full',
      unseen: null,
    });
  });

  test('nothing after root copied it back', () => {
    expect(judgeAccess(JACO, [...ABOVE, step('/var/lib/jaco', 0o750, ROOT)], inside(0o700, ROOT))).toEqual({
      kind: 'unreadable',
      cause: 'wrong-owner',
      why: 'user jaco cannot enter /var/lib/jaco, which belongs to root:root with mode 0750',
    });
  });

  test('nothing when only raft/ is root’s, though the directory itself looks right', () => {
    expect(judgeAccess(JACO, [...ABOVE, step('/var/lib/jaco', 0o750)], inside(0o700, ROOT))).toMatchObject({
      kind: 'unreadable',
      why: expect.stringContaining('/var/lib/jaco/raft,'),
    });
  });

  test('nothing when the log alone is root’s', () => {
    const log = step('/var/lib/jaco/raft/log.db', 0o600, { type: 'file', ...ROOT });
    expect(
      judgeAccess(JACO, [...ABOVE, step('/var/lib/jaco', 0o750)], [step('/var/lib/jaco/raft', 0o700), log]),
    ).toMatchObject({ kind: 'unreadable', why: expect.stringContaining('cannot read /var/lib/jaco/raft/log.db') });
  });

  test('nothing under a folder that is closed further up', () => {
    expect(judgeAccess(JACO, [...ABOVE, step('/srv', 0o700, ROOT), step('/srv/jaco', 0o750)], [])).toMatchObject({
      kind: 'unreadable',
      why: expect.stringContaining('cannot enter /srv,'),
    });
  });

  test('reading without writing when the mode was tightened', () => {
    expect(judgeAccess(JACO, [...ABOVE, step('/var/lib/jaco', 0o500)], inside())).toMatchObject({
      kind: 'unwritable',
      cause: 'wrong-mode',
    });
  });

  test('everything through one of its groups', () => {
    expect(judgeAccess(JACO, [...ABOVE, step('/var/lib/jaco', 0o770, { uid: 0, gid: 995 })], [])).toEqual({
      kind: 'full',
      unseen: null,
    });
  });

  test('everything as root, with any modes', () => {
    expect(judgeAccess({ name: 'root', uid: 0, gids: [0] }, [step('/var/lib/jaco', 0)], [])).toEqual({
      kind: 'full',
      unseen: null,
    });
  });

  test('files inside that only root can see are assumed to be its own', () => {
    expect(judgeAccess(JACO, [...ABOVE, step('/var/lib/jaco', 0o750)], [hidden('/var/lib/jaco/raft')])).toEqual({
      kind: 'full',
      unseen: '/var/lib/jaco/raft',
    });
  });

  test('is unknown if the path or the user is not visible', () => {
    expect(judgeAccess(JACO, [...ABOVE, hidden('/srv/x'), hidden('/srv/x/jaco')], [])).toEqual({
      kind: 'unknown',
      why: '/srv/x cannot be examined',
    });
    expect(judgeAccess(null, ABOVE, []).kind).toBe('unknown');
  });

  test('a directory that is not there yet must be one it can make', () => {
    expect(judgeAccess(JACO, [...ABOVE, missing('/var/lib/jaco')], [])).toEqual({
      kind: 'unwritable',
      cause: 'wrong-owner',
      why: '/var/lib/jaco does not exist and cannot be created: user jaco cannot write to /var/lib, which belongs to root:root with mode 0755',
    });
    expect(judgeAccess(JACO, [step('/srv', 0o777, ROOT), missing('/srv/jaco')], []).kind).toBe('full');
  });
});

describe('what the unit’s sandbox leaves open', () => {
  const strict = { protectSystem: 'strict', writable: ['/var/lib/jaco'] };
  test.each([
    ['/var/lib/jaco', false],
    ['/var/lib/jaco/data', false],
    ['/var/lib/jaco2', true],
    ['/srv/jaco', true],
  ])('strict: %s closed %s', (path, closed) => {
    expect(isReadOnlyForUnit(path, strict)).toBe(closed);
  });

  test('less strict leaves /srv open and /usr closed', () => {
    expect(isReadOnlyForUnit('/srv/jaco', { protectSystem: 'full', writable: [] })).toBe(false);
    expect(isReadOnlyForUnit('/usr/lib/jaco', { protectSystem: 'yes', writable: [] })).toBe(true);
    expect(isReadOnlyForUnit('/usr/lib/jaco', { protectSystem: 'no', writable: [] })).toBe(false);
  });
});
