import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { DemoContainer } from '../../../src/demo/jaco/docker/objects.ts';
import { DemoDocker } from '../../../src/demo/jaco/docker.ts';
import type { Json } from '../../../src/engine/json.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { Probe } from '../../../src/engine/probe.ts';

/** The folder of the engine's socket, one for each test. */
let folder: string;
/** The stand-in engine of the running test. A test file that imports it gets a new one for each test. */
export let docker: DemoDocker;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'docker-'));
  docker = new DemoDocker(join(folder, 'docker.sock'));
  await docker.start();
});
afterEach(async () => {
  await docker.close();
  await rm(folder, { recursive: true });
});

/** The outcome of a probe of the engine; `facts` are its needs. */
export async function ask<T extends Json>(probe: Probe<T>, facts: object = {}): Promise<Outcome<T>> {
  const io = { phase: () => {}, settings: { standIn: { docker: join(folder, 'docker.sock'), hostname: 'demo-1' } } };
  const given = { unit: { kind: 'not-applicable', reason: 'no systemd' }, engine: {}, ...facts };
  const result = await probe.collect(io as never, given as never, new AbortController().signal);
  return result.kind === 'failed' ? { kind: 'failed', failure: { root: probe.name, ...result.failure } } : result;
}

/** The value of a probe; throws if it failed. */
export async function fact<T extends Json>(probe: Probe<T>, facts: object = {}): Promise<T> {
  const outcome = await ask(probe, facts);
  if (outcome.kind !== 'value') throw new Error(JSON.stringify(outcome));
  return outcome.value;
}

/** Why and in which phase a probe failed, such as `silent first-byte`. */
export async function why(probe: Probe, facts: object = {}): Promise<string> {
  const outcome = await ask(probe, facts);
  return outcome.kind === 'failed' ? `${outcome.failure.why} ${outcome.failure.phase}` : outcome.kind;
}

/** A running container of replica shop-web-<index>. */
export function container(index: number, given: Partial<DemoContainer> = {}): DemoContainer {
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
