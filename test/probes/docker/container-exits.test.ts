import { describe, expect, test } from 'vitest';
import type { Probe } from '../../../src/engine/probe.ts';
import {
  type ContainerExits,
  containerExits,
  parseContainerExits,
} from '../../../src/probes/docker/container-exits.ts';
import { docker, fact } from './stand-in.ts';

describe('deaths', () => {
  test('an exit by itself and one from outside', async () => {
    const at = Date.now() - 60_000;
    const events = [
      { action: 'die', container: 'a'.repeat(64), replica: 'shop-web-1', at, exitCode: 3 },
      { action: 'kill', container: 'b'.repeat(64), replica: 'shop-web-2', at, exitCode: 0 },
      { action: 'die', container: 'b'.repeat(64), replica: 'shop-web-2', at: at + 10_000, exitCode: 143 },
    ] as const;
    docker.events.push(...events);
    expect((await fact(containerExits as Probe<ContainerExits>)).list).toMatchObject([
      { replica: 'shop-web-1', exitCode: 3, stopped: false },
      { replica: 'shop-web-2', exitCode: 143, stopped: true },
    ]);
  });

  test('lines that are not events are ignored', () => {
    expect(
      parseContainerExits('nonsense\n{"Action":"die"}\n{]\n{"Action":"die","Actor":{"ID":5},"time":"x"}\n'),
    ).toEqual([]);
  });
});
