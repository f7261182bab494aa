import { describe, expect, test } from 'vitest';
import dockerEngine from '../../../checks/jaco/docker-engine.ts';
import type { DockerUnit } from '../../../src/probes/docker/unit.ts';
import type { DockerAccess } from '../../../src/probes/jaco/runtime/docker-access.ts';
import { brief, failure, idsAndTextsArePinned, unquoted, words } from '../scene.ts';
import { ENGINE, judgeRuntime, NOW, replica, type Scene, unreported } from './scenes/runtime-scene.ts';

const engineRow = (scene: Scene) => judgeRuntime(scene)['docker-engine'];
const SOCKET = '/var/run/docker.sock';
const unmet = (why: Parameters<typeof failure>[1], detail: string, phase = 'connect') =>
  failure('docker.engine', why, phase, detail);
const ENOENT = unmet('absent', `connect to ${SOCKET}: ENOENT`);
const ECONNREFUSED = unmet('refused', `connect to ${SOCKET}: ECONNREFUSED`);
const EACCES = unmet('denied', `connect to ${SOCKET}: EACCES`);
const SILENT = unmet('silent', `${SOCKET}: connected, then no byte of an answer within 1500 ms`, 'first-byte');

const unit = (
  service: Partial<DockerUnit['service']> = {},
  socket: Partial<DockerUnit['socket']> = {},
): DockerUnit => ({
  service: {
    load: 'loaded',
    active: 'active',
    sub: 'running',
    result: 'success',
    mainPid: 400,
    startedAtMs: NOW - 3_600_000,
    ...service,
  },
  socket: { load: 'loaded', active: 'active', ...socket },
});
const stopped = unit({ active: 'failed', sub: 'failed', result: 'exit-code', mainPid: null }, { active: 'failed' });

const access = (given: Partial<DockerAccess> = {}): DockerAccess => ({
  owner: 'root',
  group: 'docker',
  mode: 0o660,
  daemonUser: 'jaco',
  allowed: true,
  groupsNotTakenUp: false,
  ...given,
});
const said = (text: string, agoMs = 10_000) => ({ lines: { seen: true, dockerRefused: { atMs: NOW - agoMs, text } } });

test('an engine that answers and lets the daemon in', () => {
  const row = engineRow({ access: access(), unit: unit() });
  expect(brief(row)).toBe('pass');
  expect(unquoted(row, '20.10.24', '1.41', '/var/run/docker.sock')).toEqual([]);
});

describe('an engine that does not answer', () => {
  test.each([
    ['no socket, and no systemd to ask', { engine: ENOENT }, 'socket-missing'],
    [
      'no socket and no such unit: Docker from snap, or no Docker, for which systemctl restart docker does nothing',
      { engine: ENOENT, unit: unit({ load: 'not-found', active: 'inactive', mainPid: null }) },
      'no-unit',
    ],
    [
      'a leftover socket, and a unit that may not be started',
      { engine: ECONNREFUSED, unit: unit({ load: 'masked', active: 'inactive', mainPid: null }) },
      'masked',
    ],
    ['no socket, and a unit that failed', { engine: ENOENT, unit: stopped }, 'not-running'],
    ['a leftover socket', { engine: ECONNREFUSED }, 'refused'],
    ['a leftover socket of a unit that failed', { engine: ECONNREFUSED, unit: stopped }, 'not-running'],
    ['a process that accepts but does not answer', { engine: SILENT, unit: unit() }, 'silent'],
    [
      'something else',
      { engine: unmet('unreadable', `${SOCKET}: HTTP 400 without Docker's API version`, 'answer') },
      'unknown',
    ],
  ] as const)('%s', (_what, scene, cause) => {
    const rows = judgeRuntime(scene);
    expect(brief(rows['docker-engine'])).toBe(`fail docker_error:${cause}`);
    // Rows that depend on it are not judged, with the reason.
    expect(brief(rows['replicas'])).toBe('blocked by docker_error');
    expect(brief(rows['containers'])).toBe('blocked by docker_error');
  });

  test('the unit’s state is shown with the result of the connect', () => {
    expect(brief(engineRow({ engine: ENOENT, unit: stopped }))).toBe('fail docker_error:not-running');
    expect(unquoted(engineRow({ engine: ENOENT, unit: stopped }), 'docker.service', 'docker.socket')).toEqual([]);
  });

  test('a stopped engine whose socket unit would start it is not connected to, and is reported as not running', () => {
    const withheld = failure(
      'docker.unit',
      'withheld',
      'connect',
      'docker.service does not run, and the dial would start it',
    );
    const row = engineRow({ engine: withheld, unit: unit({ active: 'inactive', sub: 'dead', mainPid: null }) });
    expect(brief(row)).toBe('fail docker_error:not-running');
  });

  test('a host that booted 20 s ago: an engine that is still starting is not frozen, and a restart would set it back', () => {
    const starting = (agoMs: number) => unit({ active: 'activating', sub: 'start', startedAtMs: NOW - agoMs });
    const row = engineRow({ engine: SILENT, unit: starting(20_000) });
    expect(brief(row)).toBe('unknown');
    expect(unquoted(row, '20 s')).toEqual([]);
    expect(brief(engineRow({ engine: SILENT, unit: starting(600_000) }))).toBe('fail docker_error:silent');
    // That the daemon has no access to its socket is found without it.
    const kept = { engine: SILENT, unit: starting(20_000), access: access({ allowed: false }) };
    expect(brief(engineRow(kept))).toBe('fail docker_error:permission');
  });

  test('a question that the doctor could not ask in time says nothing about the engine', () => {
    expect(brief(engineRow({ engine: unmet('budget', "no answer within the run's time", 'answer') }))).toBe('unknown');
    expect(brief(engineRow({ engine: unmet('timeout', 'no answer within 4500 ms', 'answer') }))).toBe('unknown');
    expect(brief(engineRow({ engine: unmet('absent', 'not in this recording', 'replay') }))).toBe('unknown');
    expect(brief(engineRow({ engine: unmet('unreadable', `connect to ${SOCKET}: EMFILE`) }))).toBe('unknown');
  });
});

