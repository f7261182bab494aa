import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { KeyPair } from '../../src/demo/key-pair.ts';
import { readServerCertificates } from '../../src/probes/io/certificate/read-server-certificates.ts';
import { derOf, served, shelf } from '../probes/io/certificate/shelf.ts';
import { PATH, requireRootAnd, until } from './shell.ts';

const options = { serverName: 'shop.test', limitMs: 3_000, signal: new AbortController().signal };

/** The doctor sends its own hello, so servers of other implementations than Node must accept it. */
describe('a TLS server of another make shows its certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jaco-doctor-tls-'));
  const running = new Set<ChildProcess>();
  beforeAll(() => requireRootAnd('openssl'));
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function start(program: string, words: readonly string[]): void {
    running.add(spawn(program, words, { stdio: 'ignore', env: { PATH } }));
  }

  /** What a server that was just started shows, once it listens. */
  async function shownAt(port: number, serverName = options.serverName) {
    let shown = await readServerCertificates({ host: '127.0.0.1', port }, { ...options, serverName });
    await until(`a server at port ${port}`, async () => {
      shown = await readServerCertificates({ host: '127.0.0.1', port }, { ...options, serverName });
      return shown.kind !== 'no-connection';
    });
    return shown;
  }

  function write({ cert, key }: KeyPair): { readonly cert: string; readonly key: string } {
    const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    writeFileSync(paths.cert, cert);
    writeFileSync(paths.key, key);
    return paths;
  }

  async function openssl(pair: KeyPair, words: readonly string[]): Promise<number> {
    const [port, { cert, key }] = [await freePort(), write(pair)];
    const listen = ['s_server', '-accept', `127.0.0.1:${port}`, '-www', '-quiet'];
    start('openssl', [...listen, '-cert', cert, '-cert_chain', cert, '-key', key, ...words]);
    return port;
  }

  for (const [version, words] of [
    ['each version', []],
    ['TLS 1.2 only', ['-tls1_2']],
    ['TLS 1.3 only', ['-tls1_3']],
  ] as const)
    for (const [kind, pair] of [
      ['an EC key', shelf['a healthy one with an EC key']],
      ['an RSA key', shelf['a healthy one with an RSA key']],
      ['an expired certificate', shelf['an expired one']],
    ] as const)
      test(`OpenSSL with ${version} and ${kind}`, async () => {
        const shown = await shownAt(await openssl(pair, words));
        expect(shown).toMatchObject({ kind: 'certificates' });
        // The file of the leaf is its chain as well, so OpenSSL may send the leaf twice.
        expect(shown.kind === 'certificates' && shown.list[0]?.equals(derOf(pair)[0] as Buffer)).toBe(true);
      });

  test('OpenSSL that ends the handshake for an unknown name', async () => {
    const words = ['-servername', 'blog.test', '-servername_fatal', '-cert2', join(folder, 'cert.pem')];
    const port = await openssl(served(), [...words, '-key2', join(folder, 'key.pem')]);
    expect(await shownAt(port, 'shop.test')).toMatchObject({ kind: 'alert', code: 112 });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
