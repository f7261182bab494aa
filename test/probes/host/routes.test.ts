import { describe, expect, test } from 'vitest';
import { ipv4 } from '../../../src/probes/host/ipv4.ts';
import { interfaceTo, parseRoutes } from '../../../src/probes/host/routes.ts';

describe('the routing table', () => {
  // From a real host with a mesh: the default route through eth0, the pool's part on another node through jaco0, a
  // rejected network.
  const routes = {
    routes: parseRoutes(`Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	FE645B0A	0003	0	0	0	00000000	0	0	0
eth0	00645B0A	00000000	0001	0	0	0	00FFFFFF	0	0	0
jaco0	0001F40A	00000000	0001	0	0	0	00FFFFFF	0	0	0
*	0000090A	00000000	0201	0	0	0	0000FFFF	0	0	0
down0	0002F40A	00000000	0000	0	0	0	00FFFFFF	0	0	0
`),
  };
  test.each([
    ['10.244.1.7', 'jaco0'],
    ['10.91.100.3', 'eth0'],
    ['198.51.100.1', 'eth0'],
    ['10.9.1.1', null],
    ['10.244.2.7', 'eth0'],
  ])('to %s by %s', (address, via) => {
    expect(interfaceTo(routes, ipv4(address) ?? 0)).toBe(via);
  });

  test('no route', () => {
    expect(interfaceTo({ routes: parseRoutes('Iface\tDestination\n') }, 1)).toBeNull();
  });
});
