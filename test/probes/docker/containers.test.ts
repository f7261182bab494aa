import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Probe } from '../../../src/engine/probe.ts';
import { parseContainer, parseInspection } from '../../../src/probes/docker/containers/parse-container.ts';
import { type Containers, dockerContainers } from '../../../src/probes/docker/containers.ts';
import { dockerNetworks } from '../../../src/probes/docker/networks.ts';
import { ask, container, docker, fact } from './stand-in.ts';

describe('containers', () => {
  test('come with Docker’s state of each, and without their environment', async () => {
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
    expect(docker.requests.every((line) => line.startsWith('GET '))).toBe(true);
  });

  test('one that was just restarted is inspected a second time', async () => {
    const young = container(1, { startedAt: Date.now() - 2_000, finishedAt: Date.now() - 32_000 });
    docker.containers.push(young, container(2));
    const looking = fact(dockerContainers as Probe<Containers>);
    await expect.poll(() => docker.requests.filter((line) => line.endsWith('/json')).length).toBeGreaterThan(2);
    Object.assign(young, { state: 'exited', exitCode: 9, finishedAt: Date.now() });
    const { list } = await looking;
    expect(list.map(({ look, again }) => [look?.state, again?.state])).toEqual([
      ['running', 'exited'],
      ['running', undefined],
    ]);
    expect(list[0]?.again?.exitCode).toBe(9);
  });

  test('one that is removed between two questions is listed and not inspected', async () => {
    docker.containers.push(container(1));
    docker.refusals.push({ path: `/containers/${container(1).id}`, status: 404, message: 'No such container' });
    expect((await fact(dockerContainers as Probe<Containers>)).list).toMatchObject([{ state: 'removing', look: null }]);
  });

  test('those that run for long are inspected only while there are few, and the others first', async () => {
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

  test('a list that is refused, or is not a list', async () => {
    docker.refusals.push({ path: '/containers/json', status: 500, message: 'containerd\u0007 is \u202e gone' });
    expect(await ask(dockerContainers)).toMatchObject({
      failure: { why: 'refused', phase: 'answer', detail: '/containers/json: HTTP 500: containerd is gone' },
    });
    docker.refusals.splice(0, 1, { path: '/containers/json', status: 200, message: 'x' });
    docker.refusals.push({ path: '/networks', status: 200, message: 'x' });
    // If it were taken for an empty list, every replica of this node would be missing.
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

  test('a real engine’s answers are parsed', () => {
    const { containers } = JSON.parse(
      readFileSync(new URL('../../captures/runtime/bad-command-never-started.json', import.meta.url), 'utf8'),
    );
    expect(parseInspection(containers[0], 1)).toMatchObject({
      state: 'created',
      startedAtMs: null,
      exitCode: 127,
      error: expect.stringMatching(/exec: "\/no\/such\/program": stat \/no\/such\/program: no such file or directory/),
    });
  });
});
