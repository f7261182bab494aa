import { describe, expect, test } from 'vitest';
import daemonUnit from '../../../checks/jaco/daemon-unit.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import type { DaemonAccess } from '../../../src/probes/jaco/daemon/data-dir.ts';
import { parseConfig } from '../../../src/probes/jaco/daemon/jacod-config/parse-config.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import {
  absent,
  exited,
  JOURNAL_DENIED,
  jacod,
  judgeScene,
  LOOPING,
  line,
  NOW,
  owned,
  refused,
  type Scene,
  STARTED,
  STOPPED,
} from './scenes/daemon-scene.ts';

const NO_PROCESS = { main: null, from: 'scan' } as const;
const WITHHELD = refused(
  'jaco.unit',
  'withheld',
  'connect',
  '/run/jaco/jaco.sock was not dialled: jaco.service does not run, and the dial would start it',
);
const LOOP = { service: LOOPING, process: NO_PROCESS, connect: WITHHELD } as const;
const DOWN = { service: STOPPED, process: NO_PROCESS, connect: WITHHELD } as const;
const NO_SYSTEMD = notApplicable('systemd did not boot this host');

const unitRow = (scene: Scene) => judgeScene(scene)['daemon-unit'];

describe('a healthy node', () => {
  test('passes with its evidence, although jaco.socket is disabled', () => {
    const row = unitRow({});
    expect(brief(row)).toBe('pass');
    expect(
      unquoted(
        row,
        'jaco.service',
        'Result=success',
        'jaco.socket',
        '226',
        '2026-11-21T11:00:00Z',
        '/var/lib/jaco',
        'jaco:jaco',
        'mode 0750',
        '75 GiB',
      ),
    ).toEqual([]);
  });

  test('that systemd restarted long ago keeps its count, which proves no loop', () => {
    const row = unitRow({ service: { restarts: 4 } });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toHaveLength(1);
    expect(unquoted(row, '2026-11-21T11:00:00Z')).toEqual([]);
  });

  test('that is just starting is not called down', () => {
    const row = unitRow({ service: { active: 'activating', sub: 'start', startedAtMs: NOW - 800 } });
    expect(brief(row)).toBe('pass');
  });

  test('whose units were edited says that systemd needs a reload', () => {
    expect(brief(unitRow({ service: { needsReload: true } }))).toBe('pass');
  });
});

