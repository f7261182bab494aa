import { expect, test } from 'vitest';
import { brief, unquoted } from '../../scene.ts';
import { judge } from '../scenes/access-scene.ts';

test('a healthy node: its certificate, a token that is not revoked, private addresses', () => {
  const { tls, token, exposure } = judge({});
  expect([brief(tls), brief(token), brief(exposure)]).toEqual(['pass', 'pass', 'pass']);
  expect(unquoted(tls, 'jaco-1', '10.81.3.1:7000', 'JACO Cluster CA', '/var/lib/jaco/node/ca.crt')).toEqual([]);
  expect(unquoted(exposure, '10.81.3.1:7000', '10.81.3.1:7001')).toEqual([]);
});
