import { createServer as createHttp, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { certificate } from '../../../../src/demo/certificate.ts';
import {
  type HttpPhase,
  type HttpResult,
  httpGet,
  type WebProxy,
  type WebTarget,
} from '../../../../src/probes/io/http/http.ts';

const root = { name: 'Test CA', ...certificate({ name: 'Test CA' }) };
const good = certificate({ name: 'it', names: ['localhost', '127.0.0.1'], issuer: root });

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const plain = (answer: RequestListener) => listening(createHttp(answer));
const secured = (answer: RequestListener, pair = good) => listening(createHttps(pair, answer));
const raw = (onSocket: (socket: Socket) => void) => listening(createServer(onSocket));
const at = (port: number, more: Partial<WebTarget> = {}): WebTarget => {
  return { kind: 'web', secure: true, host: '127.0.0.1', port, proxy: null, ca: root.cert, ...more };
};
const proxyAt = (port: number, more: Partial<WebProxy> = {}): WebProxy => {
  return { secure: false, host: '127.0.0.1', port, authorization: null, ...more };
};
const never = new AbortController().signal;
const ask = (
  place: WebTarget,
  more: { limitMs?: number; headers?: { [name: string]: string }; onPhase?: (phase: HttpPhase) => void } = {},
) => httpGet(place, '/healthz', { limitMs: 1_000, signal: never, ...more });
const failure = (got: HttpResult) => (got.kind === 'failure' ? got.failure : got);

/** A proxy that connects to the requested target, and records the requests. */
async function forwarding(status = '200 OK'): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createHttp((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? '-'}`);
    response.end('through the proxy');
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? '-'}`);
    if (!status.startsWith('200')) return socket.end(`HTTP/1.1 ${status}\r\n\r\n`);
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
    cleanups.push(() => onward.destroy());
  });
  return { port: await listening(server), asked };
}

describe('an answer', () => {
  test('over TLS, by the requested name, with every phase reported', async () => {
    let seen: unknown;
    const port = await secured((request, response) => {
      seen = [request.method, request.url, request.headers.host];
      response.end('ready');
    });
    const phases: string[] = [];
    const got = await ask(at(port, { host: 'localhost' }), { onPhase: (phase) => phases.push(phase) });
    expect(got).toMatchObject({ kind: 'answer', status: 200 });
    expect(seen).toEqual(['GET', '/healthz', `localhost:${port}`]);
    expect(phases).toEqual(['dns', 'connect', 'tls', 'first-byte', 'body']);
  });

  test('in clear, with a redirect that is not followed', async () => {
    const port = await plain((_request, response) => response.writeHead(302, { Location: 'http://login.test/' }).end());
    expect(await ask(at(port, { secure: false }))).toMatchObject({
      status: 302,
      headers: { location: 'http://login.test/' },
    });
  });
});

describe('no listener', () => {
  test('a name that does not resolve', async () => {
    expect(failure(await ask(at(443, { host: 'no.such.host.invalid' })))).toMatchObject({
      phase: 'dns',
      why: 'absent',
      code: 'ENOTFOUND',
      detail: 'no.such.host.invalid: no such name',
    });
  });

  test('a closed port', async () => {
    const port = await raw(() => {});
    for (const cleanup of cleanups.splice(0)) cleanup();
    expect(failure(await ask(at(port)))).toMatchObject({ phase: 'connect', why: 'refused', code: 'ECONNREFUSED' });
  });
});

describe('TLS that does not come about', () => {
  const day = 86_400_000;
  const faults = {
    expired: certificate({
      name: 'it',
      names: ['127.0.0.1'],
      issuer: root,
      from: new Date(Date.now() - 3 * day),
      to: new Date(Date.now() - day),
    }),
    'not-yet-valid': certificate({
      name: 'it',
      names: ['127.0.0.1'],
      issuer: root,
      from: new Date(Date.now() + day),
      to: new Date(Date.now() + 3 * day),
    }),
    'name-mismatch': certificate({ name: 'it', names: ['elsewhere.test'], issuer: root }),
    'self-signed': certificate({ name: 'it', names: ['127.0.0.1'] }),
    untrusted: certificate({
      name: 'it',
      names: ['127.0.0.1'],
      issuer: { name: 'Other CA', ...certificate({ name: 'Other CA' }) },
    }),
  };

  test.each(Object.entries(faults))('%s, and nothing is sent to it', async (fault, pair) => {
    let asked = 0;
    const port = await secured((_request, response) => {
      asked += 1;
      response.end();
    }, pair);
    expect(failure(await ask(at(port), { headers: { authorization: 'Bearer canary' } }))).toMatchObject({
      phase: 'tls',
      code: fault,
    });
    expect(asked).toBe(0);
  });

  test('a server without TLS, one that closes, one that does not answer', async () => {
    const clear = await plain((_request, response) => response.end());
    expect(failure(await ask(at(clear)))).toMatchObject({ phase: 'tls', code: 'not-tls' });
    const shy = await raw((socket) => void socket.once('data', () => socket.destroy()));
    expect(failure(await ask(at(shy)))).toMatchObject({ phase: 'tls', code: 'closed' });
    const silent = await raw((socket) => void socket.resume());
    expect(failure(await ask(at(silent), { limitMs: 200 }))).toMatchObject({ phase: 'tls', why: 'silent', code: null });
  });
});

