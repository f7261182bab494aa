import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import packet from 'dns-packet';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { decodeReply, encodeQuestion } from '../../../src/probes/io/dns/message.ts';
import { queryTcp } from '../../../src/probes/io/dns/query-tcp.ts';
import { queryUdp } from '../../../src/probes/io/dns/query-udp.ts';

const never = new AbortController().signal;
const QUESTION = { name: 'example.com', type: 'A' } as const;
const open = new Set<Socket | Server>();
afterEach(() => {
  for (const server of open) server.close();
  open.clear();
});

/** A name server over UDP that sends the given reply to every datagram; returns its port. */
async function server(say: (query: Buffer) => readonly Buffer[]): Promise<{ address: string; port: number }> {
  const socket = createSocket('udp4');
  open.add(socket);
  socket.on('message', (query, from) => {
    for (const answer of say(query)) socket.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { address: '127.0.0.1', port: socket.address().port };
}

/** An answer to a query: the given code and addresses, possibly changed. */
function answer(
  query: Buffer,
  given: { rcode?: number; addresses?: string[]; id?: number; flags?: number; name?: string } = {},
): Buffer {
  const { id, questions = [] } = packet.decode(query);
  const { rcode = 0, addresses = [], flags = packet.AUTHORITATIVE_ANSWER } = given;
  const asked = questions.map((question) => ({ ...question, name: given.name ?? question.name }));
  return packet.encode({
    type: 'response',
    id: given.id ?? id ?? 0,
    flags: flags | rcode,
    questions: asked,
    answers: [
      { type: 'CNAME', name: 'example.com', data: 'other.example.com' },
      ...addresses.map((data) => ({ type: 'A' as const, name: 'other.example.com', ttl: 5, data })),
    ],
  });
}

const asked = (port: { address: string; port: number }, limitMs = 1_000, signal = never) =>
  queryUdp(port, QUESTION, { limitMs, signal });

describe('a name server that answers', () => {
  test('gives addresses, past the aliases on the way', async () => {
    const here = await server((query) => [answer(query, { addresses: ['192.0.2.1', '192.0.2.2'] })]);
    expect(await asked(here)).toMatchObject({
      kind: 'answer',
      rcode: 'NOERROR',
      addresses: ['192.0.2.1', '192.0.2.2'],
      truncated: false,
    });
  });

  test.each([
    [0, 'NOERROR'],
    [2, 'SERVFAIL'],
    [3, 'NXDOMAIN'],
    [4, 'NOTIMP'],
    [5, 'REFUSED'],
    [9, 'other'],
  ])('with code %i says %s', async (rcode, word) => {
    const here = await server((query) => [answer(query, { rcode })]);
    expect(await asked(here)).toMatchObject({ kind: 'answer', rcode: word });
  });

  test('in part says so', async () => {
    const here = await server((query) => [
      answer(query, { flags: packet.TRUNCATED_RESPONSE, addresses: ['192.0.2.1'] }),
    ]);
    expect(await asked(here)).toMatchObject({ kind: 'answer', truncated: true });
  });

  test('without repeating the question, as some servers do in a refusal', async () => {
    const here = await server((query) => [packet.encode({ type: 'response', id: query.readUInt16BE(0), flags: 5 })]);
    expect(await asked(here)).toMatchObject({ kind: 'answer', rcode: 'REFUSED' });
  });
});

describe('a name server that does not', () => {
  test('and does not answer is silent', async () => {
    const here = await server(() => []);
    const said = await asked(here, 80);
    expect(said).toMatchObject({ kind: 'failure', why: 'silent', code: null, strays: 0 });
    expect(said.ms).toBeGreaterThanOrEqual(79);
  });

  test('at which nothing listens is refused by the host, at once', async () => {
    const here = await server(() => []);
    for (const socket of open) socket.close();
    open.clear();
    const said = await asked(here, 5_000);
    expect(said).toMatchObject({ kind: 'failure', why: 'refused', code: 'ECONNREFUSED' });
    expect(said.ms).toBeLessThan(1_000);
  });

  test('but guessed ids are not accepted, and are counted', async () => {
    const here = await server((query) => [
      answer(query, { id: (query.readUInt16BE(0) + 1) & 0xffff, addresses: ['6.6.6.6'] }),
    ]);
    expect(await asked(here, 80)).toMatchObject({ kind: 'failure', why: 'silent', strays: 1 });
  });

  test('nor is an answer to another question; the right answer after it is', async () => {
    const here = await server((query) => [
      answer(query, { name: 'other.test', addresses: ['6.6.6.6'] }),
      answer(query, { addresses: ['192.0.2.1'] }),
    ]);
    expect(await asked(here)).toMatchObject({ kind: 'answer', addresses: ['192.0.2.1'] });
  });

  test('but sends rubbish is garbled', async () => {
    const here = await server((query) => [Buffer.concat([query.subarray(0, 2), Buffer.alloc(30, 0xff)])]);
    expect(await asked(here)).toMatchObject({ kind: 'failure', why: 'garbled' });
    const short = await server(() => [Buffer.from('x')]);
    expect(await asked(short)).toMatchObject({ kind: 'failure', why: 'garbled' });
  });

  test('is closed when the time is over', async () => {
    const here = await server(() => []);
    const controller = new AbortController();
    const said = asked(here, 60_000, controller.signal);
    controller.abort();
    expect(await said).toMatchObject({ kind: 'failure', why: 'silent' });
    expect(await asked(here, 60_000, AbortSignal.abort())).toMatchObject({ kind: 'failure', why: 'silent' });
  });

  test('is not possible at something that is not an address', async () => {
    expect(await asked({ address: '255.255.255.255', port: 53 })).toMatchObject({
      kind: 'failure',
      why: 'unreachable',
    });
  });
});

describe('over TCP', () => {
  async function tcp(say: (query: Buffer) => readonly Buffer[] | null): Promise<{ address: string; port: number }> {
    const listening = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (bytes) => {
        const parts = say(bytes.subarray(2));
        for (const part of parts ?? []) socket.write(part);
        if (parts === null) socket.destroy();
      });
    });
    open.add(listening);
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return { address: '127.0.0.1', port: (listening.address() as { port: number }).port };
  }
  const framed = (message: Buffer): Buffer =>
    Buffer.concat([Buffer.from([message.length >> 8, message.length & 255]), message]);
  const over = (here: { address: string; port: number }, limitMs = 1_000) =>
    queryTcp(here, QUESTION, { limitMs, signal: never });

  test('an answer in pieces is put together', async () => {
    const here = await tcp((query) => {
      const bytes = framed(answer(query, { addresses: ['192.0.2.1'] }));
      return [bytes.subarray(0, 1), bytes.subarray(1, 20), bytes.subarray(20)];
    });
    expect(await over(here)).toMatchObject({ kind: 'answer', addresses: ['192.0.2.1'] });
  });

  test('hung up on, garbled, silent and refused are four', async () => {
    expect(await over(await tcp(() => null))).toMatchObject({ why: 'closed' });
    expect(await over(await tcp(() => [framed(Buffer.alloc(20, 0xff))]))).toMatchObject({ why: 'garbled' });
    const silent = await tcp(() => []);
    expect(await over(silent, 80)).toMatchObject({ why: 'silent' });
    const gone = await tcp(() => []);
    for (const one of open) one.close();
    open.clear();
    expect(await over(gone)).toMatchObject({ why: 'refused' });
  });
});

test('no datagram throws', () => {
  const own = encodeQuestion(packet, QUESTION);
  const heads = fc
    .uint8Array({ maxLength: 600 })
    .map((bytes) => Buffer.concat([own.bytes.subarray(0, 2), Buffer.from(bytes)]));
  fc.assert(
    fc.property(heads, (bytes) => {
      const received = decodeReply(packet, own, QUESTION, bytes);
      expect(typeof received === 'string' || received.addresses.length <= 32).toBe(true);
    }),
  );
});
