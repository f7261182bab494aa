import { describe, expect, test } from 'vitest';
import replicas from '../../../checks/jaco/replicas.ts';
import { isWaitNote } from '../../../src/engine/wait-note.ts';
import type { Container } from '../../../src/probes/docker/containers.ts';
import { brief, failure, idsAndTextsArePinned, unquoted, words } from '../scene.ts';
import {
  containerWith,
  deployment,
  judgeRuntime,
  look,
  NOW,
  replica,
  type Scene,
  unreported,
} from './scenes/runtime-scene.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const replicasRow = (scene: Scene) => judgeRuntime(scene)['replicas'];
const seen = (container: Container, more: Scene = {}) => replicasRow({ containers: [container], ...more });
const death = (agoMs: number, exitCode = 3, stopped = false) => ({
  container: 'c'.repeat(64),
  replica: 'shop-web-0',
  atMs: NOW - agoMs,
  exitCode,
  stopped,
});
const dependsOn = (service: string, satisfied = false, condition = 'service_started') => ({
  service,
  condition,
  satisfied,
});
const fresh = deployment({ updatedAtMs: NOW - 20 * SECOND });

test('a running replica, from Docker, and one on another node, from JACO', () => {
  const other = replica({ id: 'shop-web-1', host: 'jaco-2' });
  const row = replicasRow({ rows: [replica(), other] });
  expect(brief(row)).toBe('pass');
  expect(unquoted(row, 'jaco-1')).toEqual([]);
});

test('a deployment without an answer of GetReplicas is judged by its reports, and its revision is unknown', () => {
  const unanswered = { of: ['blog'], why: 'no answer within 6000 ms' };
  const row = replicasRow({ unanswered });
  expect(brief(row)).toBe('unknown');
  expect(row?.notJudged).toMatchObject([{ subject: 'blog', reason: expect.stringContaining(unanswered.why) }]);
});

test('of too many containers those that were not seen are unknown, and none is missing', () => {
  const rows = [replica(), replica({ id: 'shop-web-1' }), replica({ id: 'shop-web-2', state: 'failed', code: 'x' })];
  const row = replicasRow({ rows, containers: [containerWith()], omitted: 8_000 });
  expect(brief(row)).toBe('fail restart_exhausted shop/web');
  expect(row?.notJudged).toMatchObject([{ subject: 'shop-web-1' }]);
});

test.each<[string, Partial<Container>, string]>([
  ['runs for long', { look: null, settled: true }, 'pass'],
  ['is young', { look: null, settled: false }, 'unknown'],
  ['was removed before its inspection', { look: null, state: 'removing' }, 'pass'],
  ['is being removed', { look: look({ state: 'removing' }) }, 'pass'],
  ['whose state Docker does not report', { look: look({ state: '' }) }, 'unknown'],
])('a container that was not inspected, and %s', (_, given, status) => {
  expect(seen(containerWith({}, given))?.status).toBe(status);
});

// docs/jaco-daemon/raft.md#no-quorum
test('without a leader nothing that is stored is judged', () => {
  const blind = failure('jaco.known-leader', 'withheld', 'leader', 'this node knows no leader');
  for (const name of ['subnet-pool', 'deployments', 'containers', 'replicas', 'rollouts'])
    expect([name, brief(judgeRuntime({ rows: blind })[name])]).toEqual([name, 'unknown']);
});

