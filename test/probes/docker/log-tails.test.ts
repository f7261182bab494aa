import { describe, expect, test } from 'vitest';
import type { Probe } from '../../../src/engine/probe.ts';
import { type Containers, dockerContainers } from '../../../src/probes/docker/containers.ts';
import { logTails, parseLogLines } from '../../../src/probes/docker/log-tails.ts';
import { container, docker, fact } from './stand-in.ts';

describe('the last log lines', () => {
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
    expect(await fact(logTails, { containers })).toEqual({ [ended.id]: ['two', 'three', 'token: [redacted]'] });
    expect(docker.requests.filter((line) => line.endsWith('/logs'))).toHaveLength(1);
  });

  test('of both streams, of a terminal, truncated, and without any text', () => {
    expect(parseLogLines(Buffer.concat([frame(1, 'a\n'), frame(2, 'b\n')]))).toEqual(['a', 'b']);
    expect(parseLogLines(Buffer.from('raw\r\nterminal\r\n'))).toEqual(['raw', 'terminal']);
    expect(parseLogLines(frame(1, 'whole\nand more').subarray(0, 16))).toEqual(['whole', 'an']);
    expect(parseLogLines(Buffer.from([1, 0, 0, 0, 255, 255, 255, 255, 65]))).toEqual(['A']);
    expect(parseLogLines(Buffer.alloc(0))).toEqual([]);
    expect(parseLogLines(frame(1, `${'x'.repeat(5_000)}\n`))[0]).toHaveLength(200);
  });

  test('a log that cannot be read is not a failure', async () => {
    docker.containers.push(container(1, { state: 'exited', finishedAt: Date.now() }));
    docker.refusals.push({
      path: `/containers/${container(1).id}/logs`,
      status: 501,
      message: 'configured logging driver does not support reading',
    });
    const containers = await fact(dockerContainers as Probe<Containers>);
    expect(await fact(logTails, { containers })).toEqual({ [container(1).id]: [] });
  });
});