describe('a restart loop', () => {
  const inUse = exited('gRPC server: listen tcp 10.0.0.1:7000: listen tcp 10.0.0.1:7000: bind: address already in use');
  const nginx = { protocol: 'tcp', address: '0.0.0.0', port: 7000, uid: 0, pid: 41, program: 'nginx' } as const;

  test('because of a taken port names port, address and holder', () => {
    const rows = judgeScene({ ...LOOP, entries: [inUse], listeners: { listeners: [nginx] } });
    expect(brief(rows['daemon-unit'])).toBe('fail port_in_use:grpc');
    expect(rows['daemon-unit']?.findings[0]).toMatchObject({
      values: { address: '10.0.0.1:7000', port: '7000', holder: 'nginx (pid 41)' },
    });
    expect(
      unquoted(rows['daemon-unit'], '2026-11-21T11:59:57Z', `${inUse.error}`, '0.0.0.0:7000', '"nginx" (pid 41)'),
    ).toEqual([]);
    expect(brief(rows['daemon-socket'])).toBe('blocked by port_in_use');
    expect(brief(rows['downstream'])).toBe('blocked by port_in_use');
  });

  test('whose port is free again says that the next start should succeed', () => {
    const row = unitRow({ ...LOOP, entries: [inUse], listeners: { listeners: [] } });
    expect(brief(row)).toBe('fail port_in_use:grpc');
  });

  test('because of a taken port is inferred for a user who may not read the journal', () => {
    const row = unitRow({
      ...LOOP,
      journal: JOURNAL_DENIED,
      listeners: { listeners: [{ ...nginx, pid: null, program: null }] },
    });
    expect(brief(row)).toBe('fail port_in_use:grpc');
    expect(unquoted(row, '0.0.0.0:7000')).toEqual([]);
  });

  test.each([
    [
      'an address that is not here',
      'gRPC server: listen tcp 10.250.0.9:7000: listen tcp 10.250.0.9:7000: bind: cannot assign requested address',
      'address-gone',
      { address: '10.250.0.9' },
    ],
    [
      'no address to choose',
      'auto-detect advertise IP: no routable IPv4 interface address found; set listen_addr/cluster_addr in /etc/jaco/jacod.yaml to a routable host:port',
      'no-private-address',
      undefined,
    ],
  ])('over %s', (_what, error, cause, values) => {
    const rows = judgeScene({ ...LOOP, entries: [exited(error)] });
    expect(brief(rows['daemon-unit'])).toBe(`fail bind_address_unavailable:${cause}`);
    expect(rows['daemon-unit']?.findings[0]?.values).toEqual(values);
    expect(brief(rows['downstream'])).toBe('blocked by bind_address_unavailable');
  });

  test('without a known reason quotes the last error', () => {
    const row = unitRow({ ...LOOP, entries: [exited('gRPC server died: something new')] });
    expect(brief(row)).toBe('fail unit_failed:restart-loop');
    expect(row?.findings[0]?.values).toEqual({ last_error: 'gRPC server died: something new' });
    expect(unquoted(row, 'jaco.service', 'Result=exit-code', 'jaco.socket')).toEqual([]);
  });

  test('seen without the right to read the journal names who may', () => {
    const row = unitRow({ ...LOOP, journal: JOURNAL_DENIED, listeners: { listeners: [] } });
    expect(brief(row)).toBe('fail unit_failed:restart-loop');
    expect(unquoted(row, 'only root and the groups systemd-journal and adm can read the journal')).toEqual([]);
  });

  test('of a daemon that never says it is ready is a failure too', () => {
    const row = unitRow({ service: { active: 'activating', sub: 'start', startedAtMs: NOW - 60_000 } });
    expect(brief(row)).toBe('fail unit_failed:restart-loop');
  });
});

describe('a unit that has given up', () => {
  test('by the start limit of jaco.socket only looks inactive', () => {
    const scene = {
      ...LOOP,
      service: { ...STOPPED, result: 'exit-code' },
      socket: { active: 'failed', sub: 'failed', result: 'start-limit-hit' },
    } as const;
    expect(brief(unitRow(scene))).toBe('fail unit_failed:socket-start-limit');
    expect(unquoted(unitRow(scene), 'jaco.socket', 'Result=start-limit-hit')).toEqual([]);
  });

  test('because of a file that was fixed since stays down: nothing starts it again', () => {
    const scene = {
      ...LOOP,
      service: { ...STOPPED, result: 'exit-code' },
      socket: { active: 'failed', result: 'start-limit-hit' },
    } as const;
    const rows = judgeScene({
      ...scene,
      entries: [exited('load config /etc/jaco/jacod.yaml: parse jacod.yaml: EOF')],
      config: { changedAtMs: NOW - 1_000 },
    });
    expect(brief(rows['daemon-config'])).toBe('pass');
    expect(brief(rows['daemon-unit'])).toBe('fail unit_failed:socket-start-limit');
  });

  test.each([
    ['start-limit', { active: 'failed', sub: 'failed', result: 'start-limit-hit', mainPid: null }],
    ['failed', { active: 'failed', sub: 'failed', result: 'signal', mainPid: null }],
    ['masked', { load: 'masked', active: 'inactive', sub: 'dead', mainPid: null }],
    ['not-loaded', { load: 'bad-setting', active: 'inactive', sub: 'dead', mainPid: null }],
  ] as const)('%s', (cause, service) => {
    expect(brief(unitRow({ ...LOOP, service }))).toBe(`fail unit_failed:${cause}`);
  });
});