// docs/jaco-daemon/runtime.md#running-proves-nothing
describe('RUNNING proves nothing: Docker is asked', () => {
  const young = { startedAtMs: NOW - 3 * SECOND, finishedAtMs: NOW - 33 * SECOND };

  test('JACO says RUNNING with no restarts, and the container ended half a minute ago', () => {
    const row = seen(containerWith(young), { deaths: [death(93_000), death(63_000), death(33_000)] });
    expect(brief(row)).toBe('fail container_exited shop/web');
    expect(unquoted(row, '3 s', '33 s', '93 s')).toEqual([]);
    expect(row?.findings[0]).toMatchObject({ node: 'jaco-1', values: { container: 'c'.repeat(12), exit_code: '3' } });
  });

  test('the second look finds it ended', () => {
    const again = look({ state: 'exited', exitCode: 7, startedAtMs: NOW - 3 * SECOND, finishedAtMs: NOW - SECOND });
    const row = seen(containerWith(young, { again }));
    expect(brief(row)).toBe('fail container_exited shop/web');
    expect(unquoted(row, '1 s', '2 s')).toEqual([]);
  });

  test('a container that is up for longer than its life before has come up', () => {
    const up = containerWith({ startedAtMs: NOW - 20 * MINUTE, finishedAtMs: NOW - 21 * MINUTE });
    expect(brief(seen(up, { deaths: [death(21 * MINUTE)] }))).toBe('pass');
    // One that earlier ran for five minutes has not settled after four.
    const slow = containerWith({ startedAtMs: NOW - 4 * MINUTE, finishedAtMs: NOW - 4.5 * MINUTE });
    expect(brief(seen(slow, { deaths: [death(15 * MINUTE), death(10 * MINUTE), death(4.5 * MINUTE)] }))).toBe(
      'fail container_exited shop/web',
    );
  });

  test.each([
    ['by hand', { deaths: [death(33_000, 143, true)] }, /pass/],
    ['with the host', {}, /pass/],
  ])('one that was restarted %s did not end by itself', (what, more, expected) => {
    const container = containerWith(young);
    const booted = what === 'with the host' ? { unit: undefined } : {};
    const unit = {
      service: {
        load: 'loaded',
        active: 'active',
        sub: 'running',
        result: 'success',
        mainPid: 1,
        startedAtMs: NOW - 32 * SECOND,
      },
      socket: { load: 'loaded', active: 'active' },
    };
    const row = seen(container, { ...more, ...(what === 'with the host' ? { unit } : {}), ...booted, unit });
    expect(brief(row)).toMatch(expected);
  });
});

// docs/jaco-daemon/runtime.md#replica-timers
describe('one exit is not a loop', () => {
  const engineUp = (agoMs: number) => ({
    service: {
      load: 'loaded',
      active: 'active',
      sub: 'running',
      result: 'success',
      mainPid: 1,
      startedAtMs: NOW - agoMs,
    },
    socket: { load: 'loaded', active: 'active' },
  });
  const restarted = (upMs: number, endedAgoMs: number) =>
    containerWith({ startedAtMs: NOW - upMs, finishedAtMs: NOW - endedAgoMs });
  const exited = (endedAgoMs: number, ranMs = 2 * SECOND) =>
    containerWith({
      state: 'exited',
      exitCode: 3,
      startedAtMs: NOW - endedAgoMs - ranMs,
      finishedAtMs: NOW - endedAgoMs,
    });

  test.each([
    ['was down for 4 s, and JACO started the container again 38 s ago', 38 * SECOND, 44 * SECOND, 40 * SECOND],
    ['hung in its start, and came up 6 minutes after the container ended', 16 * SECOND, 6 * MINUTE, 40 * SECOND],
    ['was killed and ended its containers when it came up again', 20 * SECOND, 38 * SECOND, 40 * SECOND],
    ['was off for three days', 5 * SECOND, 3 * 24 * 60 * MINUTE, 30 * SECOND],
  ])('an engine that %s', (_what, upMs, endedAgoMs, engineMs) => {
    const row = seen(restarted(upMs, endedAgoMs), { unit: engineUp(engineMs) });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toEqual([]);
  });

  test('an engine without systemd that came up 38 s ago', () => {
    const row = seen(restarted(30 * SECOND, 5 * MINUTE), { engineStarted: NOW - 38 * SECOND });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toEqual([]);
  });

  test('an engine came up 20 s ago, long after the container ended: JACO has until its next reconcile', () => {
    const row = seen(exited(6 * MINUTE, 60 * MINUTE), { unit: engineUp(20 * SECOND) });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toHaveLength(1);
    expect(brief(seen(exited(6 * MINUTE, 60 * MINUTE), { unit: engineUp(MINUTE) }))).toBe(
      'fail container_exited shop/web',
    );
  });

  test('the daemon came up 20 s ago, long after the container ended', () => {
    expect(brief(seen(exited(6 * MINUTE), { started: NOW - 20 * SECOND }))).toBe('pass');
    expect(brief(seen(exited(6 * MINUTE), { started: NOW - MINUTE }))).toBe('fail container_exited shop/web');
  });

  test('a program that ended once by itself is running again', () => {
    const row = seen(restarted(3 * SECOND, 33 * SECOND), { deaths: [death(33_000)] });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toHaveLength(1);
    expect(unquoted(row, 'shop-web-0', '33 s', '3 s', '60 s')).toEqual([]);
  });

  test('a program that ended once by itself is not started again yet, and then is not within 45 s', () => {
    const row = seen(exited(10 * SECOND));
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toHaveLength(1);
    expect(unquoted(row, 'shop-web-0', '10 s', '30 s')).toEqual([]);
    expect(brief(seen(exited(50 * SECOND)))).toBe('fail container_exited shop/web');
  });

  test('an exit with the engine and the program’s exit are one exit', () => {
    const more = { unit: engineUp(60 * SECOND), deaths: [death(33_000)] };
    expect(brief(seen(restarted(3 * SECOND, 33 * SECOND), more))).toBe('pass');
  });

  test('two exits of the program since the engine started are a loop', () => {
    const more = { unit: engineUp(90 * SECOND), deaths: [death(63_000), death(33_000)] };
    expect(brief(seen(restarted(3 * SECOND, 33 * SECOND), more))).toBe('fail container_exited shop/web');
    const atOnce = { unit: engineUp(45 * SECOND), deaths: [death(34_000), death(4_000)] };
    expect(brief(seen(exited(4 * SECOND), atOnce))).toBe('fail container_exited shop/web');
  });

  test('a program that ends within seconds of the engine’s start was started by it, and ended by itself', () => {
    const row = seen(exited(4 * SECOND, SECOND), { unit: engineUp(8 * SECOND) });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toEqual([expect.stringContaining('shop-web-0')]);
  });

  test('Docker remembers no event, but the container was started again soon after it was made', () => {
    const made = { ...exited(9 * SECOND), createdAtMs: NOW - 41 * SECOND };
    const row = seen(made);
    expect(brief(row)).toBe('fail container_exited shop/web');
    expect(unquoted(row, '41 s')).toEqual([]);
    expect(brief(seen(made, { unit: engineUp(20 * SECOND) }))).toBe('pass');
  });

  test('two stops from outside are not a loop', () => {
    const more = { deaths: [death(63_000, 143, true), death(33_000, 143, true)] };
    const row = seen(restarted(3 * SECOND, 33 * SECOND), more);
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toEqual([]);
  });
});

