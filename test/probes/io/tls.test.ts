import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { certificate } from '../../../src/demo/certificate.ts';
import { nodeCertificates } from '../../../src/demo/jaco/certificates.ts';
import { tlsHandshake } from '../../../src/probes/io/tls.ts';

const ca = { name: 'JACO Cluster CA', ...certificate({ name: 'JACO Cluster CA' }) };
const otherCa = { name: 'JACO Cluster CA', ...certificate({ name: 'JACO Cluster CA' }) };
const node = certificate({ name: 'jaco-1', names: ['jaco-1', '127.0.0.1'], issuer: ca });

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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}
const serving = ({ cert, key }: { cert: string; key: string }) =>
  listening(createTls({ cert, key, ALPNProtocols: ['h2'] }));
const options = {
  limitMs: 1_000,
  signal: new AbortController().signal,
  ca: ca.cert as string | null,
  name: '127.0.0.1',
};

describe('the leaf of a server', () => {
  test('of this cluster: names, dates, signature, and that it covers the address', async () => {
    const met = await tlsHandshake(await serving(node), options);
    expect(met).toMatchObject({
      kind: 'hello',
      leaf: {
        subject: 'jaco-1',
        issuer: 'JACO Cluster CA',
        dnsNames: ['jaco-1'],
        addresses: ['127.0.0.1'],
        selfSigned: false,
        signedByCa: true,
        covers: true,
        fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      },
    });
  });

  test('covers a name that ends with a dot, which only says that it is whole', async () => {
    const met = await tlsHandshake(await serving(node), { ...options, name: 'jaco-1.' });
    expect(met).toMatchObject({ leaf: { covers: true } });
  });

  test('of another cluster whose CA has the same name is not signed by ours', async () => {
    const foreign = certificate({ name: 'jaco-1', names: ['127.0.0.1'], issuer: otherCa });
    const met = await tlsHandshake(await serving(foreign), options);
    expect(met).toMatchObject({ leaf: { issuer: 'JACO Cluster CA', signedByCa: false, covers: true } });
  });

  test('is found in a CA file that holds several', async () => {
    const met = await tlsHandshake(await serving(node), { ...options, ca: `${otherCa.cert}\n# text\n${ca.cert}` });
    expect(met).toMatchObject({ leaf: { signedByCa: true } });
  });

  test('that a daemon starts with is its own issuer, with any CA', async () => {
    const names = ['jacod-bootstrap'];
    const bootstrap = certificate({ name: 'jacod-bootstrap (bootstrap)', names, signs: false });
    expect(await tlsHandshake(await serving(bootstrap), { ...options, ca: null })).toMatchObject({
      leaf: { issuer: 'jacod-bootstrap (bootstrap)', selfSigned: true, signedByCa: null, covers: false },
    });
  });

  test('that is over still shows its dates', async () => {
    const [from, to] = [new Date('2020-01-01T00:00:00Z'), new Date('2020-02-01T00:00:00Z')];
    const old = certificate({ name: 'jaco-1', names: ['127.0.0.1'], issuer: ca, from, to });
    expect(await tlsHandshake(await serving(old), options)).toMatchObject({
      leaf: { notBeforeMs: from.getTime(), notAfterMs: to.getTime(), signedByCa: true },
    });
  });

  test('names the key that signed it, so that two CAs are distinguished without either', async () => {
    const [one, two] = [nodeCertificates['demo-1'], nodeCertificates['demo-2']];
    if (one === undefined || two === undefined) throw new Error('no test certificates');
    const met = await Promise.all(
      [one, two].map(async (pair) => tlsHandshake(await serving(pair), { ...options, ca: null })),
    );
    const keys = met.map((hello) => hello.kind === 'hello' && hello.leaf.authority);
    expect(keys[0]).toMatch(/^[0-9a-f]{40}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  test('with names made to mislead is shown as text and covers nothing it should not', async () => {
    const names = ['a, IP Address:10.0.0.9', '\u001b[31mred'];
    const met = await tlsHandshake(await serving(certificate({ name: 'x\nCN=jaco-1', names, issuer: ca })), {
      ...options,
      name: '10.0.0.9',
    });
    expect(met).toMatchObject({ kind: 'hello', leaf: { addresses: [], covers: false } });
    expect(JSON.stringify(met)).not.toMatch(/\u001b/);
  });
});

describe('a server without TLS', () => {
  test('a web server without TLS', async () => {
    const met = await tlsHandshake(await listening(createHttp() as unknown as Server), options);
    expect(met).toMatchObject({ kind: 'no-tls', fault: 'not-tls' });
  });

  test('the raft port: it hangs up on what it does not understand', async () => {
    const met = await tlsHandshake(
      await listening(createServer((socket) => socket.once('data', () => socket.destroy()))),
      options,
    );
    expect(met).toMatchObject({ kind: 'no-tls', fault: 'closed' });
  });

  test('a daemon that is stopped: connected, and nothing came', async () => {
    const met = await tlsHandshake(await listening(createServer(() => {})), { ...options, limitMs: 150 });
    expect(met).toMatchObject({
      kind: 'no-tls',
      fault: 'silent',
      detail: expect.stringMatching(/^connected, then no TLS handshake within \d+ ms$/),
    });
  });

  test('no listener, reported by the system', async () => {
    const { host, port } = await listening(createServer());
    for (const cleanup of cleanups.splice(0)) cleanup();
    expect(await tlsHandshake({ host, port }, options)).toMatchObject({ kind: 'no-connection', code: 'ECONNREFUSED' });
  });
});