test('a daemon that the kernel killed logged no error, and systemd is about to start it again', () => {
  const service = { ...LOOPING, result: 'signal', exit: { how: 'killed', status: 9 } } as const;
  const row = unitRow({ ...LOOP, service, entries: [] });
  expect(brief(row)).toBe('fail unit_failed:killed');
});

describe('a stopped daemon', () => {
  test('with jaco.socket listening is not dialled, and blocks all that needs an answer', () => {
    const rows = judgeScene({ ...DOWN, socket: { sub: 'listening' } });
    expect(brief(rows['daemon-unit'])).toBe('fail unit_inactive:stopped');
    expect(
      unquoted(rows['daemon-unit'], 'jaco.service', 'Result=success', 'jaco.socket', '2026-11-21T11:59:00Z'),
    ).toEqual([]);
    expect(brief(rows['daemon-socket'])).toBe('blocked by unit_inactive');
    expect(brief(rows['daemon-version'])).toBe('not-applicable');
    expect(brief(rows['downstream'])).toBe('blocked by unit_inactive');
  });

  test('that was ended by a bare signal took its socket file along', () => {
    const row = unitRow({ ...DOWN, socket: { sub: 'listening' }, file: { file: absent('/run/jaco/jaco.sock') } });
    expect(brief(row)).toBe('fail unit_inactive:killed');
    expect(unquoted(row, '/run/jaco/jaco.sock')).toEqual([]);
  });

  test('that was never started is a new installation', () => {
    const service = { ...STOPPED, exit: null, startedAtMs: null, inactiveSinceMs: null, enabled: 'disabled' };
    const row = unitRow({
      ...DOWN,
      service,
      socket: { active: 'inactive', sub: 'dead' },
      data: { raftState: 'absent', lockHolders: [] },
    });
    expect(brief(row)).toBe('fail unit_inactive:never-started');
    expect(unquoted(row, 'jaco.service')).toEqual([]);
  });

  test('that systemd has forgotten is not a new installation while raft state is on the disk', () => {
    const service = { ...STOPPED, exit: null, startedAtMs: null, inactiveSinceMs: null, enabled: 'disabled' };
    const row = unitRow({ ...DOWN, service, socket: { active: 'active', sub: 'listening' } });
    expect(brief(row)).toMatch(/^fail unit_inactive:stopped/);
  });

  test('of a member that no boot starts is both', () => {
    expect(brief(unitRow({ ...DOWN, service: { ...STOPPED, enabled: 'disabled' } }))).toBe(
      'fail unit_inactive:stopped unit_not_enabled:disabled',
    );
  });
});

describe('units that are not there', () => {
  test('the tarball ships jaco.service without the jaco.socket it requires', () => {
    const row = unitRow({ ...DOWN, socket: { load: 'not-found', active: 'inactive', sub: 'dead', listen: [] } });
    expect(brief(row)).toBe('fail unit_missing:no-socket-unit');
  });

  test('no jaco.service and no process', () => {
    const rows = judgeScene({
      ...DOWN,
      service: { load: 'not-found', active: 'inactive', mainPid: null },
      data: { raftState: 'absent' },
    });
    expect(brief(rows['daemon-unit'])).toBe('fail unit_missing:no-service');
    expect(brief(rows['downstream'])).toBe('blocked by unit_missing');
  });

  test('a daemon that was started manually is not missing in systemd', () => {
    const row = unitRow({
      service: { load: 'not-found', active: 'inactive', mainPid: null },
      process: { from: 'scan' },
    });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toHaveLength(1);
    expect(unquoted(row, 'jaco.service')).toEqual([]);
  });

  test('without systemd the data directory is judged all the same', () => {
    const row = unitRow({
      unit: NO_SYSTEMD,
      data: { access: { kind: 'unreadable', cause: 'wrong-owner', why: 'user jaco cannot enter /var/lib/jaco' } },
    });
    expect(brief(row)).toBe('fail data_dir_unreadable:wrong-owner');
    expect(row?.notes).toHaveLength(1);
    expect(unquoted(row, 'does not run systemd')).toEqual([]);
    expect(brief(unitRow({ unit: NO_SYSTEMD }))).toBe('pass');
  });
});

