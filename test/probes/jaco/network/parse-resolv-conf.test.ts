import { describe, expect, test } from 'vitest';
import { parseResolvConf } from '../../../../src/probes/jaco/network/parse-resolv-conf.ts';

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

  test('a byte order mark makes another key of the first one', () => {
    expect(parseResolvConf('\ufeffnameserver 192.0.2.1\nnameserver 192.0.2.2\n')).toEqual({
      servers: ['192.0.2.2:53'],
      dropped: [{ text: '192.0.2.1', why: 'byte-order-mark' }],
    });
    expect(parseResolvConf('\ufeff# by hand\nnameserver 192.0.2.1\n').servers).toEqual(['192.0.2.1:53']);
  });

  test('at a line of 64 KiB the daemon’s reader rejects the whole file', () => {
    const search = (length: number) => `nameserver 192.0.2.1\nsearch ${'x'.repeat(length - 7)}\n`;
    expect(parseResolvConf(search(65_535)).servers).toEqual(['192.0.2.1:53']);
    expect(parseResolvConf(search(65_536))).toMatchObject({ servers: [], dropped: [{ why: 'too-long' }] });
    expect(parseResolvConf(`# ${'ä'.repeat(32_768)}\nnameserver 192.0.2.1\n`).servers).toEqual([]);
  });

  test('the daemon reads every line, however many there are', () => {
    expect(parseResolvConf(`${'#\n'.repeat(3_000)}nameserver 192.0.2.1\n`).servers).toEqual(['192.0.2.1:53']);
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

  test('ignored lines, and lines that only look ignored', () => {
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
