import { describe, expect, test } from 'vitest';
import containers from '../../../checks/jaco/containers.ts';
import { brief, failure, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { containerWith, judgeRuntime, NOW, network, type Scene, unreported } from './scenes/runtime-scene.ts';

const SECOND = 1_000;
const row = (name: string, scene: Scene) => judgeRuntime(scene)[name];

// docs/jaco-daemon/runtime.md#leftovers
describe('remains of former deployments', () => {
  const left = network('jaco_old_back', '10.244.0.0/24', 'old');
  const created = containerWith({ state: 'created', startedAtMs: null, error: 'network jaco_shop_back not found' });

  test('a network that causes no conflict is a note', () => {
    const told = row('containers', { networks: [left, network('jaco_shop_back', '10.244.1.0/24', 'shop')] });
    expect(brief(told)).toBe('pass');
    expect(told?.notes).toHaveLength(1);
    expect(unquoted(told, 'jaco_old_back', '10.244.0.0/24')).toEqual([]);
  });

  test('one whose addresses were assigned again is a conflict: from the journal, or from Docker without a journal', () => {
    const text =
      'NetworkCreate jaco_shop_back: Error response from daemon: Pool overlaps with other one on this address space';
    const bridgeFailed = { 'shop-web-0': { atMs: NOW - 5 * SECOND, text, network: 'back' } };
    for (const lines of [{ seen: true, bridgeFailed }, { seen: false }]) {
      const told = row('containers', { rows: [unreported()], containers: [created], networks: [left], lines });
      expect(brief(told)).toBe('fail network_conflict:left-behind jaco_old_back');
      expect(told?.findings[0]).toMatchObject({ node: 'jaco-1', values: { network: 'jaco_old_back' } });
    }
  });

  test('a network that was only removed manually is not blamed on another', () => {
    const told = row('containers', {
      rows: [unreported()],
      containers: [created],
      networks: [left],
      lines: { seen: true },
    });
    expect(brief(told)).toBe('pass');
  });

  test('a foreign network in the pool is a note, and a conflict if a network cannot be created', () => {
    const foreign = network('compose_default', '10.244.0.0/16', null);
    expect(brief(row('containers', { networks: [foreign] }))).toBe('pass');
    expect(unquoted(row('containers', { networks: [foreign] }), 'compose_default', '10.244.0.0/16')).toEqual([]);
    const told = row('containers', { rows: [unreported()], containers: [created], networks: [foreign] });
    expect(brief(told)).toBe('fail network_conflict:foreign-addresses compose_default');
    expect(brief(row('containers', { networks: [network('bridge', '172.17.0.0/16', null)] }))).toBe('pass');
  });

  test('a foreign network with JACO’s name gets its containers', () => {
    const taken = network('jaco_shop_back', '172.30.0.0/16', null);
    const told = row('containers', { networks: [taken] });
    expect(brief(told)).toBe('fail network_conflict:foreign-name jaco_shop_back');
    expect(unquoted(told, 'jaco_shop-web-0', '10.244.0.0/16')).toEqual([]);
  });

  test('containers of another cluster are reported; those without a replica will be removed', () => {
    const foreign = containerWith({}, { name: 'jaco_old-web-0', replica: 'old-web-0', clusterId: 'another' });
    const told = row('containers', { containers: [containerWith(), foreign] });
    expect(brief(told)).toBe('warn orphan_container jaco_old-web-0');
    const swept = row('containers', {
      containers: [containerWith(), containerWith({}, { name: 'jaco_x', replica: 'x' })],
    });
    expect(brief(swept)).toBe('pass');
    expect(swept?.notes).toHaveLength(1);
    expect(unquoted(swept, 'jaco_x', '30 s')).toEqual([]);
  });

  test('replicas that outlived their deployment are found without Docker, and over the network', () => {
    const rows = [unreported({ id: 'gone-a-0', deployment: 'gone' })];
    const down = failure('docker.engine', 'denied', 'connect', 'connect to /var/run/docker.sock: EACCES');
    for (const engine of [down, 'remote'] as const)
      expect(brief(row('containers', { rows, ghosts: ['gone'], engine }))).toBe('fail orphan_replica gone');
  });

  test('without the right to ask Docker what it has is not judged', () => {
    const told = row('containers', {
      engine: failure('docker.engine', 'denied', 'connect', 'connect to /var/run/docker.sock: EACCES'),
    });
    expect(brief(told)).toBe('unknown');
    expect(unquoted(told, 'EACCES')).toEqual([]);
  });
});

idsAndTextsArePinned('jaco', containers);