describe('a disabled unit', () => {
  test('of a member is a warning', () => {
    const row = unitRow({ service: { enabled: 'disabled' } });
    expect(brief(row)).toBe('warn unit_not_enabled:disabled');
    expect(unquoted(row, '/var/lib/jaco/raft/log.db')).toEqual([]);
  });

  test('of a host that is not a member is not a finding', () => {
    expect(brief(unitRow({ service: { enabled: 'disabled' }, data: { raftState: 'absent' } }))).toBe('pass');
  });

  test.each([
    ['the unit was masked', { load: 'masked', enabled: 'masked' }, {}, 'masked'],
    ['the service was taken away', { load: 'not-found', enabled: '' }, {}, 'unit-file-gone'],
    ['jaco.socket was taken away', {}, { load: 'not-found' }, 'unit-file-gone'],
  ])('is not the only obstacle to a restart of a running daemon: %s', (_what, service, socket, cause) => {
    expect(brief(unitRow({ service, socket }))).toBe(`warn unit_not_enabled:${cause}`);
  });

  test('is only noted if membership is not visible', () => {
    const row = unitRow({ service: { enabled: 'disabled' }, data: { raftState: 'denied' } });
    expect(brief(row)).toBe('pass');
  });
});

describe('the data directory of a daemon that looks fine', () => {
  const dir = (access: DaemonAccess) => unitRow({ data: { access } });

  test('owned by root is what makes it say uninitialized without a warning', () => {
    const row = dir({
      kind: 'unreadable',
      cause: 'wrong-owner',
      why: 'user jaco cannot enter /var/lib/jaco, which belongs to root:root with mode 0750',
    });
    expect(brief(row)).toBe('fail data_dir_unreadable:wrong-owner');
    expect(
      unquoted(
        row,
        'user jaco cannot enter /var/lib/jaco, which belongs to root:root with mode 0750',
        '/var/lib/jaco/raft/log.db',
      ),
    ).toEqual([]);
  });

  test('outside of ReadWritePaths fails at init only', () => {
    expect(
      brief(
        dir({ kind: 'unwritable', cause: 'outside-unit', why: '/srv/jaco is not among ReadWritePaths=/var/lib/jaco' }),
      ),
    ).toBe('fail data_dir_unwritable:outside-unit');
  });

  test('is not the cause of a loop with another last error', () => {
    const row = unitRow({
      ...LOOP,
      entries: [exited('something new')],
      data: { access: { kind: 'unwritable', cause: 'wrong-mode', why: 'w' } },
    });
    expect(brief(row)).toBe('fail data_dir_unwritable:wrong-mode unit_failed:restart-loop');
  });

  test('takes the blame for a daemon that ends over it', () => {
    const row = unitRow({
      ...LOOP,
      entries: [exited('gRPC server: mkdir /var/lib/jaco/node: permission denied')],
      data: { access: { kind: 'unwritable', cause: 'wrong-owner', why: 'w' } },
    });
    expect(brief(row)).toBe('fail data_dir_unwritable:wrong-owner');
  });

  test('that this user sees only from outside passes with a note', () => {
    const row = unitRow({ data: { access: { kind: 'full', unseen: '/var/lib/jaco/raft' }, raftState: 'denied' } });
    expect(brief(row)).toBe('pass');
  });

  test('whose rights cannot be determined is unknown, never a failure', () => {
    const row = unitRow({ data: { access: { kind: 'unknown', why: '/srv/private cannot be examined' } } });
    expect(brief(row)).toBe('unknown');
    expect(row?.reason).toContain('/srv/private cannot be examined');
  });
});

