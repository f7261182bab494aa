import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { Result } from '../../../../src/engine/outcome.ts';
import { routeAnswers } from '../../../../src/probes/jaco/ingress/route-answers.ts';
import { stalled } from '../../../stall/stalling-servers.ts';

const ask = (
  deep: boolean,
  ...routes: readonly { domain: string; pattern: string; upstreams: readonly string[] }[]
) => {
  const list = routes.flatMap(({ upstreams }) => upstreams).map((dial) => ({ dial, kind: 'connected', code: null }));
  const facts = { loaded: { routes, omitted: 0 }, connects: { list, omitted: 0 } };
  const io = { phase: () => {}, settings: { deep } };
  return routeAnswers.collect(io as never, facts as never, new AbortController().signal) as Promise<Result>;
};

test('each route gets one HEAD with its domain and path, and the status is the application’s own', async () => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.headers.host}${request.url}`);
    response.writeHead(request.url === '/' ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const upstreams = [`127.0.0.1:${(server.address() as AddressInfo).port}`];
  const shop = { domain: 'shop.test', pattern: '', upstreams };
  const api = { domain: 'shop.test', pattern: '/api/*', upstreams };
  expect(await ask(false, shop)).toMatchObject({ kind: 'not-applicable' });
  expect(requests).toEqual([]);
  expect(await ask(true, shop, api)).toMatchObject({
    value: {
      list: [
        { pattern: '', kind: 'status', status: 200 },
        { pattern: '/api/*', kind: 'status', status: 401 },
      ],
    },
  });
  expect(requests.sort()).toEqual(['HEAD shop.test/', 'HEAD shop.test/api/']);
  server.close();
});

test('an application that is silent, and one with another protocol', async () => {
  const [silent, garbage] = await Promise.all([stalled('http', 'silent'), stalled('http', 'garbage')]);
  const routes = [silent, garbage].map(({ address }) => ({ domain: 'a.test', pattern: '', upstreams: [address] }));
  const result = await ask(true, ...routes);
  silent.close();
  garbage.close();
  expect(result).toMatchObject({ value: { list: [{ kind: 'silent' }, { kind: 'failed' }] } });
});