// docs/jaco-daemon/runtime.md#restart-exhausted
describe('restart_exhausted is never the cause', () => {
  const exhausted = { state: 'failed', code: 'restart_exhausted' } as const;

  test('here it is what Docker says', () => {
    const ended = containerWith({
      state: 'exited',
      exitCode: 137,
      outOfMemory: true,
      startedAtMs: NOW - 12 * SECOND,
      finishedAtMs: NOW - 10 * SECOND,
    });
    const row = seen(ended, {
      rows: [replica(exhausted)],
      deaths: [death(42_000, 137), death(10_000, 137)],
      words: { ['c'.repeat(64)]: ['allocating', 'Killed'] },
    });
    expect(brief(row)).toBe('fail container_exited shop/web');
    expect(unquoted(row, '137', '2 s', '42 s', 'allocating', 'Killed')).toEqual([]);
  });

  test('here, where Docker is down, it follows from that', () => {
    const down = failure('docker.engine', 'refused', 'connect', 'connect to /var/run/docker.sock: ECONNREFUSED');
    const rows = judgeRuntime({ engine: down, rows: [replica(exhausted)] });
    expect(brief(rows['docker-engine'])).toBe('fail docker_error:refused');
    expect(brief(rows['replicas'])).toBe('blocked by docker_error');
  });

  test('elsewhere its code is the one seen in between, and its own only if there was none', () => {
    const row = replica({ ...exhausted, host: 'jaco-2' });
    const between = { ...row, code: 'container_exited', exitCode: 5 };
    const told = replicasRow({ rows: [row], codes: { 'shop-web-0': between } });
    expect(brief(told)).toBe('fail container_exited shop/web');
    expect(told?.findings[0]).toMatchObject({ node: 'jaco-2', values: { exit_code: '5' } });
    expect(brief(replicasRow({ rows: [row] }))).toBe('fail restart_exhausted shop/web');
  });

  test('exit status 0 is an end like any other', () => {
    const row = replica({ state: 'failed', code: 'container_exited', host: 'jaco-2' });
    expect(brief(replicasRow({ rows: [row] }))).toBe('fail container_exited shop/web');
  });
});

