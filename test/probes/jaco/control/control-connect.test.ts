import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { Json } from '../../../../src/engine/json.ts';
import { notApplicable, type Outcome, type Result, value } from '../../../../src/engine/outcome.ts';
import { tryConnect } from '../../../../src/probes/io/try-connect.ts';
import { controlConnect } from '../../../../src/probes/jaco/control/control-connect.ts';
import { isSameSocket } from '../../../../src/probes/jaco/daemon/is-same-socket.ts';
import type { SocketPath } from '../../../../src/probes/jaco/daemon/socket-path.ts';
import { LOOPING, refused, STOPPED, service, socketUnit } from '../../../checks/jaco/scenes/daemon-scene.ts';

// Programs on the test machine must not affect this test.
vi.mock('../../../../src/probes/jaco/daemon/inspect-process.ts', () => ({ jacodIds: async () => [] }));

const folder = mkdtempSync(join(tmpdir(), 'connect-'));
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

let count = 0;
async function listening(onConnect: () => void = () => {}): Promise<string> {
  count += 1;
  const path = join(folder, `${count}.sock`);
  const server = createServer((socket) => {
    onConnect();
    socket.destroy();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return path;
}

const NO_SYSTEMD = notApplicable('systemd did not boot this host');
const units = (given: object, socket: object = {}): Outcome =>
  value({ service: service(given), socket: socketUnit(socket) } as unknown as Json);

function connect(path: string, unit: Outcome, given: Partial<SocketPath> = {}): Promise<Result> {
  const facts = { unit, path: { path, from: 'unit', activates: true, label: null, ...given } };
  return controlConnect.collect({ phase: () => {} } as never, facts as never, new AbortController().signal);
}

describe('a connect of the doctor', () => {
  test('is taken by a daemon that listens, and hangs up at once', async () => {
    const path = await listening();
    expect(await connect(path, units({}))).toMatchObject({ kind: 'value', value: { path } });
  });

  test('distinguishes a missing file from a file without a listener', async () => {
    const none = join(folder, 'none.sock');
    expect(await connect(none, NO_SYSTEMD)).toEqual({
      kind: 'failed',
      failure: { why: 'absent', phase: 'connect', detail: `connect to ${none}: ENOENT` },
    });
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(await connect(file, NO_SYSTEMD)).toMatchObject({
      failure: { why: 'refused', detail: `connect to ${file}: ECONNREFUSED` },
    });
  });

  test('gives up when its signal says so', async () => {
    const path = await listening();
    expect(await tryConnect({ path }, 1_000, AbortSignal.abort())).toMatchObject({ kind: 'no-answer' });
  });

  test('survives a path that no socket can have', async () => {
    const long = join(folder, 'x'.repeat(200));
    expect((await tryConnect({ path: long }, 1_000, new AbortController().signal)).kind).toBe('error');
  });
});

describe('a dial that would act instead of look', () => {
  test('is not made: a stopped daemon stays stopped', async () => {
    let dialled = 0;
    const path = await listening(() => {
      dialled += 1;
    });
    const failure = {
      why: 'withheld',
      phase: 'connect',
      root: 'jaco.unit',
      detail: `the doctor did not connect to ${path}: jaco.service is not running, and a connection would start it`,
    };
    expect(await connect(path, units(STOPPED, { sub: 'listening' }))).toEqual({ kind: 'failed', failure });
    expect(await connect(path, units(LOOPING))).toEqual({ kind: 'failed', failure });
    expect(dialled).toBe(0);
  });

  test('is not made at the packaged path while systemctl does not answer and no daemon is seen', async () => {
    const silent = refused('jaco.unit', 'timeout', 'systemctl', 'no answer');
    expect(await connect('/run/jaco/jaco.sock', silent)).toMatchObject({
      failure: { why: 'withheld', root: 'jaco.unit' },
    });
  });

  test('does not concern a path that systemd does not listen at', async () => {
    const path = await listening();
    expect(await connect(path, units(STOPPED), { activates: false, from: 'given' })).toMatchObject({ kind: 'value' });
  });
});

describe('a failed connect to a daemon that systemd says is down', () => {
  test('is the unit’s failure, so that its finding explains it', async () => {
    const gone = join(folder, 'gone.sock');
    const result = await connect(gone, units(STOPPED, { active: 'inactive', sub: 'dead' }));
    expect(result).toMatchObject({ failure: { why: 'absent', root: 'jaco.unit' } });
  });

  test('is its own if the daemon is running', async () => {
    const result = await connect(join(folder, 'gone.sock'), units({}));
    expect(result).toEqual({ kind: 'failed', failure: expect.not.objectContaining({ root: expect.anything() }) });
  });
});

test('/run and /var/run name one socket', () => {
  expect(isSameSocket('/var/run/jaco/jaco.sock', '/run/jaco/jaco.sock')).toBe(true);
  expect(isSameSocket('/run/jaco/../jaco/jaco.sock', '/run/jaco/jaco.sock')).toBe(true);
  expect(isSameSocket('/run/jaco/other.sock', '/run/jaco/jaco.sock')).toBe(false);
});
