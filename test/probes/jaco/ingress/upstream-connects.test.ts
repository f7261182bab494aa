import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { type UpstreamConnects, upstreamConnects } from '../../../../src/probes/jaco/ingress/upstream-connects.ts';

const connect = async (...upstreams: readonly string[]): Promise<UpstreamConnects> => {
  const loaded = { routes: [{ domain: 'shop.test', pattern: '', upstreams }], omitted: 0 };
  const io = { phase: () => {} };
  const result = await upstreamConnects.collect(io as never, { loaded } as never, new AbortController().signal);
  if (result.kind !== 'value') throw new Error(JSON.stringify(result));
  return result.value as UpstreamConnects;
};

test('an upstream accepts, refuses, does not exist, or is silent', async () => {
  let received = 0;
  const server = createServer((socket) => socket.on('data', () => (received += 1)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const open = `127.0.0.1:${port}`;
  // 192.0.2.0/24 is not assigned (RFC 5737): silence, or an error of this host or a router.
  const { list, omitted } = await connect(open, open, '127.0.0.1:1', '10.244.0.2:70000', 'shop:80', '192.0.2.1:80');
  server.close();
  expect(list.slice(0, 4)).toEqual([
    { dial: open, kind: 'connected', code: null },
    { dial: '127.0.0.1:1', kind: 'refused', code: 'ECONNREFUSED' },
    { dial: '10.244.0.2:70000', kind: 'invalid', code: null },
    { dial: 'shop:80', kind: 'invalid', code: null },
  ]);
  expect(['lost', 'no-route', 'refused']).toContain(list[4]?.kind);
  expect({ omitted, received }).toEqual({ omitted: 0, received: 0 });
});

test('as many as are bounded are connected to, and the rest is counted', async () => {
  const many = Array.from({ length: 450 }, (_, index) => `127.0.0.1:${70_000 + index}`);
  const { list, omitted } = await connect(...many);
  expect([list.length, omitted]).toEqual([400, 50]);
});