describe('the disk under it', () => {
  const space = { mount: '/var/lib', freeBytes: 0, totalBytes: 20e9, freeInodes: 1e6, totalInodes: 2e6 };

  test('full is the cause of a leader that comes and goes', () => {
    const row = unitRow({ data: { space } });
    expect(brief(row)).toBe('fail data_disk_full');
    expect(row?.findings[0]?.values).toMatchObject({ mount: '/var/lib' });
    expect(unquoted(row, '/var/lib', '0.0 MiB', '19 GiB')).toEqual([]);
  });

  test('with room and no inode is full', () => {
    expect(brief(unitRow({ data: { space: { ...space, freeBytes: 9e9, freeInodes: 0 } } }))).toBe(
      'fail data_disk_full',
    );
  });

  const noSpace = line(
    '2026-11-21T11:59:50.000Z [ERROR] raft: failed to commit logs: error="write /var/lib/jaco/raft/log.db: no space left on device"',
    {
      raw: true,
      subsystem: null,
      priority: 6,
      pid: 226,
    },
  );

  test('is full according to raft’s own lines, which are informational in the journal', () => {
    const row = unitRow({
      entries: [{ ...noSpace, atMs: NOW - 10_000 }],
      data: { space: { ...space, freeBytes: 8e9 } },
    });
    expect(brief(row)).toBe('fail data_disk_full');
    expect(unquoted(row, '2026-11-21T11:59:50Z')).toEqual([]);
  });

  test('that was full an hour ago is not full', () => {
    expect(brief(unitRow({ entries: [{ ...noSpace, atMs: NOW - 3_000_000 }] }))).toBe('pass');
    // Space was freed, and a second run sees it.
    expect(brief(unitRow({ entries: [{ ...noSpace, atMs: NOW - 20_000 }] }))).toBe('pass');
    expect(brief(unitRow({ entries: [{ ...noSpace, atMs: NOW - 20_000 }], data: { space: null } }))).toBe(
      'fail data_disk_full',
    );
  });

  test('nearly full is a warning, and is not reported in addition to a full one', () => {
    const row = unitRow({ data: { space: { ...space, freeBytes: 500e6 } } });
    expect(brief(row)).toBe('warn disk_nearly_full');
    expect(row?.findings[0]?.values).toMatchObject({ free: '477 MiB', mount: '/var/lib' });
  });

  test('of some terabytes is not nearly full with a hundred gigabytes left', () => {
    expect(brief(unitRow({ data: { space: { ...space, freeBytes: 100e9, totalBytes: 8e12 } } }))).toBe('pass');
  });
});

describe('two daemons on one data directory', () => {
  test('the one that waits is named, by the lock and not by age', () => {
    const older = jacod({ pid: 90, startedAtMs: STARTED - 5_000 });
    const row = unitRow({ process: { others: [{ jacod: older, sameDataDir: true }] } });
    expect(brief(row)).toBe('fail data_dir_locked:two-daemons');
    expect(row?.findings[0]).toMatchObject({
      values: { waiting_pid: '90', data_dir: '/var/lib/jaco' },
    });
    expect(unquoted(row, '226', '2026-11-21T11:00:00Z', 'raft/log.db', '90', '2026-11-21T10:59:55Z')).toEqual([]);
  });

  test('a unit that systemd ends for never being ready is explained by the other daemon', () => {
    const row = unitRow({
      service: { active: 'activating', sub: 'start', startedAtMs: NOW - 60_000 },
      process: { others: [{ jacod: jacod({ pid: 90 }), sameDataDir: true }] },
      data: { lockHolders: [90] },
    });
    expect(brief(row)).toBe('fail data_dir_locked:two-daemons');
    expect(row?.findings[0]?.values).toMatchObject({ waiting_pid: '226' });
  });

  test('a foreign process that holds the log is not called a daemon', () => {
    expect(brief(unitRow({ data: { lockHolders: [555] } }))).toBe('fail data_dir_locked:unknown-holder');
  });

  test('daemons of other nodes on this host are ignored', () => {
    expect(brief(unitRow({ process: { others: [{ jacod: jacod({ pid: 90 }), sameDataDir: false }] } }))).toBe('pass');
  });

  test('another daemon that is not visible is a note', () => {
    const row = unitRow({ process: { others: [{ jacod: jacod({ pid: 90, configPath: null }), sameDataDir: null }] } });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, '90')).toEqual([]);
  });
});

