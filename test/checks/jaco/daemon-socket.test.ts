import { describe, expect, test } from 'vitest';
import { judgeServers } from '../../../checks/jaco/daemon-socket/judge-servers.ts';
import daemonSocket from '../../../checks/jaco/daemon-socket.ts';
import { type FailureWhy, notApplicable } from '../../../src/engine/outcome.ts';
import type { Server } from '../../../src/probes/jaco/control/servers.ts';
import { brief, idsAndTextsArePinned, unquoted, words } from '../scene.ts';
import { absent, jacod, judgeScene, NOW, owned, refused, type Scene, STARTED } from './scenes/daemon-scene.ts';

const PATH = '/run/jaco/jaco.sock';
const unconnected = (why: FailureWhy, code: string) =>
  refused('jaco.control-connect', why, 'connect', `connect to ${PATH}: ${code}`);
const unanswered = (why: FailureWhy, phase: string, detail: string) =>
  refused('jaco.cluster-status', why, phase, detail);
const ENOENT = unconnected('absent', 'ENOENT');
const EACCES = unconnected('denied', 'EACCES');
const NO_SYSTEMD = notApplicable('systemd did not boot this host');
const OP = { uid: 1000, user: 'op', groups: ['op'], root: false };

const socketRow = (scene: Scene) => judgeScene(scene)['daemon-socket'];

describe('a daemon that answers', () => {
  test('passes, with the duration of the connect and the owner of the socket', () => {
    const row = socketRow({});
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, PATH, 'Cluster.Status', '1 ms', 'jaco:jaco', '0660')).toEqual([]);
  });

  test('with an error has answered', () => {
    const row = socketRow({ status: unanswered('refused', 'answer', 'internal: something') });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, 'Cluster.Status', 'internal: something')).toEqual([]);
  });

  test('on the unit’s path although jacod.yaml names another is noted: its log uses the other name', () => {
    const row = socketRow({ path: { label: '/run/jaco/other.sock' } });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, 'unix_socket', 'jacod.yaml', '/run/jaco/other.sock', '/run/jaco/jaco.sock')).toEqual([]);
  });
});

describe('a daemon that accepts the connection but does not answer', () => {
  const silent = unanswered('silent', 'grpc', 'connected, then no HTTP/2 settings');

  test.each([
    ['S', 'silent'],
    ['T', 'stopped-process'],
    ['D', 'disk-wait'],
  ])('in state %s', (state, cause) => {
    const rows = judgeScene({ status: silent, process: { main: jacod({ state }) } });
    expect(brief(rows['daemon-socket'])).toBe(`fail daemon_unresponsive:${cause}`);
    expect(rows['daemon-socket']?.findings[0]?.values).toMatchObject({ pid: '226', socket: PATH });
    expect(unquoted(rows['daemon-socket'], PATH, 'no HTTP/2 settings', '226', '2026-11-21T11:00:00Z', state)).toEqual(
      [],
    );
    expect(brief(rows['downstream'])).toBe('blocked by daemon_unresponsive');
  });

  test('with a full queue no longer accepts', () => {
    expect(brief(socketRow({ connect: unconnected('silent', 'EAGAIN') }))).toBe('fail daemon_unresponsive:silent');
  });

  test('as the second on a data directory is a symptom of that, named first', () => {
    const rows = judgeScene({
      status: silent,
      process: { others: [{ jacod: jacod({ pid: 90, startedAtMs: STARTED - 9_000 }), sameDataDir: true }] },
      data: { lockHolders: [90] },
    });
    expect(brief(rows['daemon-unit'])).toBe('fail data_dir_locked:two-daemons');
    expect(brief(rows['daemon-socket'])).toBe('fail daemon_unresponsive:silent');
    expect(brief(rows['downstream'])).toBe('blocked by daemon_unresponsive');
  });

  test('is not called so when it was our own time that ran out', () => {
    const row = socketRow({
      status: unanswered('budget', 'answer', "no answer before the run's time was over, at answer"),
    });
    expect(brief(row)).toBe('unknown');
    expect(row?.reason).toContain("the run's time");
  });
});

describe('another server on the socket', () => {
  test.each([
    ['a web server', unanswered('unreadable', 'grpc', 'Received HTTP status code 404'), 'web-server'],
    ['another gRPC service', unanswered('unreadable', 'answer', 'unknown service jaco.Cluster'), 'other-grpc'],
    ['neither', unanswered('unreadable', 'grpc', 'Protocol error'), 'other'],
  ])('%s', (_what, status, cause) => {
    const rows = judgeScene({ status });
    expect(brief(rows['daemon-socket'])).toBe(`fail not_jaco_grpc:${cause}`);
    expect(rows['daemon-socket']?.findings[0]?.values).toMatchObject({ address: PATH });
    expect(brief(rows['downstream'])).toBe('blocked by not_jaco_grpc');
  });
});

