import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostAddresses, localAddresses } from '../../../src/probes/host/addresses.ts';
import { inet6Addresses } from '../../../src/probes/host/proc-net.ts';

const never = new AbortController().signal;
const io = { phase: () => {}, settings: { standIn: null } } as never;

describe('the addresses of a host', () => {
  const TRIE = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
Local:
     +-- 127.0.0.0/8 2 0 2
           |-- 127.0.0.0
              /8 host LOCAL
           |-- 127.0.0.1
              /32 host LOCAL
        |-- 127.255.255.255
           /32 link BROADCAST
        +-- 10.79.0.0/30 2 0 2
           |-- 10.79.0.0
              /24 link UNICAST
           |-- 10.79.0.2
              /32 host LOCAL
`;

  test('are those the kernel takes for its own, not networks and broadcasts', () => {
    expect(localAddresses(TRIE)).toEqual(['10.79.0.2', '127.0.0.1']);
  });

  test('include those of IPv6, if the host has it', () => {
    const table =
      '00000000000000000000000000000001 01 80 10 80       lo\n20010db8000000000000000000000007 04 40 00 82     eth0\n';
    expect(inet6Addresses(table)).toEqual(['::1', '2001:db8::7']);
    fc.assert(fc.property(fc.string(), (text) => inet6Addresses(text).every((address) => isIPv6(address))));
  });

  test('are read from this very host', async () => {
    const seen = await hostAddresses.collect(io, {} as never, never);
    expect(seen).toMatchObject({ kind: 'value', value: { addresses: expect.arrayContaining(['127.0.0.1']) } });
  });

  test('are empty if the file is not a table', () => {
    fc.assert(fc.property(fc.string(), (text) => localAddresses(text).length === 0 || text.includes('LOCAL')));
  });
});
