import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpResult, httpGet } from '../../../../src/probes/io/http/http.ts';

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'http-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'it.sock');
}

async function listening(server: Server): Promise<string> {
  const path = socketPath();
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return path;
}

const web = (answer: RequestListener): Promise<string> => listening(createHttp(answer));
const raw = (onSocket: (socket: Socket) => void): Promise<string> => listening(createServer(onSocket));

function ask(path: string, limitMs = 1_000, more: { maxBytes?: number; signal?: AbortSignal; url?: string } = {}) {
  const { url = '/x', ...options } = more;
  return httpGet({ kind: 'unix', path }, url, { limitMs, signal: new AbortController().signal, ...options });
}

const failure = (got: HttpResult) => (got.kind === 'failure' ? got.failure : got);

describe('an answer', () => {
  it('of any status, with its headers and body, asked for with GET and nothing else', async () => {
    let seen: unknown;
    const path = await web((request, response) => {
      seen = [request.method, request.url, request.headers.host];
      response.writeHead(500, { 'Api-Version': '1.41\t\u009b31m', 'Content-Type': 'application/json' });
      response.end('{"message":"no such thing"}');
    });
    const got = await ask(path, 1_000, { url: '/containers/json?all=1' });
    expect(got).toMatchObject({ kind: 'answer', status: 500, cut: false, headers: { 'api-version': '1.41' } });
    expect(got.kind === 'answer' && got.body.toString()).toBe('{"message":"no such thing"}');
    expect(seen).toEqual(['GET', '/containers/json?all=1', 'localhost']);
  });

  it('that is a redirect, which is not followed', async () => {
    let asked = 0;
    const path = await web((_request, response) => {
      asked += 1;
      response.writeHead(302, { Location: 'http://169.254.169.254/' }).end();
    });
    expect(await ask(path)).toMatchObject({ status: 302, headers: { location: 'http://169.254.169.254/' } });
    expect(asked).toBe(1);
  });

  it('longer than the limit, or without an end, is cut and marked', async () => {
    const long = await web((_request, response) => response.end('x'.repeat(100_000)));
    const got = await ask(long, 1_000, { maxBytes: 1_000 });
    expect(got).toMatchObject({ kind: 'answer', status: 200, cut: true });
    expect(got.kind === 'answer' && got.body.length).toBe(1_000);
    const endless = await web((_request, response) => {
      const more = (): boolean => !response.destroyed && response.write('y'.repeat(65_536)) && more();
      response.on('drain', more);
      more();
    });
    expect(await ask(endless, 5_000, { maxBytes: 1024 * 1024 })).toMatchObject({ kind: 'answer', cut: true });
  });

  it('of exactly the length asked for is whole', async () => {
    const path = await web((_request, response) => response.end('x'.repeat(1_000)));
    expect(await ask(path, 1_000, { maxBytes: 1_000 })).toMatchObject({ cut: false });
  });

  it('that ends with the connection, as in HTTP/1.0', async () => {
    const path = await raw((socket) => void socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nbye')));
    const got = await ask(path);
    expect(got.kind === 'answer' && [got.status, got.body.toString()]).toEqual([200, 'bye']);
  });
});

describe('no listener', () => {
  it('a socket that does not exist, and a leftover one', async () => {
    expect(failure(await ask('/nowhere/docker.sock'))).toMatchObject({
      why: 'absent',
      phase: 'connect',
      code: 'ENOENT',
      detail: 'connect to /nowhere/docker.sock: ENOENT',
    });
    const stale = socketPath();
    writeFileSync(stale, '');
    expect(failure(await ask(stale))).toMatchObject({ why: 'refused', phase: 'connect', code: 'ECONNREFUSED' });
  });

  it('a path too long for any socket, and words that no request can carry', async () => {
    expect(failure(await ask(`/tmp/${'x'.repeat(300)}`))).toMatchObject({ phase: 'connect' });
    const path = await web((_request, response) => response.end());
    for (const url of ['no-slash', '/a b', '/a\r\nX: y'])
      expect(failure(await ask(path, 1_000, { url }))).toMatchObject({ why: 'unreadable', phase: 'request' });
  });
});

describe('stalls', () => {
  const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n';

  it.each<[string, (socket: Socket) => void, string, string]>([
    ['accepts but does not answer', () => {}, 'silent', 'first-byte'],
    ['reads but does not answer', (socket) => void socket.resume(), 'silent', 'first-byte'],
    ['begins a head', (socket) => void socket.write('HTTP/1.1 2'), 'timeout', 'head'],
    ['stops after the head', (socket) => void socket.once('data', () => socket.write(HEAD)), 'timeout', 'body'],
    [
      'stops within the body',
      (socket) => void socket.once('data', () => socket.write(`${HEAD}half`)),
      'timeout',
      'body',
    ],
  ])('%s', async (_what, onSocket, why, phase) => {
    const begun = performance.now();
    expect(failure(await ask(await raw(onSocket), 250))).toMatchObject({ why, phase, code: null });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('drips: each byte is in time, the whole never is', async () => {
    const path = await raw((socket) => {
      socket.once('data', () => {
        socket.write(HEAD);
        const timer = setInterval(() => socket.write('z'), 20);
        socket.once('close', () => clearInterval(timer));
      });
    });
    expect(failure(await ask(path, 300))).toMatchObject({ why: 'timeout', phase: 'body' });
  });

  it('ends when the signal does, in any phase, and closes the connection', async () => {
    for (const start of ['', 'HTTP/1.1 200', HEAD]) {
      const controller = new AbortController();
      let closed: Promise<unknown> = Promise.resolve();
      const path = await raw((socket) => {
        closed = new Promise((resolve) => socket.once('close', resolve));
        socket.resume();
        socket.write(start);
        setImmediate(() => controller.abort());
      });
      expect(failure(await ask(path, 60_000, { signal: controller.signal }))).toMatchObject({ code: null });
      await closed;
    }
    expect(failure(await ask('/nowhere', 60_000, { signal: AbortSignal.abort() }))).toMatchObject({ phase: 'connect' });
  });
});

describe('another server', () => {
  it.each<[string, (socket: Socket) => void, string, string]>([
    ['hangs up at once', (socket) => socket.destroy(), 'first-byte', 'closed'],
    ['hangs up when asked', (socket) => void socket.once('data', () => socket.destroy()), 'first-byte', 'closed'],
    ['talks noise', (socket) => void socket.end('\u0000\u0001\u0002 garbage garbage\r\n\r\n'), 'head', 'not-http'],
    [
      'closes half way',
      (socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')),
      'body',
      'closed',
    ],
    [
      'sends a head without end',
      (socket) => void socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`)),
      'head',
      'too-large',
    ],
  ])('%s', async (_what, onSocket, phase, code) => {
    const said = failure(await ask(await raw(onSocket)));
    // Data that is written to a closing connection may or may not be accepted.
    const phases = phase === 'first-byte' ? ['request', 'first-byte'] : [phase];
    expect(said).toMatchObject({ why: 'unreadable' });
    expect(phases).toContain('phase' in said ? said.phase : '');
    expect([code, 'EPIPE', 'ECONNRESET']).toContain('code' in said ? said.code : '');
  });

  it('is asked once: a closed connection is not opened again', async () => {
    let connections = 0;
    const path = await raw((socket) => {
      connections += 1;
      socket.destroy();
    });
    await ask(path);
    expect(connections).toBe(1);
  });
});

it('leaves nothing that keeps the process alive, in any case', async () => {
  const silent = await raw(() => {});
  const half = await raw((socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
  });
  const whole = await web((_request, response) => response.end('whole'));
  const [folder, source] = [
    join(socketPath(), '..'),
    new URL('../../../../src/probes/io/http/http.ts', import.meta.url),
  ];
  const bundle = await rolldown({ input: fileURLToPath(source), platform: 'node' });
  // The folder has no package.json, so that an old Node reads .js as CommonJS.
  await bundle.write({ dir: folder, entryFileNames: 'http.mjs', chunkFileNames: '[name].mjs' });
  const script = `
    import { httpGet } from ${JSON.stringify(join(folder, 'http.mjs'))};
    const signal = new AbortController().signal;
    const all = process.argv.slice(1).map((path) => httpGet({ kind: 'unix', path }, '/', { limitMs: 200, signal, maxBytes: 2 }));
    console.log((await Promise.all(all)).map((got) => got.kind).join(' '));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, silent, half, whole]);
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect([code, Buffer.concat(said).toString().trim()]).toEqual([0, 'failure answer answer']);
});