describe('stalls behind the handshake', () => {
  test('are reported by their phase, even if the handshake left bytes on the connection', async () => {
    const mute = await secured(() => {});
    expect(failure(await ask(at(mute), { limitMs: 300 }))).toMatchObject({ phase: 'first-byte', why: 'silent' });
    const half = await secured((_request, response) => {
      response.writeHead(200, { 'Content-Length': '9' });
      response.write('half');
    });
    expect(failure(await ask(at(half), { limitMs: 300 }))).toMatchObject({ phase: 'body', why: 'timeout' });
  });
});

describe('a proxy', () => {
  test('is asked for a tunnel, and sees nothing of its content', async () => {
    const port = await secured((request, response) => response.end(request.headers.authorization));
    const proxy = await forwarding();
    const authorization = { reveal: () => 'Basic dXNlcjpwYXNz' };
    const got = await ask(at(port, { proxy: proxyAt(proxy.port, { authorization }) }), {
      headers: { authorization: 'Bearer canary' },
    });
    expect(got.kind === 'answer' && got.body.toString()).toBe('Bearer canary');
    expect(proxy.asked).toEqual([`CONNECT 127.0.0.1:${port} Basic dXNlcjpwYXNz`]);
  });

  test('gets the whole address if there is no TLS', async () => {
    const proxy = await forwarding();
    const got = await ask(at(8080, { secure: false, host: 'plain.test', proxy: proxyAt(proxy.port) }));
    expect(got.kind === 'answer' && got.body.toString()).toBe('through the proxy');
    expect(proxy.asked).toEqual(['GET http://plain.test:8080/healthz -']);
  });

  test('that refuses, asks for credentials or fails is named, with its status', async () => {
    for (const [status, says] of [
      ['403 Forbidden', /answered 403 to CONNECT/],
      ['407 Proxy Authentication Required', /answered 407 .*asks for other credentials/],
      ['502 Bad Gateway', /answered 502/],
    ] as const) {
      const { port } = await forwarding(status);
      const said = failure(await ask(at(443, { host: 'x.test', proxy: proxyAt(port) })));
      expect(said).toMatchObject({ phase: 'proxy', code: status.slice(0, 3), detail: expect.stringMatching(says) });
      expect(said).toMatchObject({ detail: expect.stringContaining(`the proxy 127.0.0.1:${port}`) });
    }
  });

  test('that is dead, unknown, silent or no proxy is named too', async () => {
    const gone = await raw(() => {});
    for (const cleanup of cleanups.splice(0)) cleanup();
    const to = (proxy: WebProxy) => ask(at(443, { host: 'x.test', proxy }), { limitMs: 300 });
    expect(failure(await to(proxyAt(gone)))).toMatchObject({ phase: 'proxy', code: 'ECONNREFUSED' });
    expect(failure(await to(proxyAt(1, { host: 'proxy.invalid' })))).toMatchObject({
      phase: 'proxy',
      code: 'ENOTFOUND',
    });
    expect(failure(await to(proxyAt(await raw((socket) => void socket.resume()))))).toMatchObject({
      phase: 'proxy',
      why: 'silent',
    });
    const ssh = await raw((socket) => void socket.once('data', () => socket.write('SSH-2.0-OpenSSH_9\r\n')));
    expect(failure(await to(proxyAt(ssh)))).toMatchObject({ phase: 'proxy', code: 'not-http' });
  });
});

test('the signal ends it in any phase', async () => {
  const silent = await raw((socket) => void socket.resume());
  const mute = await secured(() => {});
  for (const port of [silent, mute]) {
    const controller = new AbortController();
    const got = ask(at(port), { limitMs: 60_000 });
    const ended = httpGet(at(port), '/', {
      limitMs: 60_000,
      signal: controller.signal,
      onPhase: (phase) => phase !== 'dns' && setImmediate(() => controller.abort()),
    });
    expect((await ended).kind).toBe('failure');
    for (const cleanup of cleanups.splice(0)) cleanup();
    expect((await got).kind).toBe('failure');
  }
});
