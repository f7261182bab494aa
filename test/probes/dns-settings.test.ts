import { describe, expect, test } from 'vitest';
import { readDnsLines } from '../../src/probes/jaco/journal/dns-lines.ts';
import type { JournalEntry } from '../../src/probes/jaco/journal/journal.ts';
import { parseResolvConf } from '../../src/probes/jaco/network/parse-resolv-conf.ts';
import { isGateway, upstreamOf } from '../../src/probes/jaco/network/upstreams.ts';

describe('resolv.conf, as the daemon reads it', () => {
  test('comments, blanks and other keys', () => {
    const text = [
      '# written by hand',
      'search corp.example',
      'options timeout:1',
      'nameserver 192.0.2.1 # the first',
      '  nameserver\t192.0.2.2  trailing',
      'nameserver',
      'nameserver#192.0.2.3',
      '; nameserver 192.0.2.4',
      'nameservers 192.0.2.5',
      'nameserver 192.0.2.1',
    ].join('\n');
    expect(parseResolvConf(text)).toEqual({ servers: ['192.0.2.1:53', '192.0.2.2:53', '192.0.2.1:53'], dropped: [] });
  });

  test('IPv6 and ports', () => {
    const text = ['2001:db8::1', '[2001:db8::2]:5353', '::1', '192.0.2.1:5353']
      .map((one) => `nameserver ${one}`)
      .join('\n');
    expect(parseResolvConf(text).servers).toEqual([
      '[2001:db8::1]:53',
      '[2001:db8::2]:5353',
      '[::1]:53',
      '192.0.2.1:5353',
    ]);
  });

  test('what it leaves out, and what only looks like it', () => {
    const text = [
      '127.0.0.11',
      '127.8.9.11',
      '::ffff:127.0.0.11',
      '10.244.7.1',
      'dns.example',
      'fe80::1%eth0',
      '127.0.0.53',
      '10.244.7.2',
      '10.200.7.1',
    ]
      .map((one) => `nameserver ${one}`)
      .join('\n');
    expect(parseResolvConf(text)).toEqual({
      servers: ['127.0.0.53:53', '10.244.7.2:53', '10.200.7.1:53'],
      dropped: [
        { text: '127.0.0.11', why: 'docker' },
        { text: '127.8.9.11', why: 'docker' },
        { text: '::ffff:127.0.0.11', why: 'docker' },
        { text: '10.244.7.1', why: 'gateway' },
        { text: 'dns.example', why: 'no-address' },
        { text: 'fe80::1%eth0', why: 'no-address' },
      ],
    });
  });
});

describe('a name server of the list', () => {
  const POOL = '10.200.0.0/16';
  test.each([
    // The daemon takes all of these (live R3); what it can dial is another matter.
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

  test('every gateway of the pool in force leads back', () => {
    expect(upstreamOf('10.200.3.1:53', POOL).loop).toBe(true);
    expect(isGateway('10.200.3.2', POOL)).toBe(false);
    expect(isGateway('10.244.3.1', POOL)).toBe(false);
    expect(isGateway('dns.example', POOL)).toBe(false);
  });
});

describe('what the log says of DNS', () => {
  const line = (
    subsystem: string,
    message: string,
    fields: JournalEntry['fields'] = {},
    error: string | null = null,
    atMs = 1,
  ): JournalEntry => {
    return { atMs, priority: 6, subsystem, message, error, fields, raw: false, pid: 1, invocation: null };
  };

  test('each start begins anew', () => {
    const first = [
      line('jacod', 'starting'),
      line('daemon/grpc', 'dns: forwarder configured', { UPSTREAMS: '[192.0.2.1:53 192.0.2.2:53]' }),
    ];
    expect(readDnsLines(first).configured?.upstreams).toEqual(['192.0.2.1:53', '192.0.2.2:53']);
    const second = [
      ...first,
      line('jacod', 'starting'),
      line('daemon/grpc', 'dns: forwarder configured', { UPSTREAMS: '[]' }),
    ];
    expect(readDnsLines(second).configured?.upstreams).toEqual([]);
    expect(readDnsLines([...second, line('jacod', 'starting')]).configured).toBeNull();
  });

  test('each name that failed once, the newest first', () => {
    const failed = (name: string, atMs: number) =>
      line('dns', 'upstream resolver fallback failed', { NAME: name }, `error of ${name}`, atMs);
    const { failed: names } = readDnsLines([failed('a', 1), failed('b', 2), failed('a', 3)]);
    expect(names).toEqual([
      { atMs: 3, name: 'a', error: 'error of a' },
      { atMs: 2, name: 'b', error: 'error of b' },
    ]);
  });

  test('no journal says nothing', () => {
    expect(readDnsLines(null)).toEqual({ seen: false, configured: null, none: null, failed: [] });
  });
});