describe('rights', () => {
  test('a right that the doctor lacks is unknown, names the right, and is not a fault', () => {
    const rows = judgeRuntime({ engine: EACCES, access: access() });
    expect(brief(rows['docker-engine'])).toBe('unknown');
    expect(words(rows['docker-engine'])).toMatch(/EACCES/);
    // JACO's report counts if it is a fault, and proves nothing otherwise
    // (docs/jaco-daemon/runtime.md#running-proves-nothing).
    expect(brief(rows['replicas'])).toBe('unknown');
    expect(unquoted(rows['replicas'], 'shop-web-0', 'RUNNING')).toEqual([]);
    const failing = judgeRuntime({
      engine: EACCES,
      rows: [replica({ state: 'failed', code: 'container_exited', exitCode: 3 })],
    });
    expect(brief(failing['replicas'])).toBe('fail container_exited shop/web');
  });

  test.each([
    ['is denied access by the socket’s mode', access({ allowed: false }), 'permission'],
    [
      'was started before its user came into the group',
      access({ allowed: false, groupsNotTakenUp: true }),
      'groups-not-taken-up',
    ],
  ])('a daemon that %s, seen by root and by other users', (_what, kept, cause) => {
    expect(brief(engineRow({ access: kept }))).toBe(`fail docker_error:${cause}`);
    expect(brief(engineRow({ access: kept, engine: EACCES }))).toBe(`fail docker_error:${cause}`);
    expect(unquoted(engineRow({ access: kept }), 'root:docker', '0660')).toEqual([]);
  });

  test('the group with access is the socket’s own; without one, no group helps', () => {
    const other = engineRow({ access: access({ allowed: false, group: 'containers', daemonUser: 'jacod' }) });
    expect(brief(other)).toBe('fail docker_error:permission');
    expect(other?.findings[0]?.values).toEqual({ socket_group: 'containers', daemon_user: 'jacod' });
    // As snap creates it, and as a manual chmod leaves it.
    const ofRoot = engineRow({ access: access({ allowed: false, group: 'root' }) });
    expect(brief(ofRoot)).toBe('fail docker_error:socket-mode');
    expect(brief(engineRow({ access: access({ allowed: false, mode: 0o600 }) }))).toBe('fail docker_error:socket-mode');
  });

  test('a daemon that logged it recently', () => {
    const text =
      'lifecycle.Start: list containers: permission denied while trying to connect to the Docker daemon socket';
    expect(brief(engineRow({ access: access(), ...said(text) }))).toBe('fail docker_error:permission');
    expect(brief(engineRow({ access: access(), ...said(text, 200_000) }))).toBe('pass');
  });
});

