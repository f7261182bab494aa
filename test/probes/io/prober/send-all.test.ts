import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import type { ProberRequest } from '../../../../src/probes/io/prober/prober-request.ts';
import { sendAll } from '../../../../src/probes/io/prober/send-all.ts';

const LIMIT_MS = 400;

async function reply(request: ProberRequest) {
  const [only] = await sendAll({ requests: [request], limitMs: LIMIT_MS }, new AbortController().signal);
  return only;
}

/** A UDP port of the loopback interface that is bound, and what it does with each datagram. */
async function udpPort(onMessage: (message: Buffer, answer: (bytes: Buffer) => void) => void) {
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) =>
    onMessage(message, (bytes) => socket.send(bytes, port, address)),
  );
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, close: () => socket.close() };
}

/** A TCP port of the loopback interface without a listener: it was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('the reset of a closed port is an answer: packets pass both ways', async () => {
  const port = await closedPort();
  expect(await reply({ kind: 'tcp', host: '127.0.0.1', port })).toMatchObject({ kind: 'answer', how: 'reset' });
});

test('a listening program is connected to', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  expect(await reply({ kind: 'tcp', host: '127.0.0.1', port })).toMatchObject({ kind: 'answer', how: 'connected' });
  server.close();
});

test('"port unreachable" to a datagram is an answer too', async () => {
  const { port, close } = await udpPort(() => {});
  close();
  expect(await reply({ kind: 'udp', host: '127.0.0.1', port })).toMatchObject({
    kind: 'answer',
    how: 'port-unreachable',
  });
});

test('an unanswered datagram was sent twice before its silence counts', async () => {
  let received = 0;
  const { port, close } = await udpPort(() => {
    received += 1;
  });
  expect(await reply({ kind: 'udp', host: '127.0.0.1', port })).toMatchObject({ kind: 'silent' });
  expect(received).toBe(2);
  close();
});

test('a name server that loses the first datagram is asked again within the limit', async () => {
  let received = 0;
  const { port, close } = await udpPort((message, answer) => {
    received += 1;
    if (received === 1) return;
    const bytes = Buffer.from(message);
    bytes.writeUInt16BE(0x8183, 2);
    answer(bytes);
  });
  const request: ProberRequest = { kind: 'dns', over: 'udp', host: '127.0.0.1', port, name: 'web' };
  expect(await reply(request)).toMatchObject({ kind: 'answer', how: 'dns', rcode: 'NXDOMAIN', addresses: [] });
  close();
});

test('replies are in the order of the requests, and the slowest does not delay the others beyond the limit', async () => {
  const { port, close } = await udpPort(() => {});
  const requests: readonly ProberRequest[] = [
    { kind: 'udp', host: '127.0.0.1', port },
    { kind: 'tcp', host: '127.0.0.1', port: await closedPort() },
  ];
  const replies = await sendAll({ requests, limitMs: LIMIT_MS }, new AbortController().signal);
  expect(replies.map(({ kind }) => kind)).toEqual(['silent', 'answer']);
  close();
});

test('a run that ends takes its requests with it', async () => {
  const { port, close } = await udpPort(() => {});
  const controller = new AbortController();
  const asked = sendAll({ requests: [{ kind: 'udp', host: '127.0.0.1', port }], limitMs: 60_000 }, controller.signal);
  controller.abort();
  expect(await asked).toMatchObject([{ kind: 'silent' }]);
  close();
});
