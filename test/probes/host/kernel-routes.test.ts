import { expect, test } from 'vitest';
import { parseLinks, parseRouteAnswers } from '../../../src/probes/host/kernel-routes.ts';

// Output of iproute2 6.1 for four questions, of which the third has no route.
const STDOUT = `[{"dst":"10.1.2.3","gateway":"192.0.2.1","dev":"eth0","prefsrc":"192.0.2.2","flags":[],"uid":0,"cache":[]}]
[{"type":"local","dst":"127.0.0.1","dev":"lo","prefsrc":"127.0.0.1","flags":[],"uid":0,"cache":["local"]}]
[{"dst":"10.244.0.2","dev":"tailscale0","table":"52","prefsrc":"100.101.102.103","flags":[],"uid":0,"cache":[]}]
`;
const STDERR = 'RTNETLINK answers: Network is unreachable Command failed -:3';

test('each answer of a batch belongs to its question, also after one that the kernel refused', () => {
  expect(parseRouteAnswers({ stdout: STDOUT, stderr: STDERR }, 4)).toEqual([
    { kind: 'route', type: 'unicast', dev: 'eth0', gateway: '192.0.2.1', table: null },
    { kind: 'route', type: 'local', dev: 'lo', gateway: null, table: null },
    { kind: 'error', error: 'Network is unreachable' },
    { kind: 'route', type: 'unicast', dev: 'tailscale0', gateway: null, table: '52' },
  ]);
});

test('two refusals on one line of stderr are two answers', () => {
  const stderr = `${STDERR} RTNETLINK answers: Invalid cross-device link Command failed -:1`;
  const [first] = STDOUT.split('\n');
  expect(parseRouteAnswers({ stdout: `${first}\n`, stderr }, 3)).toEqual([
    { kind: 'error', error: 'Invalid cross-device link' },
    { kind: 'route', type: 'unicast', dev: 'eth0', gateway: '192.0.2.1', table: null },
    { kind: 'error', error: 'Network is unreachable' },
  ]);
});

test.each([
  ['fewer answers than questions', STDOUT, '', 4],
  ['text that is not JSON', 'unknown option "-j"\n', '', 1],
])('%s are not read as routes', (_, stdout, stderr, count) => {
  expect(parseRouteAnswers({ stdout, stderr }, count)).toBeNull();
});

test('a link that is down keeps its addresses, and one without containers has no carrier', () => {
  const text = JSON.stringify([
    {
      ifname: 'jaco-5042-1b78',
      flags: ['BROADCAST', 'MULTICAST'],
      addr_info: [{ family: 'inet', local: '10.244.0.1' }],
    },
    { ifname: 'docker0', flags: ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP'], addr_info: [] },
    {},
  ]);
  expect(parseLinks(text)).toEqual([
    { name: 'jaco-5042-1b78', up: false, carrier: false, addresses: ['10.244.0.1'] },
    { name: 'docker0', up: true, carrier: false, addresses: [] },
  ]);
  expect(parseLinks('Device does not exist')).toBeNull();
});
