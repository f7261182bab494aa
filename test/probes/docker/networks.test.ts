import { describe, expect, test } from 'vitest';
import type { Probe } from '../../../src/engine/probe.ts';
import { dockerNetworks, type Networks } from '../../../src/probes/docker/networks.ts';
import { docker, fact } from './stand-in.ts';

describe('networks', () => {
  test('JACO’s have their labels, others none', async () => {
    docker.networks.push(
      {
        name: 'jaco_shop_back',
        subnet: '10.244.0.0/24',
        labels: { 'jaco.deployment': 'shop', 'jaco.network': 'back', 'jaco.cluster_id': 'c' },
      },
      { name: 'bridge', subnet: '172.17.0.0/16', labels: {} },
    );
    expect((await fact(dockerNetworks as Probe<Networks>)).list).toMatchObject([
      { name: 'bridge', subnets: ['172.17.0.0/16'], jaco: null },
      { name: 'jaco_shop_back', jaco: { deployment: 'shop', network: 'back' } },
    ]);
  });
});
