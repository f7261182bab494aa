import { closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Json } from '../../src/engine/json.ts';
import { notApplicable, type Result, value } from '../../src/engine/outcome.ts';
import type { PathStatus } from '../../src/probes/io/files.ts';
import { accessOf, closedByUnit, type Step } from '../../src/probes/jaco/daemon/data-dir/access.ts';
import { deviceName, locksOf } from '../../src/probes/jaco/daemon/data-dir/locks.ts';
import { type DataDir, dataDir } from '../../src/probes/jaco/daemon/data-dir.ts';

const JACO = { name: 'jaco', uid: 997, gids: [996, 995] };

function step(
  path: string,
  mode: number,
  given: { uid?: number; gid?: number; type?: 'file' | 'directory' } = {},
): Step {
  const { uid = 997, gid = 996, type = 'directory' } = given;
  const seen: PathStatus = { kind: 'there', type, uid, gid, mode, inode: '1', bytes: 0 };
  return { path, seen, owner: uid === 0 ? 'root' : 'jaco', group: gid === 0 ? 'root' : 'jaco' };
}

const ROOT = { uid: 0, gid: 0 };
const ABOVE = [step('/', 0o755, ROOT), step('/var', 0o755, ROOT), step('/var/lib', 0o755, ROOT)];
const hidden = (path: string): Step => ({ path, seen: { kind: 'denied' }, owner: '?', group: '?' });
const missing = (path: string): Step => ({ path, seen: { kind: 'absent' }, owner: '?', group: '?' });
const inside = (mode = 0o700, given = {}) => [
  step('/var/lib/jaco/raft', mode, given),
  step('/var/lib/jaco/raft/log.db', 0o600, { type: 'file', ...given }),
];

describe('what the user jacod runs as may do with its data', () => {
  test('everything, as the package leaves it', () => {
    expect(accessOf(JACO, [...ABOVE, step('/var/lib/jaco', 0o750)], inside())).toEqual({ kind: 'full', unseen: null });
  });

  test('nothing after somebody copied it back as root', () => {
    expect(accessOf(JACO, [...ABOVE, step('/var/lib/jaco', 0o750, ROOT)], inside(0o700, ROOT))).toEqual({
      kind: 'unreadable',
      cause: 'wrong-owner',
      why: 'user jaco cannot enter /var/lib/jaco, which belongs to root:root with mode 0750',
    });
  });

  test('nothing when only raft/ is root’s, though the directory itself looks right', () => {
    expect(accessOf(JACO, [...ABOVE, step('/var/lib/jaco', 0o750)], inside(0o700, ROOT))).toMatchObject({
      kind: 'unreadable',
      why: expect.stringContaining('/var/lib/jaco/raft,'),
    });
  });

  test('nothing when the log alone is root’s', () => {
    const log = step('/var/lib/jaco/raft/log.db', 0o600, { type: 'file', ...ROOT });
    expect(
      accessOf(JACO, [...ABOVE, step('/var/lib/jaco', 0o750)], [step('/var/lib/jaco/raft', 0o700), log]),
    ).toMatchObject({ kind: 'unreadable', why: expect.stringContaining('cannot read /var/lib/jaco/raft/log.db') });
  });

  test('nothing under a folder that is closed further up', () => {
    expect(accessOf(JACO, [...ABOVE, step('/srv', 0o700, ROOT), step('/srv/jaco', 0o750)], [])).toMatchObject({
      kind: 'unreadable',
      why: expect.stringContaining('cannot enter /srv,'),
    });
  });

  test('reading without writing when the mode was tightened', () => {
    expect(accessOf(JACO, [...ABOVE, step('/var/lib/jaco', 0o500)], inside())).toMatchObject({
      kind: 'unwritable',
      cause: 'wrong-mode',
    });
  });

  test('everything through one of its groups', () => {
    expect(accessOf(JACO, [...ABOVE, step('/var/lib/jaco', 0o770, { uid: 0, gid: 995 })], [])).toEqual({
      kind: 'full',
      unseen: null,
    });
  });

  test('everything as root, whatever the modes say', () => {
    expect(accessOf({ name: 'root', uid: 0, gids: [0] }, [step('/var/lib/jaco', 0)], [])).toEqual({
      kind: 'full',
      unseen: null,
    });
  });

  test('what lies inside and only root can see is taken to be its own', () => {
    expect(accessOf(JACO, [...ABOVE, step('/var/lib/jaco', 0o750)], [hidden('/var/lib/jaco/raft')])).toEqual({
      kind: 'full',
      unseen: '/var/lib/jaco/raft',
    });
  });

  test('is not known where the way there cannot be seen, or the user', () => {
    expect(accessOf(JACO, [...ABOVE, hidden('/srv/x'), hidden('/srv/x/jaco')], [])).toEqual({
      kind: 'unknown',
      why: '/srv/x may not be looked at',
    });
    expect(accessOf(null, ABOVE, []).kind).toBe('unknown');
  });

  test('a directory that is not there yet must be one it can make', () => {
    expect(accessOf(JACO, [...ABOVE, missing('/var/lib/jaco')], [])).toEqual({
      kind: 'unwritable',
      cause: 'wrong-owner',
      why: '/var/lib/jaco is not there and cannot be made: user jaco cannot write to /var/lib, which belongs to root:root with mode 0755',
    });
    expect(accessOf(JACO, [step('/srv', 0o777, ROOT), missing('/srv/jaco')], []).kind).toBe('full');
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
    expect(closedByUnit(path, strict)).toBe(closed);
  });

  test('less strict leaves /srv open and /usr closed', () => {
    expect(closedByUnit('/srv/jaco', { protectSystem: 'full', writable: [] })).toBe(false);
    expect(closedByUnit('/usr/lib/jaco', { protectSystem: 'yes', writable: [] })).toBe(true);
    expect(closedByUnit('/usr/lib/jaco', { protectSystem: 'no', writable: [] })).toBe(false);
  });
});

