import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DemoContainer } from '../../src/demo/jaco/docker/objects.ts';
import { DemoDocker } from '../../src/demo/jaco/docker.ts';
import type { Json } from '../../src/engine/json.ts';
import { type Outcome, value } from '../../src/engine/outcome.ts';
import type { Probe } from '../../src/engine/probe.ts';
import { parseContainer, parseInspection } from '../../src/probes/docker/containers/parse.ts';
import { type Containers, dockerContainers } from '../../src/probes/docker/containers.ts';
import { type Deaths, dockerDeaths, parseDeaths } from '../../src/probes/docker/deaths.ts';
import { type DockerEngine, dockerEngine } from '../../src/probes/docker/engine.ts';
import { lastWords, parseLogLines } from '../../src/probes/docker/last-words.ts';
import { dockerNetworks, type Networks } from '../../src/probes/docker/networks.ts';
import { missingImages } from '../../src/probes/jaco/runtime/missing-images.ts';

let folder: string;
let docker: DemoDocker;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'docker-'));
  docker = new DemoDocker(join(folder, 'docker.sock'));
  await docker.start();
});
afterEach(async () => {
  await docker.close();
  await rm(folder, { recursive: true });
});

async function ask<T extends Json>(probe: Probe<T>, facts: object = {}): Promise<Outcome<T>> {
  const io = { phase: () => {}, settings: { standIn: { docker: join(folder, 'docker.sock'), hostname: 'demo-1' } } };
  const given = { unit: { kind: 'not-applicable', reason: 'no systemd' }, engine: {}, ...facts };
  const result = await probe.collect(io as never, given as never, new AbortController().signal);
  return result.kind === 'failed' ? { kind: 'failed', failure: { root: probe.name, ...result.failure } } : result;
}

async function fact<T extends Json>(probe: Probe<T>, facts: object = {}): Promise<T> {
  const outcome = await ask(probe, facts);
  if (outcome.kind !== 'value') throw new Error(JSON.stringify(outcome));
  return outcome.value;
}

async function why(probe: Probe, facts: object = {}): Promise<string> {
  const outcome = await ask(probe, facts);
  return outcome.kind === 'failed' ? `${outcome.failure.why} ${outcome.failure.phase}` : outcome.kind;
}

function container(index: number, given: Partial<DemoContainer> = {}): DemoContainer {
  const id = index.toString(16).padStart(64, '0');
  const labels = {
    'jaco.replica_id': `shop-web-${index}`,
    'jaco.deployment': 'shop',
    'jaco.service': 'web',
    'jaco.cluster_id': 'c',
    'jaco.raft_index': '40',
  };
  return {
    ...{
      id,
      name: `jaco_shop-web-${index}`,
      image: 'nginx:1',
      labels,
      state: 'running',
      createdAt: Date.now() - 60_000,
    },
    ...{ startedAt: Date.now() - 60_000, finishedAt: null, exitCode: 0, outOfMemory: false, error: '', health: null },
    ...{ networks: { jaco_shop_back: '10.244.0.2' }, log: [] },
    ...given,
  } as DemoContainer;
}

describe('the engine', () => {
  test('answers with its version, its API and its directory', async () => {
    expect(await fact(dockerEngine as Probe<DockerEngine>)).toMatchObject({
      apiVersion: '1.41',
      info: { version: '20.10.24+dfsg1', rootDir: '/', space: { totalBytes: expect.any(Number) } },
      infoMissing: null,
    });
    expect(docker.asked.sort()).toEqual(['GET /_ping', 'GET /info']);
  });

  test.each<[string, (docker: DemoDocker) => unknown, string]>([
    ['is stopped', (it) => it.stop(), 'absent connect'],
    ['was killed', (it) => it.stop('kill'), 'refused connect'],
    ['is frozen', (it) => it.behave('freeze'), 'silent first-byte'],
    ['hangs up', (it) => it.behave('reset'), 'unreadable first-byte'],
    ['is a web server', (it) => it.behave('http'), 'unreadable answer'],
    ['is noise', (it) => it.behave('noise'), 'unreadable head'],
    [
      'pings badly',
      (it) => it.refusals.push({ path: '/_ping', status: 503, message: 'starting' }),
      'unreadable answer',
    ],
  ])('%s', async (_what, arrange, expected) => {
    await arrange(docker);
    // What a hung-up connection had taken of the request is not always the same.
    expect((await why(dockerEngine)).replace('unreadable request', 'unreadable first-byte')).toBe(expected);
  });

  test('whose /info fails is there all the same', async () => {
    docker.refusals.push({ path: '/info', status: 500, message: 'containerd' });
    expect(await fact(dockerEngine as Probe<DockerEngine>)).toMatchObject({
      info: null,
      infoMissing: '/info: HTTP 500: containerd',
    });
  });

  test('is not dialled where the dial would start it', async () => {
    const unit = value({
      service: { load: 'loaded', active: 'inactive', sub: 'dead', result: 'success', mainPid: null, startedAtMs: null },
      socket: { load: 'loaded', active: 'active' },
    });
    const io = { phase: () => {}, settings: { standIn: null } };
    const result = await dockerEngine.collect(io as never, { unit } as never, new AbortController().signal);
    expect(result).toMatchObject({ kind: 'failed', failure: { why: 'withheld', root: 'docker.unit' } });
    expect(docker.asked).toEqual([]);
  });
});

