import { describe, expect, test } from 'vitest';
import { meshAddress } from '../../../../src/probes/jaco/network/mesh/mesh-address.ts';
import { readPeers } from '../../../../src/probes/jaco/network/mesh/wg-show.ts';
import { parseMeshLink } from '../../../../src/probes/jaco/network/mesh-interface.ts';

describe('the mesh', () => {
  test('computes the same address for a name as the daemon', () => {
    // Values from the daemon's own code. The last name has a first byte that would be the network or broadcast address.
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

  test('its interface is distinguished from one that another program created under its name', () => {
    const shown = (kind: string | null, ...flags: readonly string[]) =>
      JSON.stringify([{ ifname: 'jaco0', flags, ...(kind === null ? {} : { linkinfo: { info_kind: kind } }) }]);
    expect(parseMeshLink(shown('wireguard', 'POINTOPOINT', 'UP', 'LOWER_UP'))).toEqual({ kind: 'wireguard', up: true });
    expect(parseMeshLink(shown('tun', 'NOARP'))).toEqual({ kind: 'tun', up: false });
    expect(parseMeshLink(shown('veth', 'UP'))).toEqual({ kind: 'other', up: true });
    expect(parseMeshLink(shown(null, 'UP'))).toEqual({ kind: 'other', up: true });
    expect(parseMeshLink('[]')).toBeNull();
    expect(parseMeshLink('Device "jaco0" does not exist.')).toBeNull();
  });

  test('a text that is not a key is left out', () => {
    expect(readPeers('Unable to access interface\n', '', '')).toEqual([]);
  });
});
