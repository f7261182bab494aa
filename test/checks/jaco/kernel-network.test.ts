import { describe, expect, test } from 'vitest';
import kernelNetwork from '../../../checks/jaco/kernel-network.ts';
import { brief, everyIdIsFound, words } from '../scene.ts';
import { judgeIsolation, type Scene } from './scenes/isolation-scene.ts';

describe('kernel-network', () => {
  const said = (scene: Scene) => judgeIsolation(scene)['kernel-network'];

  test('nothing is passed on', () => {
    expect(brief(said({ forwarding: { all: false } }))).toBe('fail ip_forward_disabled:host');
  });

  test('nothing is passed on by an interface of JACO', () => {
    const row = said({ forwarding: { off: ['docker0', 'jaco-5042-61bb'] } });
    expect(brief(row)).toBe('fail ip_forward_disabled:interface');
    expect(row?.findings[0]?.values).toEqual({ interface: 'jaco-5042-61bb' });
    expect(brief(said({ forwarding: { off: ['docker0', 'wlan0'] } }))).toBe('pass');
  });

  test('a strict filter on the mesh is a note', () => {
    expect(words(said({ forwarding: { strict: ['eth0', 'jaco0'] } }))).toContain('rp_filter is strict on jaco0');
  });
});

everyIdIsFound(kernelNetwork);
