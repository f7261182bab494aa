import { expect, test } from 'vitest';
import { notApplicable, value } from '../../../../src/engine/outcome.ts';
import type { KernelRoute } from '../../../../src/probes/host/kernel-routes.ts';
import { EXTERNAL_ADDRESS, routesOut, sharesRouter } from '../../../../src/probes/jaco/network/kernel-routes.ts';
import { trafficPlan } from '../../../../src/probes/jaco/traffic/traffic-plan.ts';

const way = (dev: string, gateway: string | null, ip: string | null = null): KernelRoute => ({
  kind: 'route',
  to: EXTERNAL_ADDRESS,
  forwarded: ip === null ? null : { from: ip, iif: 'jaco-5042-1b78' },
  type: 'unicast',
  dev,
  gateway,
  table: null,
});
const OWN = way('eth0', '192.0.2.1');

test('a container whose packets leave through a VPN is not asked to reach the next router of this host', () => {
  expect(sharesRouter(routesOut([OWN, way('wg0', null, '10.244.1.2')], '10.244.1.2'))).toBe(false);
});

test('a container whose packets leave like those of this host is', () => {
  expect(sharesRouter(routesOut([OWN, way('eth0', '192.0.2.1', '10.244.1.2')], '10.244.1.2'))).toBe(true);
});

test('a container about which the kernel was not asked is assumed to leave like this host', () => {
  expect(sharesRouter(routesOut([OWN], '10.244.1.2'))).toBe(true);
});

test('the registry of a settled replica, whose row has no image, is known from its container', () => {
  const unread = notApplicable('not read');
  const container = { network: 'jaco_shop_back', ip: '10.244.1.2', gateway: '10.244.1.1', networkCreatedAtMs: 0 };
  const facts = {
    local: { list: [{ name: 'jaco_shop_back' }] },
    containers: { list: [container] },
    all: value({ list: [{ image: 'registry.example:5000/shop/web:1' }, { image: 'nginx:1' }], omitted: 0 }),
    replicas: value({ rows: [{ id: 'shop-web-0', image: null, ips: {} }], omitted: 0, from: 'both' }),
    host: { hostname: 'jaco-1' },
    ...{ names: unread, upstreams: unread, config: unread, routes: unread, peers: unread },
  };
  expect(trafficPlan.derive(facts as never, 0)).toMatchObject({
    value: { outside: [{ host: 'registry.example', port: 5000, protocol: 'tcp' }] },
  });
});
