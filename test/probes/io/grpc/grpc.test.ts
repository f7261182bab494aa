import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTls } from 'node:tls';
import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { certificate } from '../../../../src/demo/certificate.ts';
import { type CallResult, callUnary, type Endpoint } from '../../../../src/probes/io/grpc/grpc.ts';
import { ClusterService, type ClusterStatusResponse } from '../../../../src/wire/jaco.ts';

const STATUS: ClusterStatusResponse = {
  nodes: [],
  suffrages: [],
  leader: '10.0.0.1:7001',
  raftIndex: '18446744073709551615',
  initialized: true,
};
const ca = { name: 'JACO Cluster CA', ...certificate({ name: 'JACO Cluster CA' }) };
const other = certificate({ name: 'JACO Cluster CA' });
const node = certificate({ name: 'jaco-1', names: ['jaco-1', '127.0.0.1'], issuer: ca });

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function call(
  endpoint: Endpoint,
  limitMs = 1_000,
  signal = new AbortController().signal,
): Promise<CallResult<ClusterStatusResponse>> {
  return callUnary(endpoint, ClusterService.status, {}, { limitMs, connectMs: 300, signal });
}

/** A gRPC server that answers Status with `answer`. */
async function jacod(
  credentials: grpc.ServerCredentials,
  answer: grpc.handleUnaryCall<object, ClusterStatusResponse>,
  at = '127.0.0.1:0',
): Promise<string> {
  const server = new grpc.Server();
  server.addService({ status: ClusterService.status }, { status: answer });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(at, credentials, (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  cleanups.push(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

const ok: grpc.handleUnaryCall<object, ClusterStatusResponse> = (_call, callback) => callback(null, STATUS);
const plain = grpc.ServerCredentials.createInsecure();
const tls = ({ cert, key } = node): grpc.ServerCredentials =>
  grpc.ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(cert), private_key: Buffer.from(key) }]);
const verified = (address: string, pem = ca.cert): Endpoint => ({ kind: 'tls', address, trust: { kind: 'ca', pem } });
const unverified = (address: string): Endpoint => ({ kind: 'tls', address, trust: { kind: 'unverified' } });

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'grpc-'));
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A TCP or unix server that does `onSocket` with each connection. */
async function raw(onSocket: (socket: Socket) => void, path?: string): Promise<string> {
  return listening(createServer(onSocket), path);
}

