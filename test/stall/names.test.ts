import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { resolveName } from '../../src/probes/io/resolve-name.ts';

const open: Socket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

/** A name server that answers each query with what `answer` makes of it. */
async function nameServer(answer: (query: Buffer) => readonly Buffer[]): Promise<string> {
  const socket = createSocket('udp4');
  open.push(socket);
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    for (const bytes of answer(query)) socket.send(bytes, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(socket.address() as AddressInfo).port}`;
}

/** An answer of one address, to a query of the same id or another. */
function reply(query: Buffer, id = query.readUInt16BE(0)): Buffer {
  const end = query.indexOf(0, 12) + 5;
  const head = Buffer.from([0, 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
  head.writeUInt16BE(id, 0);
  return Buffer.concat([
    head,
    query.subarray(12, end),
    Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 192, 0, 2, 1]),
  ]);
}

const MANNERS: { readonly [name: string]: (query: Buffer) => readonly Buffer[] } = {
  'does not answer': () => [],
  'answers with noise': () => [Buffer.from('\u001b[2J not DNS at all')],
  'answers with a single byte': () => [Buffer.from([0])],
  'answers half of it': (query) => [reply(query).subarray(0, 20)],
  'answers another query': (query) => [reply(query, (query.readUInt16BE(0) + 1) & 0xffff)],
  'answers with a name that points at itself': (query) => {
    const end = query.indexOf(0, 12) + 5;
    const head = Buffer.from([query[0] ?? 0, query[1] ?? 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
    // A compression pointer to itself.
    return [Buffer.concat([head, query.subarray(12, end), Buffer.from([0xc0, end])])];
  },
};

describe.concurrent('a name server that', () => {
  for (const [manner, answer] of Object.entries(MANNERS))
    test(`${manner} gives no address and is over at the limit`, async () => {
      const sources = { servers: [await nameServer(answer)], hosts: '', resolvConf: '' };
      const began = performance.now();
      const met = await resolveName('jaco-1.test', { limitMs: 400, signal: new AbortController().signal, sources });
      expect(performance.now() - began).toBeLessThan(15_000);
      expect(met).toMatchObject({
        kind: 'error',
        detail: expect.stringMatching(/^jaco-1\.test: .*\(asked 127\.0\.0\.1:\d+\)$/),
      });
      expect(met.kind === 'error' && met.why).not.toBe('absent');
    });

  test('answers rightly after a wrong answer is believed', async () => {
    const server = await nameServer((query) => [reply(query, (query.readUInt16BE(0) + 7) & 0xffff), reply(query)]);
    const sources = { servers: [server], hosts: '', resolvConf: '' };
    const met = await resolveName('jaco-1.test', { limitMs: 2_000, signal: new AbortController().signal, sources });
    expect(met).toMatchObject({ kind: 'addresses', addresses: ['192.0.2.1'], from: 'dns' });
  });
});