describe('an end that heals by itself within 30 s', () => {
  const ended = (agoMs: number) =>
    containerWith({ state: 'exited', exitCode: 143, startedAtMs: NOW - 3_600_000, finishedAtMs: NOW - agoMs });

  test('a stop from outside is a note while JACO has not come by, and a fault after', () => {
    const row = seen(ended(10 * SECOND), { deaths: [death(10 * SECOND, 143, true)] });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toHaveLength(1);
    expect(unquoted(row, 'shop-web-0', '10 s', '30 s')).toEqual([]);
    expect(brief(seen(ended(2 * MINUTE), { deaths: [death(2 * MINUTE, 143, true)] }))).toBe(
      'fail container_exited shop/web',
    );
  });

  test('so is a container that was taken away', () => {
    const row = replicasRow({
      containers: [],
      rows: [
        replica({
          state: 'failed',
          code: 'inspect_failed',
          message: 'Error response from daemon: No such container: 7032',
        }),
      ],
      deaths: [death(12 * SECOND, 137, true)],
    });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, '12 s', '30 s')).toEqual([]);
  });

  test('a restart of Docker ends all, and JACO starts them again', () => {
    const unit = {
      service: {
        load: 'loaded',
        active: 'active',
        sub: 'running',
        result: 'success',
        mainPid: 1,
        startedAtMs: NOW - 8 * SECOND,
      },
      socket: { load: 'loaded', active: 'active' },
    };
    // Without systemd, the process shows it.
    const row = seen(ended(9 * SECOND), { engineStarted: NOW - 8 * SECOND });
    expect(brief(row)).toBe('pass');
    expect(brief(seen(ended(9 * SECOND), { unit }))).toBe('pass');
    // Without a restart of Docker it is a normal exit, after which JACO restarts it too.
    expect(brief(seen(ended(9 * SECOND)))).toBe('pass');
  });
});

describe('the silent class: placed, but without any trace', () => {
  test('Docker says why a container that was made did not start', () => {
    const created = containerWith(
      { state: 'created', startedAtMs: null, error: 'network jaco_shop_back not found' },
      { createdAtMs: NOW - 5 * SECOND },
    );
    const row = seen(created, { rows: [unreported()] });
    expect(brief(row)).toBe('fail replica_not_started:created shop/web');
    expect(unquoted(row, 'network jaco_shop_back not found')).toEqual([]);
  });

  test('made and not started yet, then made and never started', () => {
    const created = (ago: number) => containerWith({ state: 'created', startedAtMs: null }, { createdAtMs: NOW - ago });
    expect(brief(seen(created(4 * SECOND), { rows: [unreported()] }))).toBe('pass');
    expect(brief(seen(created(2 * MINUTE), { rows: [unreported()] }))).toBe(
      'fail replica_not_started:created shop/web',
    );
  });

  test('no container: the journal says why, a line of long ago does not', () => {
    const text =
      'lifecycle.Start: ContainerCreate: Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /no/such/dir';
    const lines = (ago: number) => ({ seen: true, startFailed: { 'shop-web-0': { atMs: NOW - ago, text } } });
    const row = replicasRow({ containers: [], rows: [unreported()], lines: lines(5 * SECOND) });
    expect(brief(row)).toBe('fail replica_not_started:no-container shop/web');
    expect(words(row)).toMatch(/bind source path does not exist/);
    const old = replicasRow({ containers: [], rows: [unreported()], lines: lines(10 * MINUTE) });
    expect(brief(old)).toBe('fail replica_not_started:no-container shop/web');
    expect(unquoted(old, '95 s')).toEqual([]);
  });

  test('no container and no journal says which evidence is missing', () => {
    expect(brief(replicasRow({ containers: [], rows: [unreported()] }))).toBe(
      'fail replica_not_started:no-container shop/web',
    );
  });

  test('on another node: its name, and the reason unknown', () => {
    const row = replicasRow({ rows: [unreported({ host: 'jaco-2' })] });
    expect(brief(row)).toBe('fail replica_not_started:other-node shop/web');
    expect(unquoted(row, 'jaco-2')).toEqual([]);
    expect(row?.findings[0]?.node).toBe('jaco-2');
  });

  test('shortly after an apply, or after the daemon’s start, it is only starting', () => {
    expect(brief(replicasRow({ containers: [], rows: [unreported()], deployments: [fresh] }))).toBe('pass');
    expect(brief(replicasRow({ containers: [], rows: [unreported()], started: NOW - 9 * SECOND }))).toBe('pass');
    expect(brief(replicasRow({ rows: [unreported({ host: 'jaco-2' })], deployments: [fresh] }))).toBe('pass');
  });

  test('34 s after an apply whose bind mount does not exist: a failed start is a fault, and without the journal a note says to wait', () => {
    const deployments = [deployment({ updatedAtMs: NOW - 34 * SECOND })];
    const scene = { containers: [], rows: [unreported()], deployments };
    const row = replicasRow(scene);
    expect(row?.notes.map(isWaitNote)).toEqual([true]);
    expect(unquoted(row, 'shop-web-0', '34 s')).toEqual([]);
    const text =
      'lifecycle.Start: ContainerCreate: Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /no/such/dir';
    const lines = { seen: true, startFailed: { 'shop-web-0': { atMs: NOW - 4 * SECOND, text } } };
    expect(brief(replicasRow({ ...scene, lines }))).toBe('fail replica_not_started:no-container shop/web');
  });

  test('a revision that cannot be made, while the container of the one before still runs', () => {
    const older = containerWith({}, { revision: '12' });
    expect(brief(seen(older, { deployments: [fresh] }))).toBe('pass');
    expect(brief(seen(older))).toBe('fail replica_not_started:no-container shop/web');
    const text = 'lifecycle.Start: stop+remove stale: Error response from daemon: cannot stop container';
    const row = seen(older, {
      deployments: [fresh],
      lines: { seen: true, startFailed: { 'shop-web-0': { atMs: NOW - 1_000, text } } },
    });
    expect(brief(row)).toBe('fail replica_not_started:no-container shop/web');
    expect(unquoted(row, '12', '35', 'cannot stop container')).toEqual([]);
  });
});

