import { expect, test } from 'vitest';
import { brief, words } from '../../scene.ts';
import { judge } from '../scenes/access-scene.ts';

test('a healthy node: its certificate, a token that is not revoked, private addresses', () => {
  const { tls, token, exposure } = judge({});
  expect([brief(tls), brief(token), brief(exposure)]).toEqual(['pass', 'pass', 'pass']);
  expect(tls?.evidence).toEqual([
    'jaco-1 at 10.81.3.1:7000 shows a certificate of jaco-1, issued by JACO Cluster CA, signed by the CA in /var/lib/jaco/node/ca.crt',
  ]);
  expect(words(token)).toContain('1 of 1 operator tokens are not revoked: bootstrap');
  expect(words(exposure)).toContain('listens on 10.81.3.1:7000, 10.81.3.1:7001: private addresses');
});
