import { describe, expect, test } from 'vitest';
import type { DemoDocker } from '../../../src/demo/jaco/docker.ts';
import { value } from '../../../src/engine/outcome.ts';
import type { Probe } from '../../../src/engine/probe.ts';
import { type DockerEngine, dockerEngine } from '../../../src/probes/docker/engine.ts';
import { docker, fact, why } from './stand-in.ts';

describe('the engine', () => {
  test('answers with its version, its API and its directory', async () => {
    expect(await fact(dockerEngine as Probe<DockerEngine>)).toMatchObject({
      apiVersion: '1.41',
      info: { version: '20.10.24+dfsg1', rootDir: '/', space: { totalBytes: expect.any(Number) } },
      infoMissing: null,
    });
    expect(docker.requests.sort()).toEqual(['GET /_ping', 'GET /info']);
  });

  test.each<[string, (docker: DemoDocker) => unknown, string]>([
    ['is stopped', (it) => it.stop(), 'absent connect'],
    ['was killed', (it) => it.stop('kill'), 'refused connect'],
    ['is frozen', (it) => it.setBehaviour('freeze'), 'silent first-byte'],
    ['hangs up', (it) => it.setBehaviour('reset'), 'unreadable first-byte'],
    ['is a web server', (it) => it.setBehaviour('http'), 'unreadable answer'],
    ['is noise', (it) => it.setBehaviour('noise'), 'unreadable head'],
    [
      'pings badly',
      (it) => it.refusals.push({ path: '/_ping', status: 503, message: 'starting' }),
      'unreadable answer',
    ],
  ])('%s', async (_what, arrange, expected) => {
    await arrange(docker);
    // How much of the request a closed connection took varies.
    expect((await why(dockerEngine)).replace('unreadable request', 'unreadable first-byte')).toBe(expected);
  });

  test('whose /info fails still counts as present', async () => {
    docker.refusals.push({ path: '/info', status: 500, message: 'containerd' });
    expect(await fact(dockerEngine as Probe<DockerEngine>)).toMatchObject({
      info: null,
      infoMissing: '/info: HTTP 500: containerd',
    });
  });

  test('is not connected to if the connection would start it', async () => {
    const unit = value({
      service: { load: 'loaded', active: 'inactive', sub: 'dead', result: 'success', mainPid: null, startedAtMs: null },
      socket: { load: 'loaded', active: 'active' },
    });
    const io = { phase: () => {}, settings: { standIn: null } };
    const result = await dockerEngine.collect(io as never, { unit } as never, new AbortController().signal);
    expect(result).toMatchObject({ kind: 'failed', failure: { why: 'withheld', root: 'docker.unit' } });
    expect(docker.requests).toEqual([]);
  });
});