describe('images', () => {
  const failing = (reason: string, image = 'ghcr.io/shop/app:2') =>
    replica({
      state: 'pending',
      code: 'image_pull_failed',
      containerId: '',
      image,
      reason: `${image}: Error response from daemon: ${reason}`,
    });
  const pull = (reason: string, more: Scene = {}, image?: string) =>
    replicasRow({ containers: [], rows: [failing(reason, image)], ...more });

  test.each([
    ['manifest for ghcr.io/shop/app:2 not found: manifest unknown', 'not-found'],
    ['Head "https://ghcr.io/v2/": unauthorized: authentication required', 'unauthorized'],
    ['pull access denied for shop/app, repository does not exist or may require docker login', 'unauthorized'],
    ['Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io on 10.0.0.2:53: no such host', 'dns'],
    [
      'Get "https://ghcr.io/v2/": net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
      'timeout',
    ],
    ['Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused', 'unreachable'],
    ['Get "https://registry.local/v2/": x509: certificate signed by unknown authority', 'unreachable'],
    ['something new', 'unknown'],
  ])('%s', (reason, cause) => {
    expect(brief(pull(reason))).toBe(`fail image_pull_failed:${cause} shop/web`);
  });

  test.each([
    [[], 'ghcr.io/shop/app:2', ['ghcr.io']],
    [['ghcr.io'], 'ghcr.io/shop/app:2', ['ghcr.io']],
    [['ghcr.io', 'ghcr.io/shop'], 'ghcr.io/shop/app:2', ['ghcr.io/shop']],
    [['ghcr.io/other'], 'ghcr.io/shop/app:2', ['ghcr.io/other', 'ghcr.io']],
    [['ghcr.io/a', 'ghcr.io/b'], 'ghcr.io/shop/app@sha256:abc', ['ghcr.io/a, ghcr.io/b', 'ghcr.io/shop/app']],
    [['docker.io'], 'nginx', ['docker.io']],
    [['localhost:5000'], 'localhost:5000/app:1', ['localhost:5000']],
  ])('unauthorized with credentials %j for %s names the credentials that were tried', (registries, image, named) => {
    const row = pull('unauthorized', { registries }, image);
    expect(brief(row)).toBe('fail image_pull_failed:unauthorized shop/web');
    expect(unquoted(row, ...named)).toEqual([]);
  });

  test('a label of a pull that is over is not believed against a container', () => {
    expect(brief(replicasRow({ rows: [failing('unauthorized')] }))).toBe('pass');
  });

  test('PULLING is in progress, and hangs without a result after a quarter of an hour', () => {
    const pulling = replica({ state: 'pulling', code: 'pulling', containerId: '', lastHealthAtMs: null });
    const row = replicasRow({ containers: [], rows: [pulling], started: NOW - 5 * MINUTE });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toHaveLength(1);
    expect(unquoted(row, 'shop-web-0', 'nginx:1', 'jaco-1')).toEqual([]);
    expect(brief(replicasRow({ containers: [], rows: [pulling], started: NOW - 60 * MINUTE }))).toBe(
      'fail image_pull_failed:hanging shop/web',
    );
    expect(brief(replicasRow({ rows: [{ ...pulling, host: 'jaco-2' }], started: NOW - 60 * MINUTE }))).toBe('pass');
  });
});

