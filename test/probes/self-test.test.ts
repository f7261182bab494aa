import { describe, expect, test } from 'vitest';
import { mayAdminister } from '../../src/probes/jaco/daemon/daemon-reach.ts';
import { driftText, selfTest } from '../../src/probes/jaco/isolation/self-test.ts';
import { maySetBelongTo, setName } from '../../src/probes/jaco/network/set-name.ts';
import { capturedTable } from './nft-scene.ts';

const SETS = ['dep_net_blog_front', 'dep_net_shop_back', 'dep_net_shop_front', 'jaco_pool'];
const exactly = { wanted: SETS, may: () => false };

describe("the daemon's own comparison", () => {
  // What the daemon itself logged and audited of these very tables is in live H2.
  test.each([
    ['chain-deleted-input', 'missing:chain:input'],
    ['policy-drop-forward', 'missing:chain:forward.policy=drop (want accept)'],
    ['priority-changed', 'missing:chain:forward.priority=10 (want 0)'],
    ['set-deleted', 'missing:set:dep_net_shop_front'],
  ])('sees %s', (name, text) => {
    expect(driftText(selfTest(capturedTable(`nft-faults/${name}.json`), exactly))).toBe(text);
  });

  test('sees a set that is not wanted', () => {
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

describe('the name of a set', () => {
  test('replaces what nft does not allow, and shortens by a hash', () => {
    expect(setName('shop', 'back')).toBe('dep_net_shop_back');
    expect(setName('a-b.c', 'default')).toBe('dep_net_a_b_c__default');
    expect(setName('shop', '')).toBe('dep_net_shop__default');
    const long = 'a-very-long-deployment-name-that-somebody-chose-on-purpose';
    // As the daemon's own code names them.
    expect(setName(long, 'backend')).toBe('dep_net_a_very_l_0182f532');
    expect(setName(long, '')).toBe('dep_net_a_very_l_2856e329');
    expect(setName('x\u{1f600}y', 'z')).toBe('dep_net_x_y_z');
  });

  test('can be that of two networks', () => {
    expect(setName('shop', 'blog_front')).toBe(setName('shop-blog', 'front'));
  });

  test('tells which deployments it may be of', () => {
    const long = 'a-very-long-deployment-name-that-somebody-chose-on-purpose';
    expect(maySetBelongTo('dep_net_shop_back', 'shop')).toBe(true);
    expect(maySetBelongTo('dep_net_shop_back', 'sho')).toBe(false);
    expect(maySetBelongTo('dep_net_shop_back', 'blog')).toBe(false);
    expect(maySetBelongTo(setName(long, 'backend'), long)).toBe(true);
    expect(maySetBelongTo(setName(long, 'backend'), 'a-short-one')).toBe(false);
    expect(maySetBelongTo('dep_net_a_very_l_x', long)).toBe(false);
  });
});

describe('whether nft, run by the daemon, may change the firewall', () => {
  const status = (uid: number, effective: string, ambient: string): string =>
    `Name:\tjacod\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nCapEff:\t${effective}\nCapAmb:\t${ambient}\n`;
  test.each([
    ['as the packaged unit grants it', status(997, '0000000000003400', '0000000000003400'), true],
    ['without ambient capabilities its children lose it', status(997, '0000000000003400', '0000000000000000'), false],
    ['a daemon of nothing', status(997, '0000000000000000', '0000000000000000'), false],
    ['root', status(0, '000001ffffffffff', '0000000000000000'), true],
    ['root in a container', status(0, '00000000a80425fb', '0000000000000000'), false],
    ['a kernel that says nothing', 'Name:\tjacod\n', null],
  ])('%s', (_, text, may) => {
    expect(mayAdminister(text)).toBe(may);
  });
});
