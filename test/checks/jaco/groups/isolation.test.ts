import { expect, test } from 'vitest';
import { capturedTable, hostCapture } from '../../../probes/host/captured-tables.ts';
import { brief } from '../../scene.ts';
import { judgeIsolation, NOW, SAVED, STARTED, troubles } from '../scenes/isolation-scene.ts';

const table = (name: string) => ({ kind: 'table', table: capturedTable(name), version: '1.0.6' }) as const;

test('nothing is wrong with a healthy node', () => {
  expect(troubles({})).toEqual({});
  expect(brief(judgeIsolation()['nft-self-test'])).toBe('pass');
});

test('nor with a member that has no deployment yet', () => {
  const empty = table('nft-healthy-empty.json');
  expect(troubles({ table: empty, networks: [], deployments: [], replicas: [] })).toEqual({});
});

test('a host that has taken up no cluster has no rules and no names', () => {
  const rows = judgeIsolation({ initialized: false, leader: '', table: { kind: 'absent' } });
  for (const name of ['nft-self-test', 'overlay-exemptions', 'kernel-network', 'dns-upstreams'])
    expect([name, brief(rows[name])]).toEqual([name, 'not-applicable']);
});

test('the scene is the captured one', () => {
  expect(SAVED).toContain('-A FORWARD -j DOCKER-USER');
  expect(hostCapture('iptables-healthy-scopes.txt')).toContain('jaco-5042-61bb');
  expect(STARTED).toBeLessThan(NOW);
});