describe('health', () => {
  const health = (status: string, output: string | null = null) => ({ status, failingStreak: 4, output, exitCode: 1 });

  test('a check that fails is quoted', () => {
    const row = seen(containerWith({ health: health('unhealthy', 'connection to db refused') }), {
      rows: [replica({ state: 'degraded' })],
    });
    expect(brief(row)).toBe('fail replica_unhealthy shop/web');
    expect(unquoted(row, 'connection to db refused')).toEqual([]);
  });

  test('a start period that is not over, five looks that are not over', () => {
    const starting = containerWith({
      startedAtMs: NOW - 80 * SECOND,
      startPeriodMs: 90_000,
      health: health('starting'),
    });
    const row = seen(starting, { rows: [replica({ state: 'pending' })] });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, '80 s', '90 s')).toEqual([]);
    const polled = seen(containerWith({ startedAtMs: NOW - 3 * SECOND }), { rows: [replica({ state: 'pending' })] });
    expect(brief(polled)).toBe('pass');
    expect(unquoted(polled, 'RUNNING')).toEqual([]);
  });

  test('a check that hangs stays "starting", although its own settings limit it', () => {
    const hanging = (up: number, more: Scene = {}) =>
      seen(containerWith({ startedAtMs: NOW - up, startingForMs: 240 * SECOND, health: health('starting') }), {
        rows: [replica({ state: 'pending' })],
        ...more,
      });
    expect(brief(hanging(250 * SECOND))).toBe('pass');
    expect(brief(hanging(20 * MINUTE))).toBe('fail replica_unhealthy shop/web');
    expect(unquoted(hanging(20 * MINUTE), '20 min', '4 min')).toEqual([]);
    // An engine that restarts below its running containers restarts their checks.
    expect(brief(hanging(20 * MINUTE, { engineStarted: NOW - 30 * SECOND }))).toBe('pass');
  });

  test('on another node the state is all there is', () => {
    expect(brief(replicasRow({ rows: [replica({ host: 'jaco-2', state: 'degraded' })] }))).toBe(
      'fail replica_unhealthy shop/web',
    );
    expect(brief(replicasRow({ rows: [replica({ host: 'jaco-2', state: 'pending' })] }))).toBe('pass');
  });

  test('a paused container is recreated at JACO’s next reconcile', () => {
    const row = seen(containerWith({ state: 'paused' }));
    expect(brief(row)).toBe('pass');
  });
});

describe('stale reports', () => {
  const old = { host: 'jaco-2', lastHealthAtMs: NOW - 40 * SECOND };

  test('a replica without a health report for ten seconds', () => {
    expect(brief(replicasRow({ rows: [replica(old)] }))).toBe('fail replica_stale shop/web');
    expect(brief(replicasRow({ rows: [replica({ ...old, lastHealthAtMs: NOW - 9 * SECOND })] }))).toBe('pass');
  });

  test('of a node whose clock is behind is not stale: its reports continue', () => {
    expect(brief(replicasRow({ rows: [replica(old)], beating: ['shop-web-0'] }))).toBe('pass');
  });

  test('here the container runs, so the reports are sent but do not arrive', () => {
    expect(brief(replicasRow({ rows: [replica({ lastHealthAtMs: NOW - 40 * SECOND })] }))).toBe(
      'fail replica_stale shop/web',
    );
  });
});

