import { describe, expect, test } from 'vitest';
import { ipv4 } from '../../src/probes/host/ipv4.ts';
import { interfaceTo, parseRoutes } from '../../src/probes/host/routes.ts';
import { readFirewallLines } from '../../src/probes/jaco/journal/firewall-lines.ts';
import type { JournalEntry } from '../../src/probes/jaco/journal/journal.ts';
import { meshAddress } from '../../src/probes/jaco/network/mesh/slot.ts';
import { readPeers } from '../../src/probes/jaco/network/mesh/wg-show.ts';

describe('the routing table', () => {
  // From a real host with a mesh: default by eth0, the pool's part on another node by jaco0, a network that is refused.
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

  test('no way at all', () => {
    expect(interfaceTo({ routes: parseRoutes('Iface\tDestination\n') }, 1)).toBeNull();
  });
});

describe('the mesh', () => {
  test('gives a name the address that the daemon gives it', () => {
    // As the daemon's own code has them; the last is one whose first byte would be the network's or the broadcast's.
    const known = { 'jaco-1': 136, 'jaco-2': 156, 'jaco-15': 145, 'jaco-18': 145, 'n-148': 90 };
    for (const [name, octet] of Object.entries(known)) expect(meshAddress(name)).toBe(`10.99.0.${octet}`);
  });

  test('its peers are put together from three answers', () => {
    const [a, b] = ['xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=', 'TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0='];
    expect(
      readPeers(
        `${a}\t1795250000\n${b}\t0\n`,
        `${a}\t1480\t2220\n${b}\t0\t148\n`,
        `${a}\t10.99.0.156/32 10.244.1.0/24\n${b}\t(none)\n`,
      ),
    ).toEqual([
      {
        key: a,
        handshakeAtMs: 1_795_250_000_000,
        received: 1480,
        sent: 2220,
        allowed: [
          [0x0a63009c, 0x0a63009c],
          [0x0af40100, 0x0af401ff],
        ],
      },
      { key: b, handshakeAtMs: null, received: 0, sent: 148, allowed: [] },
    ]);
  });

  test('what is no key is left out', () => {
    expect(readPeers('Unable to access interface\n', '', '')).toEqual([]);
  });
});

describe('what the log says of the firewall', () => {
  const line = (message: string, atMs: number, given: Partial<JournalEntry> = {}): JournalEntry => {
    return {
      atMs,
      priority: 6,
      subsystem: 'firewall',
      message,
      error: null,
      fields: {},
      raw: false,
      pid: 1,
      invocation: null,
      ...given,
    };
  };
  const start = (atMs: number) => line('starting', atMs, { subsystem: 'jacod' });

  test('a failure to list counts until something went well', () => {
    const failed = line('firewall.Reconciler.Tick failed', 10, { error: 'nft list: exit status 1' });
    expect(readFirewallLines([start(1), failed]).listFailed).toEqual({ atMs: 10, text: 'nft list: exit status 1' });
    expect(readFirewallLines([start(1), failed, line('firewall ruleset reconciled', 20)]).listFailed).toBeNull();
    // A failure to write is told by a line of its own.
    const wrote = line('firewall.Reconciler.Tick failed', 10, { error: 'apply ruleset: nft -f' });
    expect(readFirewallLines([start(1), wrote]).listFailed).toBeNull();
  });

  test('an older process does not count', () => {
    const lines = readFirewallLines([start(1), line('apply ruleset failed', 2, { error: 'x' }), start(3)]);
    expect(lines).toMatchObject({ seen: 'from-start', applyFailed: null });
    expect(readFirewallLines([line('apply ruleset failed', 2, { error: 'x' })])).toMatchObject({
      seen: 'in-part',
      applyFailed: { atMs: 2, text: 'x' },
    });
  });
});
