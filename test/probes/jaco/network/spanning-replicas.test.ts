import { expect, test } from 'vitest';
import { type SpanningReplicas, spanningReplicas } from '../../../../src/probes/jaco/network/spanning-replicas.ts';
import { deployment, NOW, replica } from '../../../checks/jaco/scenes/isolation-scene.ts';

/** The address on another node at which shop's replica is looked for, from its addresses there. */
function gateways(ips: Readonly<Record<string, string>>, pool: string | null = '10.244.0.0/16'): readonly string[] {
  const here = replica('shop-web-0', { jaco_shop_front: '10.244.1.2' });
  const there = replica('shop-api-0', ips, { host: 'jaco-2' });
  const config =
    pool === null
      ? { kind: 'not-applicable', reason: 'x' }
      : { kind: 'value', value: { settings: { ipamPool: pool } } };
  const facts = {
    replicas: { rows: [here, there] },
    deployments: { list: [deployment('shop', { web: ['front'], api: ['front'] })] },
    host: { hostname: 'jaco-1' },
    config,
  };
  const result = spanningReplicas.derive(facts as never, NOW);
  return result.kind === 'value' ? (result.value as SpanningReplicas).remotes.map(({ gateway }) => gateway) : [];
}

test('a replica on another node is looked for at the gateway of its network', () => {
  expect(gateways({ jaco_shop_front: '10.244.9.2' })).toEqual(['10.244.9.1']);
});

test('one on a foreign network is not looked for: that address is another host here', () => {
  expect(gateways({ jaco_shop_front: '172.17.0.2' })).toEqual([]);
  expect(gateways({ bridge: '172.17.0.2', jaco_shop_front: '10.244.9.2' })).toEqual(['10.244.9.1']);
  expect(gateways({ jaco_shop_front: '10.9.9.2' }, '10.8.0.0/13')).toEqual(['10.9.9.1']);
});

test('if the pool is unknown every address counts', () => {
  expect(gateways({ jaco_shop_front: '172.17.0.2' }, null)).toEqual(['172.17.0.1']);
});