describe('waiting', () => {
  const db = (given: Partial<Parameters<typeof replica>[0]> = {}) =>
    replica({ id: 'shop-db-0', service: 'db', ...given });
  const web = unreported({ dependsOn: [dependsOn('db')] });
  const dbContainer = (given = {}) =>
    containerWith(given, { replica: 'shop-db-0', name: 'jaco_shop-db-0', service: 'db', id: 'd'.repeat(64) });

  test('the dependency’s own fault leads, and the waiting follows', () => {
    const row = replicasRow({
      rows: [web, db({ state: 'degraded' })],
      containers: [dbContainer({ health: { status: 'unhealthy', failingStreak: 3, output: 'no disk', exitCode: 1 } })],
    });
    expect(brief(row)).toBe('fail replica_unhealthy shop/db depends_on_unmet shop/web');
    expect(unquoted(row, 'service_started', 'shop-db-0', 'replica_unhealthy')).toEqual([]);
    expect(row?.findings[1]?.values).toMatchObject({ dependency: 'db', replica: 'shop-web-0' });
  });

  test('for one that is starting is not a fault', () => {
    const row = replicasRow({
      rows: [web, db({ state: 'pending' })],
      containers: [dbContainer({ startedAtMs: NOW - 2 * SECOND })],
    });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, 'shop-web-0')).toEqual([]);
  });

  test('for one with zero replicas never ends', () => {
    expect(brief(replicasRow({ rows: [web], containers: [] }))).toBe('fail depends_on_unmet shop/web');
  });

  test('a dependency that is not required delays nothing, although it is never reported as satisfied', () => {
    const service = {
      name: 'web',
      pullPolicy: null,
      dependsOn: [{ service: 'db', required: false }],
      networks: ['back'],
      startPeriodMs: null,
    };
    const manifests = [{ deployment: 'shop', services: [service], problem: null }];
    const row = replicasRow({ rows: [web], containers: [], manifests });
    expect(brief(row)).toBe('fail replica_not_started:no-container shop/web');
    expect(brief(replicasRow({ rows: [replica({ dependsOn: [dependsOn('db')] })], manifests }))).toBe('pass');
  });

  test('a new revision waits while the one before runs on', () => {
    const older = containerWith({}, { revision: '12' });
    const row = replicasRow({ rows: [replica({ dependsOn: [dependsOn('db')] })], containers: [older] });
    expect(brief(row)).toBe('fail depends_on_unmet shop/web');
  });

  test('a circle, and what waits for the circle', () => {
    const one = (service: string, on: string) =>
      unreported({ id: `shop-${service}-0`, service, dependsOn: [dependsOn(on)] });
    const row = replicasRow({ rows: [one('a', 'b'), one('b', 'c'), one('c', 'a'), one('out', 'a')], containers: [] });
    expect(brief(row)).toBe('fail depends_on_cycle shop depends_on_unmet shop/out');
    expect(row?.findings[0]?.values).toMatchObject({ cycle: 'a, b, c' });
  });

  test('a manifest of hundreds of services that wait for each other costs little processor time', () => {
    const names = Array.from({ length: 300 }, (_, index) => `s${index}`);
    const rows = names.map((service, at) =>
      unreported({ id: service, service, dependsOn: names.slice(at + 1, at + 60).map((name) => dependsOn(name)) }),
    );
    const before = process.cpuUsage();
    const row = replicasRow({ rows, containers: [] });
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_500);
    expect(row?.status).toBe('fail');
  });
});

test('many replicas with one fault are one finding, and many services are bounded', () => {
  const rows = Array.from({ length: 3_000 }, (_, index) =>
    replica({
      id: `shop-s${index % 60}-${index}`,
      service: `s${index % 60}`,
      host: 'jaco-2',
      state: 'failed',
      code: 'container_exited',
      exitCode: 1,
    }),
  );
  const row = replicasRow({ rows, containers: [] });
  expect(row?.findings).toHaveLength(25);
  expect(row?.findings[0]?.evidence.at(-1)).toMatch(/\b46\b/);
  expect(unquoted(row, '35')).toEqual([]);
});

test('rows of a deleted deployment are not judged here: another finding covers them', () => {
  const ghost = unreported({ id: 'gone-app-0', deployment: 'gone' });
  expect(brief(replicasRow({ rows: [replica(), ghost], ghosts: ['gone'] }))).toBe('pass');
});

test('a state that no release writes is not taken for anything', () => {
  expect(brief(replicasRow({ rows: [replica({ host: 'jaco-2', state: 'updating' })] }))).toBe('unknown');
});