describe('no file at the path', () => {
  const gone = { file: absent(PATH), bound: [], holders: [] };

  test('and no daemon', () => {
    const rows = judgeScene({ connect: ENOENT, file: gone, unit: NO_SYSTEMD, process: { main: null, from: 'scan' } });
    expect(brief(rows['daemon-socket'])).toBe('fail daemon_unreachable:not-running');
    expect(unquoted(rows['daemon-socket'], PATH)).toEqual([]);
    expect(brief(rows['downstream'])).toBe('blocked by daemon_unreachable');
  });

  test('says nothing about a daemon whose process this user cannot see', () => {
    const process = refused('jaco.process', 'denied', 'scan', 'which configuration it reads is hidden');
    const row = socketRow({ connect: ENOENT, file: gone, unit: NO_SYSTEMD, process });
    expect(brief(row)).toBe('fail daemon_unreachable:other');
    expect(words(row)).not.toMatch(/no jacod is running/);
  });

  test('of a daemon two seconds old is only early', () => {
    expect(
      brief(socketRow({ connect: ENOENT, file: gone, process: { main: jacod({ startedAtMs: NOW - 2_000 }) } })),
    ).toBe('fail daemon_unreachable:starting');
  });

  test('of a daemon that serves somewhere else', () => {
    expect(brief(socketRow({ connect: ENOENT, file: gone }))).toBe('fail daemon_unreachable:no-socket-file');
  });

  test('while systemd still listens on its name: it was unlinked by a bare kill', () => {
    const rows = judgeScene({ connect: ENOENT, file: { file: absent(PATH), bound: [PATH] } });
    expect(brief(rows['daemon-socket'])).toBe('fail socket_unlinked');
    expect(unquoted(rows['daemon-socket'], PATH, 'systemd (pid 1)', 'jacod (pid 226)')).toEqual([]);
    expect(brief(rows['downstream'])).toBe('blocked by socket_unlinked');
  });

  const ownSocket = {
    file: absent('/var/run/jaco/jaco.sock'),
    bound: ['/var/run/jaco/jaco.sock'],
    holders: [{ pid: 226, program: 'jacod' }],
  };

  test('while the daemon sees another /run/jaco than the host', () => {
    const rows = judgeScene({
      connect: ENOENT,
      file: ownSocket,
      process: { socketDirPrivate: true },
      socket: { load: 'not-found', listen: [] },
    });
    expect(brief(rows['daemon-socket'])).toBe('fail socket_hidden:private-mount');
    expect(brief(rows['downstream'])).toBe('blocked by socket_hidden');
  });

  test('while the daemon holds its own socket in a folder that was created again', () => {
    expect(brief(socketRow({ connect: ENOENT, file: ownSocket, socket: { load: 'not-found', listen: [] } }))).toBe(
      'fail socket_hidden',
    );
  });

  test('without a unit there is no sandbox to hide it: a user removed the file', () => {
    expect(brief(socketRow({ connect: ENOENT, file: ownSocket, unit: NO_SYSTEMD }))).toBe('fail socket_unlinked');
  });
});

describe('a file that refuses', () => {
  const REFUSED = unconnected('refused', 'ECONNREFUSED');

  test('remains from a daemon that was killed', () => {
    const row = socketRow({
      connect: REFUSED,
      file: { bound: [], holders: [] },
      unit: NO_SYSTEMD,
      process: { main: null },
    });
    expect(brief(row)).toBe('fail daemon_unreachable:stale-socket');
  });

  test('is not a socket', () => {
    expect(brief(socketRow({ connect: REFUSED, file: { file: owned(PATH, { type: 'file' }), bound: [] } }))).toBe(
      'fail daemon_unreachable:wrong-type',
    );
  });
});