describe('containers', () => {
  test('come with what Docker says of each, and without their environment', async () => {
    docker.containers.push(
      container(1, {
        health: { status: 'unhealthy', output: 'password=hunter2 \u001b[31mrefused\u001b[0m', startPeriodMs: 5_000 },
      }),
    );
    const { list } = await fact(dockerContainers as Probe<Containers>);
    expect(list).toMatchObject([
      {
        replica: 'shop-web-1',
        revision: '40',
        state: 'running',
        networks: [{ name: 'jaco_shop_back', ip: '10.244.0.2' }],
        look: {
          state: 'running',
          health: { status: 'unhealthy', output: 'password=[redacted] refused', exitCode: 1 },
          startPeriodMs: 5_000,
        },
        again: null,
      },
    ]);
    expect(JSON.stringify(list)).not.toMatch(/canary|PATH=/);
    expect(docker.asked.every((line) => line.startsWith('GET '))).toBe(true);
  });

  test('one just started again is looked at a second time', async () => {
    const young = container(1, { startedAt: Date.now() - 2_000, finishedAt: Date.now() - 32_000 });
    docker.containers.push(young, container(2));
    const looking = fact(dockerContainers as Probe<Containers>);
    await expect.poll(() => docker.asked.filter((line) => line.endsWith('/json')).length).toBeGreaterThan(2);
    Object.assign(young, { state: 'exited', exitCode: 9, finishedAt: Date.now() });
    const { list } = await looking;
    expect(list.map(({ look, again }) => [look?.state, again?.state])).toEqual([
      ['running', 'exited'],
      ['running', undefined],
    ]);
    expect(list[0]?.again?.exitCode).toBe(9);
  });

  test('one that goes away between two questions is listed and not looked at', async () => {
    docker.containers.push(container(1));
    docker.refusals.push({ path: `/containers/${container(1).id}`, status: 404, message: 'No such container' });
    expect((await fact(dockerContainers as Probe<Containers>)).list).toMatchObject([{ state: 'removing', look: null }]);
  });

  test('those that run for long are looked at only while there are few, and the others first', async () => {
    const longAgo = Date.now() - 5 * 3_600_000;
    for (let index = 0; index < 100; index++) docker.containers.push(container(index, { startedAt: longAgo }));
    docker.containers.push(container(200, { startedAt: Date.now() - 60_000 }), container(201, { state: 'exited' }));
    const { list } = await fact(dockerContainers as Probe<Containers>);
    const looked = list.filter(({ look }) => look !== null);
    expect(looked.length).toBe(64);
    expect(looked.map(({ replica }) => replica)).toEqual(expect.arrayContaining(['shop-web-200', 'shop-web-201']));
    expect(list.filter(({ settled }) => settled).length).toBe(100);
  });

  test.each([
    ['Up 2 hours', true],
    ['Up About an hour (healthy)', true],
    ['Up 3 weeks (healthy)', true],
    ['Up 3 weeks (unhealthy)', false],
    ['Up 45 minutes', false],
    ['Up Less than a second', false],
    ['Up 2 hours (Paused)', false],
    ['Exited (0) 2 hours ago', false],
    ['Läuft seit 2 Stunden', false],
    [undefined, false],
  ])('the list says %s: %s', (Status, settled) => {
    const labels = { 'jaco.replica_id': 'shop-web-0' };
    expect(parseContainer({ Id: 'c'.repeat(64), Labels: labels, State: 'running', Status })?.settled).toBe(settled);
  });

  test('a list that is refused, or is no list', async () => {
    docker.refusals.push({ path: '/containers/json', status: 500, message: 'containerd\u0007 is \u202e gone' });
    expect(await ask(dockerContainers)).toMatchObject({
      failure: { why: 'refused', phase: 'answer', detail: '/containers/json: HTTP 500: containerd is gone' },
    });
    docker.refusals.splice(0, 1, { path: '/containers/json', status: 200, message: 'x' });
    docker.refusals.push({ path: '/networks', status: 200, message: 'x' });
    // Taken for an empty one, it would have every replica of this node missing.
    for (const probe of [dockerContainers, dockerNetworks])
      expect(await ask(probe as Probe)).toMatchObject({ failure: { why: 'unreadable', phase: 'body' } });
  });

  test('hostile answers cost a field, never the probe', () => {
    for (const hostile of [
      null,
      7,
      'x',
      [],
      {},
      { State: null },
      { State: { Health: 'x', Status: 5, StartedAt: 'nonsense', ExitCode: 'x' } },
      { State: { Health: { Log: 5 } } },
    ])
      expect(parseInspection(hostile, 1)).toMatchObject({ atMs: 1, exitCode: 0, startedAtMs: null });
  });

  test('a health check may leave its container starting for so long, by its own settings or by Docker’s', () => {
    const of = (Healthcheck: object) => parseInspection({ Config: { Healthcheck } }, 1).startingForMs;
    expect(of({ Test: ['CMD', 'check'] })).toBe(240_000);
    expect(of({ Interval: 2e9, Timeout: 3e9, Retries: 5, StartPeriod: 90e9 })).toBe(120_000);
  });

  test('a real engine’s words are read as they are', () => {
    const { containers } = JSON.parse(
      readFileSync(new URL('../captures/runtime/bad-command-never-started.json', import.meta.url), 'utf8'),
    );
    expect(parseInspection(containers[0], 1)).toMatchObject({
      state: 'created',
      startedAtMs: null,
      exitCode: 127,
      error: expect.stringMatching(/exec: "\/no\/such\/program": stat \/no\/such\/program: no such file or directory/),
    });
  });
});