test('the lock of the raft log is found among all locks of the host', () => {
  const text =
    '1: FLOCK  ADVISORY  WRITE 226 00:1f:12345 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 489 00:1f:12345 0 EOF\n2: POSIX  ADVISORY  READ 9 00:1f:99 0 EOF\n3: FLOCK  ADVISORY  WRITE 7 08:01:12345 0 EOF\n';
  expect(locksOf(text, '00:1f', '12345')).toEqual({ holders: [226], waiters: [489] });
  expect(deviceName(0x801)).toBe('08:01');
  expect(deviceName(0x1f)).toBe('00:1f');
});

describe('a data directory on disk', () => {
  const path = mkdtempSync(join(tmpdir(), 'data-'));
  afterAll(() => rmSync(path, { recursive: true }));

  async function look(): Promise<Result<DataDir>> {
    const none = notApplicable('systemd did not boot this host');
    const process_ = value({ main: null, from: 'scan', socketDirPrivate: null, others: [] } as unknown as Json);
    const facts = {
      unit: none,
      config: { path: '/etc/jaco/jacod.yaml', settings: { dataDir: path } },
      process: process_,
    };
    return dataDir.collect(
      { phase: () => {}, settings: { standIn: null } } as never,
      facts as never,
      new AbortController().signal,
    ) as Promise<Result<DataDir>>;
  }

  test('of a fresh host holds nothing, and says so', async () => {
    expect(await look()).toMatchObject({
      kind: 'value',
      value: {
        seen: 'there',
        raftState: 'absent',
        certificates: [],
        caCert: 'absent',
        peers: null,
        daemonUser: null,
        logBytes: null,
      },
    });
  });

  test('of a member tells its names, peers and room', async () => {
    mkdirSync(join(path, 'raft'));
    mkdirSync(join(path, 'node'));
    writeFileSync(join(path, 'raft', 'log.db'), 'x'.repeat(4096));
    for (const name of ['jaco-1.crt', 'ca.crt', 'jaco-1.key']) writeFileSync(join(path, 'node', name), '');
    writeFileSync(join(path, 'node', 'join.json'), '{"peer_addrs":["10.0.0.2:7000", 5],"token":"secret"}');
    const result = await look();
    expect(result).toMatchObject({
      value: {
        raftState: 'present',
        logBytes: 4096,
        certificates: ['jaco-1'],
        caCert: 'readable',
        peers: ['10.0.0.2:7000'],
        lockHolders: [],
      },
    });
    expect(JSON.stringify(result)).not.toContain('secret');
    const { space } = (result as { value: DataDir }).value;
    expect(space?.totalBytes).toBeGreaterThan(space?.freeBytes ?? Number.POSITIVE_INFINITY);
  });

  test('with a join file that is no JSON has no peers', async () => {
    writeFileSync(join(path, 'node', 'join.json'), 'nonsense');
    expect(await look()).toMatchObject({ value: { peers: null } });
  });

  test('of a daemon whose file was broken while it runs is where it has its raft log open', async () => {
    const log = openSync(join(path, 'raft', 'log.db'), 'r');
    const main = { pid: process.pid, user: 'jaco' };
    const facts = {
      unit: notApplicable(''),
      config: { path: '/etc/jaco/jacod.yaml', settings: null },
      process: value({ main, from: 'scan', socketDirPrivate: null, others: [] }),
    };
    const io = { phase: () => {}, settings: { standIn: null } };
    const result = await dataDir.collect(io as never, facts as never, new AbortController().signal);
    closeSync(log);
    expect(result).toMatchObject({ kind: 'value', value: { path: realpathSync(path), raftState: 'present' } });
  });

  test('of an unreadable configuration is not guessed', async () => {
    const facts = {
      unit: notApplicable(''),
      config: { path: '/etc/jaco/jacod.yaml', settings: null },
      process: notApplicable(''),
    };
    const result = await dataDir.collect(
      { phase: () => {}, settings: { standIn: null } } as never,
      facts as never,
      new AbortController().signal,
    );
    expect(result).toMatchObject({ kind: 'failed', failure: { why: 'withheld', root: 'jaco.config' } });
  });
});
