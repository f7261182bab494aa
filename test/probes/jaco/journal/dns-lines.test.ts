import { describe, expect, test } from 'vitest';
import { readDnsLines } from '../../../../src/probes/jaco/journal/dns-lines.ts';
import type { JournalEntry } from '../../../../src/probes/jaco/journal/journal.ts';

describe('the log’s lines about DNS', () => {
  const line = (
    subsystem: string,
    message: string,
    fields: JournalEntry['fields'] = {},
    error: string | null = null,
    atMs = 1,
  ): JournalEntry => {
    return { atMs, priority: 6, subsystem, message, error, fields, raw: false, pid: 1, invocation: null };
  };

  test('each start discards earlier lines', () => {
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

  test('no journal shows nothing', () => {
    expect(readDnsLines(null)).toEqual({ seen: false, configured: null, none: null, failed: [] });
  });
});