describe('what the eyes are easily fooled by', () => {
  test('an old copy of the container is not the replica: JACO takes the newest, which Docker lists first', () => {
    const old = { id: 'd'.repeat(64), name: 'before-the-update', createdAtMs: NOW - 48 * 60 * MINUTE };
    const kept = containerWith({ state: 'exited', finishedAtMs: NOW - 60 * MINUTE, exitCode: 1 }, old);
    expect(brief(replicasRow({ containers: [containerWith(), kept] }))).toBe('pass');
    const broken = containerWith({ state: 'exited', finishedAtMs: NOW - MINUTE, exitCode: 1 });
    expect(brief(replicasRow({ containers: [broken, containerWith({}, old)] }))).toBe('fail container_exited shop/web');
  });

  test('the clock was a day ahead when the host booted, and was set back: a start in the future is not an exit loop', () => {
    const row = seen(containerWith({ startedAtMs: NOW + 24 * 60 * MINUTE, finishedAtMs: NOW - 10 * SECOND }));
    expect(brief(row)).toBe('pass');
  });

  test('but one that started again between two inspections is one, at any time of the clock', () => {
    const first = look({ startedAtMs: NOW + 60 * MINUTE, finishedAtMs: NOW - 10 * SECOND });
    const row = seen({ ...containerWith(first), again: { ...first, startedAtMs: NOW + 60 * MINUTE + SECOND } });
    expect(brief(row)).toBe('fail container_exited shop/web');
    expect(unquoted(row, '0 ms')).toEqual([]);
  });

  test('Docker never gets done with taking a container away, and each try of JACO’s ends at that', () => {
    const stuck = containerWith({ state: 'removing', finishedAtMs: NOW - 60 * MINUTE });
    const text = `lifecycle.Start: stop+remove stale: removal of container ${'c'.repeat(12)} is already in progress`;
    const row = seen(stuck, {
      lines: { seen: true, startFailed: { 'shop-web-0': { atMs: NOW - 20 * SECOND, text } } },
    });
    expect(brief(row)).toBe('fail replica_not_started:no-container shop/web');
    expect(words(row)).toContain('already in progress');
  });

  describe('a row that was written again long after the last apply', () => {
    const old = deployment({ updatedAtMs: NOW - 60 * MINUTE });
    // Two running replicas write at least 0.4 entries per second.
    const beating = [
      replica({ id: 'shop-a-0', service: 'a', host: 'jaco-3' }),
      replica({ id: 'shop-b-0', service: 'b', host: 'jaco-3' }),
    ];
    const at = (row: ReturnType<typeof replica>, raftIndex: string, containers: readonly Container[] = []) =>
      replicasRow({ rows: [...beating, row], deployments: [old], containers, raftIndex });

    test('step six of a rollout is five minutes after the apply: its old container is being stopped', () => {
      const step = replica({ revision: '1000' });
      expect(brief(at(step, '1012', [containerWith()]))).toBe('pass');
      expect(unquoted(at(step, '1012', [containerWith()]), '35', '1000')).toEqual([]);
      expect(brief(at(step, '1100', [containerWith()]))).toBe('fail replica_not_started:no-container shop/web');
    });

    test('a node was drained, and its replicas are placed here or elsewhere', () => {
      for (const host of ['jaco-1', 'jaco-2']) {
        const moved = unreported({ revision: '1000', host });
        expect(brief(at(moved, '1006'))).toBe('pass');
        expect(brief(at(moved, '1100'))).toContain('fail replica_not_started');
      }
    });

    test('members write as often as they are configured to: every 5 s the log grows fast, every 5 min slowly', () => {
      const moved = unreported({ revision: '1000' });
      const drained = (raftIndex: string, beatEveryMs: number, agoMs: number) =>
        replicasRow({
          rows: [moved],
          deployments: [old],
          containers: [],
          raftIndex,
          beatEveryMs,
          beats: [NOW - agoMs, NOW - agoMs, NOW - agoMs],
        });
      // Ten seconds of three members' heartbeats.
      expect(brief(drained('1006', 5 * SECOND, 2 * SECOND))).toBe('pass');
      expect(brief(drained('1100', 5 * SECOND, 2 * SECOND))).toContain('fail replica_not_started');
      expect(brief(drained('1000', 5 * MINUTE, 4 * MINUTE))).toBe('pass');
      expect(brief(drained('1006', 5 * MINUTE, 4 * MINUTE))).toContain('fail replica_not_started');
    });

    test('if nothing writes, the end of the log shows no time, nor does a log from before a restore', () => {
      const moved = unreported({ revision: '1000' });
      const silent = replicasRow({ rows: [moved], deployments: [old], containers: [], raftIndex: '1000' });
      expect(brief(silent)).toContain('fail replica_not_started');
      expect(brief(at(unreported({ revision: '90000' }), '1000'))).toContain('fail replica_not_started');
    });
  });
});

idsAndTextsArePinned('jaco', replicas);
