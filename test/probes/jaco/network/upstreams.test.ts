import { describe, expect, test } from 'vitest';
import { isGateway, upstreamOf } from '../../../../src/probes/jaco/network/upstreams.ts';

describe('a name server of the list', () => {
  const POOL = '10.200.0.0/16';
  test.each([
    // The daemon accepts all of these (docs/jaco-daemon/network.md#upstreams), but it cannot connect to each.
    ['1.1.1.1', '1.1.1.1:53', { host: '1.1.1.1', port: 53 }],
    ['::1', '[::1]:53', { host: '::1', port: 53 }],
    ['dns.example:5353', 'dns.example:5353', { host: 'dns.example', port: 5353 }],
    ['1.1.1.1:abc', '1.1.1.1:abc', null],
    ['1.1.1.1:', '1.1.1.1:', null],
    ['', ':53', null],
    ['1.1.1.1/32', '1.1.1.1/32:53', null],
    [' 1.1.1.1', ' 1.1.1.1:53', null],
    ['a:b:c', '[a:b:c]:53', null],
  ])('%j', (text, full, place) => {
    expect(upstreamOf(text, POOL)).toEqual({ text: full, place, loop: false });
  });

  test('every gateway of the configured pool leads back', () => {
    expect(upstreamOf('10.200.3.1:53', POOL).loop).toBe(true);
    expect(isGateway('10.200.3.2', POOL)).toBe(false);
    expect(isGateway('10.244.3.1', POOL)).toBe(false);
    expect(isGateway('dns.example', POOL)).toBe(false);
  });
});