describe('an engine that answers and is of no use', () => {
  const info = { version: '20.10.24', rootDir: '/var/lib/docker' };
  const space = {
    mount: '/',
    freeBytes: 5_000_000_000,
    totalBytes: 20_000_000_000,
    freeInodes: 1_000,
    totalInodes: 2_000,
  };
  const withSpace = (given: Partial<typeof space>) => ({
    engine: { ...ENGINE, info: { ...info, space: { ...space, ...given } } },
  });

  test('no room, no inode', () => {
    expect(brief(engineRow(withSpace({})))).toBe('pass');
    const full = engineRow(withSpace({ freeBytes: 4_096 }));
    expect(brief(full)).toBe('fail docker_error:disk-full');
    expect(full?.findings[0]).toMatchObject({ values: { docker_root: '/var/lib/docker' } });
    expect(brief(engineRow(withSpace({ freeInodes: 0 })))).toBe('fail docker_error:disk-full');
  });

  test('no space, seen in a start or a pull', () => {
    const text =
      'lifecycle.Start: ContainerCreate: Error response from daemon: mkdir /var/lib/docker/overlay2/x: no space left on device';
    const started = {
      lines: { seen: true, startFailed: { 'shop-web-0': { atMs: NOW - 5_000, text } } },
      rows: [unreported()],
      containers: [],
    };
    expect(brief(engineRow(started))).toBe('fail docker_error:disk-full');
    const reason = 'nginx:1: write /var/lib/docker/tmp/GetImageBlob: no space left on device';
    const pulled = { rows: [replica({ state: 'pending', code: 'image_pull_failed', reason })], containers: [] };
    expect(brief(engineRow(pulled))).toBe('fail docker_error:disk-full');
  });

  test('containerd stores the images of Docker 29: its disk is the full one', () => {
    const reason =
      'nginx:1: failed to copy: failed to send write: write /var/lib/containerd/io.containerd.content.v1.content/ingest/5c/data: no space left on device: unknown';
    const rows = [replica({ state: 'pending', code: 'image_pull_failed', reason })];
    const row = engineRow({ rows, containers: [], ...withSpace({}) });
    expect(brief(row)).toBe('fail docker_error:disk-full');
    expect(row?.findings[0]?.values).toEqual({ docker_root: '/var/lib/containerd' });
    expect(words(row)).not.toContain('/var/lib/docker: ');
  });

  test('the kernel says "no space" of other things than disks: cgroups, watches', () => {
    for (const text of [
      'OCI runtime create failed: mkdir /sys/fs/cgroup/memory/docker/5f: no space left on device: unknown',
      'OCI runtime create failed: failed to create inotify fd: no space left on device: unknown',
    ]) {
      const startFailed = { 'shop-web-0': { atMs: NOW - 5_000, text: `lifecycle.Start: ContainerStart: ${text}` } };
      const rows = judgeRuntime({ lines: { seen: true, startFailed }, rows: [unreported()], containers: [] });
      expect(brief(rows['docker-engine'])).toBe('pass');
      expect(brief(rows['replicas'])).toBe('fail replica_not_started:no-container shop/web');
    }
  });

  test('an API that the daemon does not support', () => {
    expect(brief(engineRow({ engine: { ...ENGINE, apiVersion: '1.22' } }))).toBe('fail docker_error:api-too-old');
    expect(brief(engineRow({ engine: { ...ENGINE, apiVersion: '1.24' } }))).toBe('pass');
    const text =
      'list containers: Error response from daemon: client version 1.51 is too new. Maximum supported API version is 1.41';
    expect(brief(engineRow(said(text)))).toBe('fail docker_error:api-too-old');
  });

  test('lists that it refuses', () => {
    const refused = failure(
      'docker.containers',
      'refused',
      'answer',
      '/containers/json: HTTP 500: containerd is not responding',
    );
    const rows = judgeRuntime({ containers: refused });
    expect(brief(rows['docker-engine'])).toBe('fail docker_error:unknown');
    expect(brief(rows['replicas'])).toBe('blocked by docker_error');
    expect(words(rows['docker-engine'])).toMatch(/containerd is not responding/);
  });

  test('a truncated answer of its list is not a fault', () => {
    const cut = failure(
      'docker.containers',
      'unreadable',
      'body',
      '/containers/json: an answer of more than 33554432 bytes, cut',
    );
    const rows = judgeRuntime({ containers: cut });
    expect(brief(rows['docker-engine'])).toBe('pass');
    expect(brief(rows['replicas'])).toBe('unknown');
  });
});

describe('another node’s engine', () => {
  const message = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
  const row = replica({
    id: 'shop-api-0',
    service: 'api',
    host: 'jaco-2',
    state: 'failed',
    code: 'inspect_failed',
    message,
  });

  test('is reported by the row of its replica, here and over the network', () => {
    for (const engine of [undefined, 'remote'] as const) {
      const rows = judgeRuntime({ rows: [replica(), row], ...(engine ? { engine } : {}) });
      expect(brief(rows['docker-engine'])).toBe('fail docker_error:unknown jaco-2');
      expect(unquoted(rows['docker-engine'], 'shop-api-0', 'jaco-2')).toEqual([]);
      expect(brief(rows['replicas'])).toBe('pass');
    }
  });

  test('over the network nothing of Docker is claimed', () => {
    const rows = judgeRuntime({ engine: 'remote' });
    expect(brief(rows['docker-engine'])).toBe('pass');
    expect(rows['docker-engine']?.notes).toHaveLength(1);
    expect(unquoted(rows['docker-engine'], 'visible only on the node itself')).toEqual([]);
    const blind = failure('jaco.known-leader', 'withheld', 'leader', 'this node knows no leader');
    expect(brief(engineRow({ engine: 'remote', rows: blind }))).toBe('unknown');
  });
});

idsAndTextsArePinned('jaco', dockerEngine);
