import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseProxyConfig, pathPattern } from '../../../../src/probes/jaco/ingress/parse-proxy-config.ts';

/** The configuration of a real daemon's proxy, from its admin endpoint. */
const captured = (name: string) =>
  parseProxyConfig(
    JSON.parse(readFileSync(new URL(`../../../captures/ingress/proxy-${name}.json`, import.meta.url), 'utf8')),
  );

describe('the configuration of a real proxy', () => {
  test('domains, paths and a published port', () => {
    expect(captured('several-domains-tcp')).toEqual({
      kind: 'loaded',
      routes: [
        { domain: 'plain.test', pattern: '', upstreams: ['10.244.1.3:8080'] },
        { domain: 'a.test', pattern: '/api/*', upstreams: ['10.244.1.2:8080'] },
        { domain: 'a.test', pattern: '/v2/*', upstreams: ['10.244.1.2:8080'] },
        { domain: 'a.test', pattern: '', upstreams: ['10.244.1.3:8080'] },
        { domain: 'b.test', pattern: '', upstreams: ['10.244.1.3:8080'] },
        { domain: 'shop.test', pattern: '', upstreams: ['10.244.0.2:8080'] },
      ],
      published: [{ port: 9091, upstreams: ['10.244.1.4:5432'] }],
      omitted: 0,
    });
  });

  test('a route without an upstream has none, and is not missing', () => {
    expect(captured('routes-zero-and-wrong-port')).toMatchObject({
      routes: [
        { domain: 'dead.test', upstreams: ['10.244.1.2:8080'] },
        { domain: 'wrongport.test', upstreams: ['10.244.1.2:9999'] },
        { domain: 'zero.test', upstreams: [] },
        { domain: 'shop.test' },
      ],
    });
  });
});

test('a proxy that has loaded nothing, and one that is not of JACO', () => {
  expect(parseProxyConfig(null)).toEqual({ kind: 'none' });
  const foreign = { apps: { http: { servers: { srv0: { listen: [':80'], routes: [] } } } } };
  for (const document of [foreign, {}, [], 'text', 7]) expect(parseProxyConfig(document)).toEqual({ kind: 'foreign' });
});

test('paths match as the daemon writes them', () => {
  const patterns = ['', '/', '/api', '/api/', '/api/*', '*'].map(pathPattern);
  expect(patterns).toEqual(['', '/*', '/api/*', '/api/*', '/api/*', '*']);
});

test('the cost of a hostile configuration is bounded, and it cannot reach a terminal', () => {
  let deep: object = { handle: [{ handler: 'reverse_proxy', upstreams: [{ dial: 'deep:1' }] }] };
  for (let level = 0; level < 1_000; level += 1) deep = { handle: [{ handler: 'subroute', routes: [deep] }] };
  const many = Array.from({ length: 11_000 }, (_, index) => ({
    match: [{ host: [`d${index}.test`] }],
    handle: [{ handler: 'reverse_proxy', upstreams: [{ dial: '\u001b[2J10.0.0.1:80' }, { dial: 7 }, null] }],
  }));
  const routes = [{ match: [{ host: ['deep.test'] }], ...deep }, ...many, null, 7];
  const config = parseProxyConfig({ apps: { http: { servers: { jaco_http: { routes } } } } });
  expect(config).toMatchObject({ kind: 'loaded', omitted: 1_000 });
  if (config.kind !== 'loaded') return;
  expect(config.routes).toHaveLength(10_000);
  expect(config.routes[0]).toEqual({ domain: 'd0.test', pattern: '', upstreams: ['10.0.0.1:80'] });
});
