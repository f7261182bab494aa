import { describe, expect, test } from 'vitest';
import { driftText, selfTest } from '../../../../src/probes/jaco/isolation/self-test.ts';
import { capturedTable } from '../../host/captured-tables.ts';

const SETS = ['dep_net_blog_front', 'dep_net_shop_back', 'dep_net_shop_front', 'jaco_pool'];
const exactly = { wanted: SETS, may: () => false };

describe("the daemon's own comparison", () => {
  // The daemon's own log and audit for these same tables is in docs/jaco-daemon/isolation.md#self-healing.
  test.each([
    ['chain-deleted-input', 'missing:chain:input'],
    ['policy-drop-forward', 'missing:chain:forward.policy=drop (want accept)'],
    ['priority-changed', 'missing:chain:forward.priority=10 (want 0)'],
    ['set-deleted', 'missing:set:dep_net_shop_front'],
  ])('detects %s', (name, text) => {
    expect(driftText(selfTest(capturedTable(`nft-faults/${name}.json`), exactly))).toBe(text);
  });

  test('detects a superfluous set', () => {
    const drift = selfTest(capturedTable('nft-faults/set-added.json'), exactly);
    expect(drift.missing).toEqual([]);
    expect(drift.extra).toHaveLength(1);
  });

  test.each([
    'rules-flushed',
    'flush-table',
    'rule-deleted-drop',
    'stacked-rules',
    'foreign-accept-first',
    'element-removed-pool',
    'element-added-scope',
    'extra-chain',
  ])('is blind to %s', (name) => {
    expect(driftText(selfTest(capturedTable(`nft-faults/${name}.json`), exactly))).toBe('');
  });

  test('takes an absent table for one without anything', () => {
    expect(driftText(selfTest(null, { wanted: ['jaco_pool'], may: () => false }))).toBe(
      'missing:chain:forward,missing:chain:input,missing:chain:output,missing:set:jaco_pool',
    );
  });

  test('is content with the table of an empty cluster', () => {
    const empty = capturedTable('nft-healthy-empty.json');
    expect(driftText(selfTest(empty, { wanted: [], may: () => false }))).toBe('');
  });

  test('takes a chain that nothing enters for one without a hook', () => {
    const chains = ['forward', 'input', 'output'].map((name) => ({
      name,
      rules: [],
      base: name === 'input' ? null : { type: 'filter', hook: name, priority: 0, policy: 'accept' as const },
    }));
    expect(driftText(selfTest({ chains, sets: [] }, null))).toBe('missing:chain:input.hook= (want input)');
  });
});
