import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Result } from '../../../../src/engine/outcome.ts';
import { proxyConfig } from '../../../../src/probes/jaco/ingress/proxy-config.ts';
import { MANNERS, type Manner, stalled } from '../../../stall/stalling-servers.ts';

const routes = { list: [{ domain: 'shop.test', path: '' }], omitted: 0 };

/** The result of the probe for an admin endpoint at this port. */
const read = (admin: number, facts: object = {}): Promise<Result> => {
  const lines = { kind: 'not-applicable', reason: 'no journal' };
  const given = { routes, network: {}, ports: { admin, http: 80, https: 443 }, lines, ...facts };
  return proxyConfig.collect({ phase: () => {} } as never, given as never, new AbortController().signal);
};

let server: Server | undefined;
afterEach(() => server?.close());

/** An admin endpoint that sends these answers in order; the last one is repeated. */
async function endpoint(...answers: readonly { status?: number; body: string }[]) {
  const requests: string[] = [];
  server = createServer((request, response) => {
    const { status = 200, body } = answers[Math.min(requests.length, answers.length - 1)] ?? { body: '' };
    requests.push(`${request.method} ${request.url} ${request.headers.host}`);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, requests };
}

const documentOf = (upstreams: readonly string[] | null) =>
  JSON.stringify({
    apps: {
      http: {
        servers: {
          jaco_http: {
            routes: [
              {
                match: [{ host: ['shop.test'] }],
                handle: [{ handler: 'reverse_proxy', upstreams: upstreams?.map((dial) => ({ dial })) ?? null }],
              },
            ],
          },
        },
      },
    },
  });
const UPSTREAM = '10.244.0.2:8080';

test('a complete configuration is read once, with a host that the endpoint accepts', async () => {
  const { port, requests } = await endpoint({ body: documentOf([UPSTREAM]) });
  expect(await read(port)).toMatchObject({
    kind: 'value',
    value: { kind: 'loaded', routes: [{ upstreams: [UPSTREAM] }] },
  });
  expect(requests).toEqual([`GET /config/ 127.0.0.1:${port}`]);
});

test('a route without an upstream is read again, because a replica may be changing', async () => {
  const { port, requests } = await endpoint({ body: documentOf(null) }, { body: documentOf([UPSTREAM]) });
  expect(await read(port)).toMatchObject({ value: { routes: [{ upstreams: [UPSTREAM] }] } });
  expect(requests).toHaveLength(2);
});

test('nothing is loaded, at both looks', async () => {
  const { port, requests } = await endpoint({ body: 'null\n' });
  expect(await read(port)).toEqual({ kind: 'value', value: { kind: 'none' } });
  expect(requests).toHaveLength(2);
});

test('without a route nothing is asked, unless the log shows a configuration', async () => {
  const { port, requests } = await endpoint({ body: 'null' });
  const none = { routes: { list: [], omitted: 0 } };
  expect(await read(port, none)).toMatchObject({ kind: 'not-applicable' });
  expect(requests).toEqual([]);
  const logged = { seen: true, loadedAtMs: 5, refusal: null };
  await read(port, { ...none, lines: { kind: 'value', value: logged } });
  expect(requests).not.toEqual([]);
});

test('an error, a text that is not JSON, and a closed port are not a configuration', async () => {
  const { port } = await endpoint({ status: 403, body: 'host not allowed' });
  expect(await read(port)).toMatchObject({ failure: { why: 'unreadable', phase: 'answer' } });
  server?.close();
  expect(await read((await endpoint({ body: '{"apps":' })).port)).toMatchObject({
    failure: { why: 'unreadable', phase: 'body' },
  });
  expect(await read(1)).toMatchObject({ failure: { why: 'refused', phase: 'connect' } });
});

/** The phase of the exchange, which the row quotes. */
const PHASES: { readonly [M in Manner]: string } = {
  silent: 'first-byte',
  drip: 'head',
  'never-read': 'head',
  reset: 'first-byte',
  half: 'head',
  garbage: 'head',
  endless: 'head',
};

describe.concurrent('an admin endpoint that', () => {
  for (const manner of MANNERS)
    test(`is ${manner} ends within its deadline, with its phase`, async () => {
      const stall = await stalled('http', manner);
      const startedAt = performance.now();
      const result = await read(Number(stall.address.split(':')[1]));
      stall.close();
      expect(result).toMatchObject({ kind: 'failed', failure: { phase: PHASES[manner] } });
      expect(performance.now() - startedAt).toBeLessThan(proxyConfig.deadlineMs);
    });
});