async function listening(server: Server, path?: string): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => (path ? server.listen(path, resolve) : server.listen(0, '127.0.0.1', resolve)));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return path ?? `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a call that is answered', () => {
  it('over a unix socket, in plain', async () => {
    const path = join(folder(), 'jaco.sock');
    await jacod(plain, ok, `unix:${path}`);
    expect(await call({ kind: 'unix', path })).toMatchObject({
      kind: 'response',
      response: STATUS,
      connect: { kind: 'connected' },
    });
  });

  it('over TLS by address, verified and unverified, without output on stderr', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error): number => warnings.push(warning.message);
    process.on('warning', onWarning);
    cleanups.push(() => process.off('warning', onWarning));
    const address = await jacod(tls(), ok);
    expect(await call(verified(address))).toMatchObject({ kind: 'response', response: STATUS });
    expect(await call(unverified(address))).toMatchObject({ kind: 'response', response: STATUS });
    expect(warnings).toEqual([]);
  });

  it('by a name that the certificate carries', async () => {
    const named = certificate({ name: 'jaco-1', names: ['localhost'], issuer: ca });
    const address = await jacod(tls(named), ok);
    expect((await call(verified(address.replace('127.0.0.1', 'localhost')))).kind).toBe('response');
  });

  it('with a token, in the one form that the daemon takes', async () => {
    let seen: unknown;
    const address = await jacod(tls(), (request, callback) => {
      seen = request.metadata.get('authorization');
      callback(null, STATUS);
    });
    const signal = new AbortController().signal;
    await callUnary(verified(address), ClusterService.status, {}, { limitMs: 1000, signal, token: 'abc' });
    expect(seen).toEqual(['Bearer abc']);
    const refused = await callUnary(
      verified(address),
      ClusterService.status,
      {},
      { limitMs: 1000, signal, token: 'ab\nsecret' },
    );
    expect(JSON.stringify(refused)).not.toContain('secret');
    expect(refused).toMatchObject({ kind: 'failure', failure: { why: 'unreadable', phase: 'connect' } });
  });

  it('with an answer larger than gRPC takes by itself', async () => {
    const address = await jacod(tls(), (_call, callback) =>
      callback(null, { ...STATUS, leader: 'x'.repeat(6 * 1024 * 1024) }),
    );
    expect((await call(verified(address), 5_000)).kind).toBe('response');
  });
});

describe('no listener', () => {
  it.each([
    ['a socket that is not there', 'unix', 'absent', 'ENOENT'],
    ['a leftover socket', 'stale', 'refused', 'ECONNREFUSED'],
    ['a port that nothing listens on', 'tcp', 'refused', 'ECONNREFUSED'],
  ])('%s', async (_what, kind, why, code) => {
    const path = join(folder(), 'jaco.sock');
    if (kind === 'stale') {
      const { writeFileSync } = await import('node:fs');
      writeFileSync(path, '');
    }
    const result = await call(kind === 'tcp' ? unverified('127.0.0.1:1') : { kind: 'unix', path });
    expect(result).toMatchObject({ kind: 'failure', failure: { why, phase: 'connect', code } });
  });

  it.each([
    '',
    'nonsense',
    'http://10.0.0.1:7000',
    'unix:/etc/passwd',
    '10.0.0.1',
    '10.0.0.1:0',
    '10.0.0.1:70000',
    'a:b:7000',
    '10.0.0.1:7000/x',
  ])('no address to dial: %s', async (address) => {
    expect(await call(unverified(address))).toMatchObject({
      kind: 'failure',
      failure: { why: 'unreadable', phase: 'connect' },
    });
  });
});

describe('connected and silent', () => {
  it('a frozen daemon over its socket, over TLS, and one whose TLS answers but whose gRPC does not', async () => {
    const path = await raw(() => {}, join(folder(), 'jaco.sock'));
    expect(await call({ kind: 'unix', path }, 200)).toMatchObject({
      kind: 'failure',
      failure: { why: 'silent', phase: 'grpc' },
      connect: { kind: 'connected' },
    });
    expect(await call(verified(await raw(() => {})), 200)).toMatchObject({ failure: { why: 'silent', phase: 'tls' } });
    const mute = await listening(createTls({ cert: node.cert, key: node.key, ALPNProtocols: ['h2'] }));
    expect(await call(verified(mute), 300)).toMatchObject({ failure: { why: 'silent', phase: 'grpc' } });
  });

  it('a daemon that takes the call and never answers it', async () => {
    const address = await jacod(tls(), () => {});
    expect(await call(verified(address), 300)).toMatchObject({ failure: { why: 'silent', phase: 'answer' } });
  });

  it('ends when the signal does', async () => {
    const controller = new AbortController();
    const address = await raw(() => {});
    setTimeout(() => controller.abort(), 100);
    const begun = performance.now();
    expect(await call(verified(address), 10_000, controller.signal)).toMatchObject({ failure: { why: 'silent' } });
    expect(performance.now() - begun).toBeLessThan(15_000);
  });
});

describe('TLS that cannot be trusted', () => {
  it('names what is wrong', async () => {
    const bootstrap = certificate({ name: 'jacod-bootstrap (bootstrap)', names: ['jacod-bootstrap'] });
    const expired = certificate({
      name: 'jaco-1',
      names: ['127.0.0.1'],
      issuer: ca,
      to: new Date(Date.now() - 60_000),
    });
    const elsewhere = certificate({ name: 'jaco-1', names: ['jaco-1', '10.81.1.1'], issuer: ca });
    const codes: unknown[] = [];
    const details: string[] = [];
    for (const [pair, pem] of [
      [bootstrap, ca.cert],
      [expired, ca.cert],
      [elsewhere, ca.cert],
      [node, other.cert],
    ] as const) {
      const address = await jacod(tls(pair), ok);
      const result = await call(verified(address, pem));
      codes.push(result.kind === 'failure' && [result.failure.phase, result.failure.why, result.failure.code]);
      details.push(result.kind === 'failure' ? result.failure.detail : 'no failure');
      expect((await call(unverified(address))).kind).toBe('response');
    }
    expect(codes).toEqual([
      ['tls', 'unreadable', 'self-signed'],
      ['tls', 'unreadable', 'expired'],
      ['tls', 'unreadable', 'name-mismatch'],
      ['tls', 'unreadable', 'untrusted'],
    ]);
    expect(details[0]).toBe('self-signed certificate');
    // Node 24 and later advise an option of Node here.
    expect(details.filter((detail) => detail.includes('Node'))).toEqual([]);
  });

  it('reports that the CA itself is not a certificate', async () => {
    const address = await jacod(tls(), ok);
    expect(
      await call(verified(address, '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n')),
    ).toMatchObject({ failure: { phase: 'tls' } });
  });
});

describe('the daemon that was seen first', () => {
  it('is called at the address its name led to, under its name', async () => {
    const named = certificate({ name: 'jaco-1', names: ['jaco-1.invalid'], issuer: ca });
    const port = (await jacod(tls(named), ok)).split(':')[1];
    const endpoint: Endpoint = { ...verified(`jaco-1.invalid:${port}`), at: '127.0.0.1' } as Endpoint;
    expect((await call(endpoint)).kind).toBe('response');
  });

  it('is distinguished from another of its cluster by its certificate', async () => {
    const address = await jacod(tls(), ok);
    const asked = (leaf: string): Endpoint => ({ kind: 'tls', address, trust: { kind: 'ca', pem: ca.cert, leaf } });
    expect((await call(asked(new X509Certificate(node.cert).fingerprint256))).kind).toBe('response');
    expect(await call(asked(new X509Certificate(other.cert).fingerprint256))).toMatchObject({
      failure: { why: 'unreadable', phase: 'tls', code: 'another' },
    });
  });
});

describe('another server', () => {
  const web = (): Promise<string> => listening(createHttp((_request, response) => response.end('hello')));

  it('a web server, asked in plain and with TLS', async () => {
    const path = join(folder(), 'web.sock');
    await listening(
      createHttp((_request, response) => response.end('hello')),
      path,
    );
    expect(await call({ kind: 'unix', path })).toMatchObject({ failure: { why: 'unreadable', phase: 'grpc' } });
    expect(await call(unverified(await web()))).toMatchObject({
      failure: { why: 'unreadable', phase: 'tls', code: 'not-tls' },
    });
  });

  it('one that resets, hangs up, or talks nonsense', async () => {
    const hang = await raw((socket) => void socket.once('data', () => socket.destroy()));
    expect(await call(unverified(hang))).toMatchObject({ failure: { why: 'unreadable', phase: 'tls' } });
    const reset = await raw((socket) => void socket.once('data', () => socket.resetAndDestroy()));
    expect(await call(verified(reset))).toMatchObject({ failure: { why: 'unreadable', phase: 'tls' } });
    // Without verification Node does not report that TLS was established: only the closed connection is known.
    const after = await listening(
      createTls({ cert: node.cert, key: node.key, ALPNProtocols: ['h2'] }, (socket) => socket.destroy()),
    );
    for (const endpoint of [verified(after), unverified(after)])
      expect(await call(endpoint)).toMatchObject({ failure: { why: 'hung-up', phase: 'grpc' } });
    const garbage = await raw(
      (socket) => void socket.end('\u0000\u0001\u0002 garbage garbage garbage\r\n'),
      join(folder(), 'g.sock'),
    );
    expect(await call({ kind: 'unix', path: garbage })).toMatchObject({
      failure: { why: 'unreadable', phase: 'grpc' },
    });
    const gone = await raw((socket) => void socket.once('data', () => socket.destroy()), join(folder(), 'r.sock'));
    // A server that closes without an answer may be a daemon that ends at that moment, so it is not reported as
    // foreign.
    expect(await call({ kind: 'unix', path: gone })).toMatchObject({ failure: { why: 'hung-up', phase: 'grpc' } });
  });

  it('another gRPC server', async () => {
    const server = new grpc.Server();
    const port = await new Promise<number>((resolve) =>
      server.bindAsync('127.0.0.1:0', tls(), (_error, bound) => resolve(bound)),
    );
    cleanups.push(() => server.forceShutdown());
    expect(await call(verified(`127.0.0.1:${port}`))).toMatchObject({
      failure: { why: 'unreadable', phase: 'answer', grpc: 12 },
    });
  });

  it('a daemon with a typed or plain error, and one whose message cannot be decoded', async () => {
    const refuses = await jacod(tls(), (_call, callback) =>
      callback({ code: 14, details: 'cluster_uninitialized: daemon has no raft state' }),
    );
    expect(await call(verified(refuses))).toMatchObject({
      failure: { why: 'refused', phase: 'answer', code: 'cluster_uninitialized', grpc: 14 },
    });
    const server = new grpc.Server();
    const method = { ...ClusterService.status, responseSerialize: () => Buffer.from([0x0a, 0xff, 0xff, 0xff]) };
    server.addService({ status: method }, { status: ok });
    const port = await new Promise<number>((resolve) =>
      server.bindAsync('127.0.0.1:0', tls(), (_error, bound) => resolve(bound)),
    );
    cleanups.push(() => server.forceShutdown());
    expect(await call(verified(`127.0.0.1:${port}`))).toMatchObject({
      failure: { why: 'unreadable', phase: 'answer' },
    });
  });
});
