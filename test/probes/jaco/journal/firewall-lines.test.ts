import { describe, expect, test } from 'vitest';
import { readFirewallLines } from '../../../../src/probes/jaco/journal/firewall-lines.ts';
import type { JournalEntry } from '../../../../src/probes/jaco/journal/journal.ts';

describe('the log’s lines about the firewall', () => {
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
    // A failed write has its own line.
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