describe('a socket that denies access', () => {
  test('with the intended rights only excludes this user: unknown, naming the group', () => {
    const row = socketRow({ connect: EACCES, identity: OP });
    expect(brief(row)).toBe('unknown');
    expect(unquoted(row, PATH, 'EACCES', 'jaco', 'op')).toEqual([]);
  });

  test.each([
    ['wrong-mode', { mode: 0o600 }, ['jaco:jaco', '0600']],
    ['wrong-owner', { group: 'root' }, ['jaco:root', '0660']],
  ])('%s is a fault, seen by a member of the group', (cause, given, rights) => {
    const file = { file: owned(PATH, { type: 'socket', owner: 'jaco', group: 'jaco', mode: 0o660, ...given }) };
    const rows = judgeScene({ connect: EACCES, identity: OP, file });
    expect(brief(rows['daemon-socket'])).toBe(`fail socket_permission_denied:${cause}`);
    expect(unquoted(rows['daemon-socket'], PATH, ...rights)).toEqual([]);
    expect(brief(rows['downstream'])).toBe('blocked by socket_permission_denied');
  });

  test('is also found by root, who has access: other users do not', () => {
    const file = { file: owned(PATH, { type: 'socket', owner: 'jaco', group: 'jaco', mode: 0o600 }) };
    const rows = judgeScene({ file });
    expect(brief(rows['daemon-socket'])).toBe('fail socket_permission_denied:wrong-mode');
    expect(brief(rows['downstream'])).toBe('pass');
  });

  test('by a closed folder above it', () => {
    const parents = [owned('/run/jaco', { owner: 'jaco', group: 'jaco', mode: 0o700 }), owned('/run')];
    const row = socketRow({
      connect: EACCES,
      identity: OP,
      file: { file: { ...absent(PATH), kind: 'denied' }, parents },
    });
    expect(brief(row)).toBe('fail socket_permission_denied:closed-directory');
    expect(row?.findings[0]?.values).toMatchObject({ socket_dir: '/run/jaco' });
  });

  test('on purpose, by a drop-in for another group, is not a fault', () => {
    const file = { file: owned(PATH, { type: 'socket', owner: 'jaco', group: 'ops', mode: 0o660 }) };
    const row = socketRow({ connect: EACCES, identity: OP, file, socket: { socketGroup: 'ops' } });
    expect(brief(row)).toBe('unknown');
  });

  test('a member who is denied access anyway is not told to join the group', () => {
    const row = socketRow({ connect: EACCES, identity: { ...OP, groups: ['jaco', 'op'] } });
    expect(brief(row)).toBe('unknown');
  });
});

describe('a socket that was not dialled', () => {
  test('because systemctl did not answer is unknown for that reason', () => {
    const timeout = refused('jaco.unit', 'timeout', 'systemctl', 'no answer within 2000 ms, at systemctl');
    const withheld = refused(
      'jaco.unit',
      'withheld',
      'connect',
      `${PATH} was not dialled: whether jaco.service runs is not known, and the dial could start it`,
    );
    const rows = judgeScene({ unit: timeout, connect: withheld });
    expect(brief(rows['daemon-socket'])).toBe('unknown');
    expect(rows['daemon-socket']?.reason).toContain('could start it');
    expect(brief(rows['downstream'])).toBe('unknown');
  });

  test('because the user said that there is none is not applicable', () => {
    expect(brief(socketRow({ path: notApplicable('the control socket was ruled out') }))).toBe('not-applicable');
  });
});

test('a daemon without a unit whose file prevents its start is a finding of the file, and the socket’s rows follow', () => {
  const problem = { kind: 'invalid', cause: 'unknown-key', message: 'field x not found', line: 2, column: 1, key: 'x' };
  const noProcess = { main: null, from: 'scan', socketDirPrivate: null, others: [] } as const;
  const rows = judgeScene({ unit: NO_SYSTEMD, process: noProcess, config: { problem } as never, connect: ENOENT });
  expect(brief(rows['daemon-config'])).toMatch(/^fail config_invalid/);
  expect(brief(rows['daemon-socket'])).toBe('blocked by config_invalid');
});

const ADDRESS = '10.9.9.9:7000';
const unreached = (code: string): Server => ({
  address: ADDRESS,
  hostname: null,
  connect: { kind: 'error', code, ms: 1 },
  hello: null,
  refused: null,
  answer: {
    kind: 'failure',
    phase: 'connect',
    why: code === 'ECONNREFUSED' ? 'refused' : 'absent',
    detail: `connect to ${ADDRESS}: ${code}`,
    code,
    grpc: null,
  },
});

describe('servers that are asked over the network', () => {
  test('a laptop without a network reports no daemon, and a refused connection does', () => {
    const alone = judgeServers({ servers: [unreached('ENETUNREACH')], lead: null });
    expect(alone.kind).toBe('unknown');
    expect(JSON.stringify(alone)).toContain(`connect to ${ADDRESS}: ENETUNREACH`);
    const refused = judgeServers({ servers: [unreached('ECONNREFUSED')], lead: null });
    expect(refused).toMatchObject({ kind: 'judged', findings: [{ id: 'daemon_unreachable' }] });
  });

  test.each(['EMFILE', 'ENOBUFS', 'EAFNOSUPPORT', 'EPERM', 'EADDRNOTAVAIL'])(
    'nor does one whose limits, sandbox or filter prevent the connect: %s',
    (code) => {
      const kept = judgeServers({ servers: [unreached(code)], lead: null });
      expect(kept.kind).toBe('unknown');
      expect(JSON.stringify(kept)).toContain(`connect to ${ADDRESS}: ${code}`);
      // The first connect got the last descriptor, so the handshake after it got none.
      const later = { ...unreached(code), connect: { kind: 'connected', ms: 1 } } as const;
      expect(judgeServers({ servers: [later], lead: null }).kind).toBe('unknown');
    },
  );
});

idsAndTextsArePinned('jaco', daemonSocket);