describe('the raft port', () => {
  const resume = line('auto-resume OpenRaft failed, staying uninitialized', {
    priority: 4,
    error: 'raftnode.New: tcp transport: listen tcp 10.0.0.1:7001: bind: address already in use',
    atMs: STARTED + 1_000,
    pid: 226,
  });
  const start = line('starting', { priority: 6, atMs: STARTED, pid: 226, fields: { VERSION: 'v0.3.9' } });
  const thief = { protocol: 'tcp', address: '10.0.0.1', port: 7001, uid: 0, pid: 41, program: 'nc' } as const;

  test('still held explains why a running daemon reports uninitialized', () => {
    const rows = judgeScene({ entries: [start, resume], listeners: { listeners: [thief] } });
    expect(brief(rows['daemon-unit'])).toBe('fail port_in_use:raft');
    expect(rows['daemon-unit']?.findings[0]?.values).toEqual({
      address: '10.0.0.1:7001',
      port: '7001',
      holder: 'nc (pid 41)',
    });
    expect(brief(rows['downstream'])).toBe('pass');
  });

  test('free again is for the raft checks to judge', () => {
    expect(brief(unitRow({ entries: [start, resume], listeners: { listeners: [] } }))).toBe('pass');
  });
});

describe('parts that are not visible', () => {
  test('systemctl that does not answer leaves the unit unjudged and the data directory judged', () => {
    const row = unitRow({
      unit: refused('jaco.unit', 'timeout', 'systemctl', 'no answer within 2000 ms, at systemctl'),
    });
    expect(brief(row)).toBe('unknown');
    expect(row?.notJudged).toEqual([
      {
        subject: 'jaco.service',
        reason: 'no answer within 2000 ms, at systemctl',
        next: { kind: 'again' },
        blockedBy: null,
      },
    ]);
  });

  test('a configuration that may not be read leaves the data directory unjudged', () => {
    const denied = refused('jaco.config', 'denied', 'read', '/etc/jaco/jacod.yaml: EACCES');
    expect(brief(unitRow({ config: denied, data: denied }))).toBe('unknown');
  });

  test('an owned socket path of another type does not matter here', () => {
    expect(brief(unitRow({ file: { file: owned('/run/jaco/jaco.sock', { type: 'file' }) } }))).toBe('pass');
  });
});

describe('a daemon whose address is lost', () => {
  const on = (host: string) => ({
    settings: parseConfig(`listen_addr: ${host}:7000\ncluster_addr: ${host}:7001\n`).settings,
  });
  const pinned = on('10.0.0.9');

  test('continues to run but cannot be reached: the lost address is named, and the present ones', () => {
    const row = unitRow({ config: pinned });
    expect(brief(row)).toBe('fail bind_address_unavailable:address-gone');
    expect(unquoted(row, '10.0.0.9')).toEqual([]);
    expect(unquoted(row, '10.0.0.1')).toEqual([]);
  });

  test.each([
    ['chosen by the daemon', '0.0.0.0'],
    ['a name, which the daemon resolved', 'jaco-1.example'],
    ['loopback, which is always here', '127.81.0.1'],
    ['there', '10.0.0.1'],
  ])('is not reported if it is %s', (_, host) => {
    expect(brief(unitRow({ config: on(host) }))).toBe('pass');
  });

  test('is not reported from a file that is newer than the daemon', () => {
    expect(brief(unitRow({ config: { ...pinned, changedAtMs: NOW - 1_000 } }))).toBe('pass');
  });

  test('is not reported if the addresses could not be read', () => {
    const unseen = {
      kind: 'failed',
      failure: { why: 'crashed', phase: 'run', detail: 'x', root: 'host.addresses' },
    } as const;
    expect(brief(unitRow({ config: pinned, addresses: unseen }))).toBe('pass');
  });
});

idsAndTextsArePinned('jaco', daemonUnit);