describe('networks', () => {
  test('JACO’s carry their labels, others none', async () => {
    docker.networks.push(
      {
        name: 'jaco_shop_back',
        subnet: '10.244.0.0/24',
        labels: { 'jaco.deployment': 'shop', 'jaco.network': 'back', 'jaco.cluster_id': 'c' },
      },
      { name: 'bridge', subnet: '172.17.0.0/16', labels: {} },
    );
    expect((await fact(dockerNetworks as Probe<Networks>)).list).toMatchObject([
      { name: 'bridge', subnets: ['172.17.0.0/16'], jaco: null },
      { name: 'jaco_shop_back', jaco: { deployment: 'shop', network: 'back' } },
    ]);
  });
});

describe('deaths', () => {
  test('an end by itself and one that somebody brought about', async () => {
    const at = Date.now() - 60_000;
    const events = [
      { action: 'die', container: 'a'.repeat(64), replica: 'shop-web-1', at, exitCode: 3 },
      { action: 'kill', container: 'b'.repeat(64), replica: 'shop-web-2', at, exitCode: 0 },
      { action: 'die', container: 'b'.repeat(64), replica: 'shop-web-2', at: at + 10_000, exitCode: 143 },
    ] as const;
    docker.events.push(...events);
    expect((await fact(dockerDeaths as Probe<Deaths>)).list).toMatchObject([
      { replica: 'shop-web-1', exitCode: 3, stopped: false },
      { replica: 'shop-web-2', exitCode: 143, stopped: true },
    ]);
  });

  test('lines that are no events are none', () => {
    expect(parseDeaths('nonsense\n{"Action":"die"}\n{]\n{"Action":"die","Actor":{"ID":5},"time":"x"}\n')).toEqual([]);
  });
});

describe('last words', () => {
  const frame = (stream: number, text: string): Buffer => {
    const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([head, Buffer.from(text)]);
  };

  test('are read of containers that ended or are unhealthy, and of no other', async () => {
    const ended = container(1, {
      state: 'exited',
      finishedAt: Date.now(),
      log: ['one', 'two', 'three', 'token: abcdef123456'],
    });
    docker.containers.push(ended, container(2, { log: ['fine'] }));
    const containers = await fact(dockerContainers as Probe<Containers>);
    expect(await fact(lastWords, { containers })).toEqual({ [ended.id]: ['two', 'three', 'token: [redacted]'] });
    expect(docker.asked.filter((line) => line.endsWith('/logs'))).toHaveLength(1);
  });

  test('of both streams, of a terminal, cut short, and of no text at all', () => {
    expect(parseLogLines(Buffer.concat([frame(1, 'a\n'), frame(2, 'b\n')]))).toEqual(['a', 'b']);
    expect(parseLogLines(Buffer.from('raw\r\nterminal\r\n'))).toEqual(['raw', 'terminal']);
    expect(parseLogLines(frame(1, 'whole\nand more').subarray(0, 16))).toEqual(['whole', 'an']);
    expect(parseLogLines(Buffer.from([1, 0, 0, 0, 255, 255, 255, 255, 65]))).toEqual(['A']);
    expect(parseLogLines(Buffer.alloc(0))).toEqual([]);
    expect(parseLogLines(frame(1, `${'x'.repeat(5_000)}\n`))[0]).toHaveLength(200);
  });

  test('a log that cannot be read back is no trouble', async () => {
    docker.containers.push(container(1, { state: 'exited', finishedAt: Date.now() }));
    docker.refusals.push({
      path: `/containers/${container(1).id}/logs`,
      status: 501,
      message: 'configured logging driver does not support reading',
    });
    const containers = await fact(dockerContainers as Probe<Containers>);
    expect(await fact(lastWords, { containers })).toEqual({ [container(1).id]: [] });
  });
});

test('images of replicas here without a container are looked for', async () => {
  docker.images.add('there:1');
  const rows = ['there:1', 'registry.local:5000/gone/app:2', 'elsewhere:1'].map((image, index) => {
    return { id: `r${index}`, image, host: image.startsWith('elsewhere') ? 'demo-2' : 'demo-1' };
  });
  const facts = { identity: { hostname: 'demo-1' }, replicas: { rows }, containers: { list: [] } };
  expect(await fact(missingImages, facts)).toEqual({ images: ['registry.local:5000/gone/app:2'] });
  await docker.stop();
  expect(await fact(missingImages, facts)).toEqual({ images: [] });
});
