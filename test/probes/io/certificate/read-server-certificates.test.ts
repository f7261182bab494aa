import { createServer as createHttp } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTls, type TlsOptions } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { readServerCertificates } from '../../../../src/probes/io/certificate/read-server-certificates.ts';
import { derOf, served, shelf } from './shelf.ts';

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function listening(server: Server): Promise<{ host: string; port: number }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

const options = { serverName: 'shop.test', limitMs: 400, signal: new AbortController().signal };
const serving = (tls: TlsOptions) => listening(createTls(tls));
const raw = (onConnection: (socket: Socket) => void) => listening(createServer(onConnection));

describe('the certificates of a real TLS server', () => {
  for (const [name, pair] of Object.entries(shelf))
    test(`${name}: as they were sent`, async () => {
      const shown = await readServerCertificates(await serving(pair), options);
      expect(shown).toMatchObject({ kind: 'certificates', list: derOf(pair) });
    });

  test('are those of the name that was asked for', async () => {
    const blog = shelf['one for another name'];
    const byName: { readonly [name: string]: { cert: string; key: string } } = { 'blog.test': blog };
    const target = await serving({
      ...served(),
      SNICallback: (name, done) => done(null, createSecureContext(byName[name] ?? served())),
    });
    const shown = await readServerCertificates(target, { ...options, serverName: 'blog.test' });
    expect(shown).toMatchObject({ list: derOf(blog) });
  });

  test('come from a server that supports only TLS 1.3', async () => {
    const pair = served();
    const shown = await readServerCertificates(await serving({ ...pair, minVersion: 'TLSv1.3' }), options);
    expect(shown).toMatchObject({ kind: 'certificates', list: derOf(pair) });
  });

  test('arrive byte by byte, as over a bad line', async () => {
    const pair = served();
    const target = await serving(pair);
    const slow = await raw((client) => {
      const server = connect(target);
      client.pipe(server).on('error', () => {});
      server.on('data', (chunk: Buffer) => {
        for (const byte of chunk) client.write(Buffer.from([byte]));
      });
    });
    expect(await readServerCertificates(slow, options)).toMatchObject({ kind: 'certificates', list: derOf(pair) });
  });
});

describe('a server without a certificate', () => {
  test('refuses the name with an alert, as Caddy does before one is issued', async () => {
    const target = await raw((socket) => socket.once('data', () => socket.end(Buffer.from('15030300020250', 'hex'))));
    expect(await readServerCertificates(target, options)).toMatchObject({ kind: 'alert', code: 80 });
  });

  test('speaks plain HTTP', async () => {
    expect(await readServerCertificates(await listening(createHttp()), options)).toMatchObject({
      kind: 'not-tls',
      http: true,
    });
  });

  test('speaks another protocol', async () => {
    const target = await raw((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await readServerCertificates(target, options)).toMatchObject({ kind: 'not-tls', http: false });
  });

  test('sends without end', async () => {
    const record = Buffer.concat([Buffer.from('160303400002ffffff', 'hex'), Buffer.alloc(0x4000 - 4)]);
    const target = await raw((socket) => {
      const more = (): void => {
        if (socket.write(record)) setImmediate(more);
        else socket.once('drain', more);
      };
      more();
    });
    expect(await readServerCertificates(target, options)).toMatchObject({ kind: 'not-tls', http: false });
  });
});

describe('a server that stalls', () => {
  test('accepts but does not answer: the handshake ends at its limit', async () => {
    const shown = await readServerCertificates(await raw(() => {}), options);
    expect(shown).toMatchObject({ kind: 'silent', began: false });
    expect(shown.ms).toBeLessThan(1_500);
  });

  test('begins and never ends', async () => {
    const target = await raw((socket) => socket.write(Buffer.from('1603030100', 'hex')));
    expect(await readServerCertificates(target, options)).toMatchObject({ kind: 'silent', began: true });
  });

  test('resets the connection', async () => {
    const target = await raw((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await readServerCertificates(target, options)).toMatchObject({ kind: 'closed', reset: true });
  });

  test('hangs up', async () => {
    const target = await raw((socket) => socket.once('data', () => socket.end()));
    expect(await readServerCertificates(target, options)).toMatchObject({ kind: 'closed', reset: false });
  });

  test('does not listen', async () => {
    const target = await raw(() => {});
    for (const cleanup of cleanups.splice(0)) cleanup();
    expect(await readServerCertificates(target, options)).toMatchObject({
      kind: 'no-connection',
      code: 'ECONNREFUSED',
    });
  });

  test('is closed at once when the run ends', async () => {
    const signal = AbortSignal.abort();
    const shown = await readServerCertificates(await raw(() => {}), { ...options, signal });
    expect(shown).toMatchObject({ kind: 'no-connection', code: null });
  });
});
