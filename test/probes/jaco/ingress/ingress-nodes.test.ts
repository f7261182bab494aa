import { describe, expect, test } from 'vitest';
import type { Servers } from '../../../../src/probes/jaco/control/servers.ts';
import { ingressNodesOf } from '../../../../src/probes/jaco/ingress/ingress-nodes.ts';
import { captured, hostOf } from '../../../checks/jaco/scenes/raft-scene.ts';

const status = captured('status-leader-3');
const nodes = (host = hostOf('jaco-1', status), servers: Servers | null = null) =>
  ingressNodesOf(status, host, servers).list.map(({ hostname, host, by }) => `${hostname} ${host} ${by}`);

describe('the nodes whose proxies are asked', () => {
  test('this node first, at the address that the member list has', () => {
    const [first = '', ...others] = nodes(hostOf('jaco-2', status));
    expect(first).toMatch(/^jaco-2 \d+\.\d+\.\d+\.2 own$/);
    expect(others).toEqual([expect.stringMatching(/^jaco-1 .* member$/), expect.stringMatching(/^jaco-3 .* member$/)]);
  });

  test('from outside, a given server at its given name, and the others at the cluster’s addresses', () => {
    const given = {
      address: 'node2.example.com:7000',
      hostname: 'jaco-2',
      connect: { kind: 'connected', ms: 1 },
      hello: null,
      refused: null,
      answer: { kind: 'status' },
    };
    const asked = { servers: [given], lead: null } as unknown as Servers;
    const [first, ...others] = nodes(hostOf('jaco-2', status, { vantage: 'outside' }), asked);
    expect(first).toBe('jaco-2 node2.example.com given');
    expect(others.every((one) => one.endsWith('listed'))).toBe(true);
  });
});
