import { describe, expect, test } from 'vitest';
import subnetPool from '../../../checks/jaco/subnet-pool.ts';
import type { DeploymentEvent } from '../../../src/probes/jaco/runtime/deployment-events.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { containerWith, deployment, judgeRuntime, NOW, network, replica, type Scene } from './scenes/runtime-scene.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const row = (name: string, scene: Scene) => judgeRuntime(scene)[name];
const service = (given: Partial<ReturnType<typeof deployment>['services'][number]> = {}) => ({
  name: 'web',
  replicas: 1,
  placement: 'spread' as const,
  hosts: [],
  networks: ['back'],
  ...given,
});

describe('the address pool', () => {
  const wide = (count: number) => [
    deployment({ services: [service({ networks: Array.from({ length: count }, (_, index) => `n${index}`) })] }),
  ];

  test('is counted by deployment, network and host', () => {
    const rows = [
      replica(),
      replica({ id: 'shop-web-1', host: 'jaco-2' }),
      replica({ id: 'shop-web-2', host: 'jaco-2' }),
    ];
    expect(brief(row('subnet-pool', { rows }))).toBe('pass');
    expect(unquoted(row('subnet-pool', { rows }), '256')).toEqual([]);
  });

  test('is low from three quarters on', () => {
    expect(brief(row('subnet-pool', { deployments: wide(191) }))).toBe('pass');
    expect(brief(row('subnet-pool', { deployments: wide(192) }))).toBe('warn subnet_pool_low');
  });

  test('the leader’s own count is taken, unless a deployment was deleted since', () => {
    const lines = { seen: true, poolUse: { atMs: NOW - 5 * MINUTE, used: 230, size: 256 } };
    const told = row('subnet-pool', { lines });
    expect(brief(told)).toBe('warn subnet_pool_low');
    expect(unquoted(told, '230', '256')).toEqual([]);
    const events: DeploymentEvent[] = [{ kind: 'delete', deployment: 'old', identity: 'op', atMs: NOW - MINUTE }];
    expect(brief(row('subnet-pool', { lines, events }))).toBe('pass');
  });

  test('is exhausted if a replica or the daemon reports it now', () => {
    const refused = replica({ state: 'failed', code: 'subnet_pool_exhausted', network: 'back', containerId: '' });
    const told = row('subnet-pool', { rows: [refused], containers: [] });
    expect(brief(told)).toBe('fail subnet_pool_exhausted');
    expect(unquoted(told, 'shop-web-0', 'jaco-1')).toEqual([]);
    const said = (ago: number) => ({
      lines: { seen: true, poolExhausted: { atMs: NOW - ago, text: 'ipam pool exhausted' } },
    });
    expect(brief(row('subnet-pool', said(5 * SECOND)))).toBe('fail subnet_pool_exhausted');
    expect(brief(row('subnet-pool', said(5 * MINUTE)))).toBe('pass');
  });

  test('a network that left its deployment is reported and counted', () => {
    const networks = [
      network('jaco_shop_back', '10.244.0.0/24', 'shop'),
      { ...network('jaco_shop_gone', '10.244.1.0/24', 'shop') },
    ];
    const told = row('subnet-pool', { networks });
    expect(brief(told)).toBe('pass');
    expect(unquoted(told, 'jaco_shop_gone', '10.244.1.0/24')).toEqual([]);
    // A network with a container is in use, even if jaco.yaml does not name it.
    const used = containerWith({}, { networks: [{ name: 'jaco_shop_gone', ip: '10.244.1.2' }] });
    const inUse = row('subnet-pool', { networks, containers: [used] });
    expect(brief(inUse)).toBe('pass');
    expect(inUse?.notes).toEqual([]);
  });
});

idsAndTextsArePinned('jaco', subnetPool);
