import { describe, expect, test } from 'vitest';
import { maySetBelongTo, setName } from '../../../../src/probes/jaco/network/set-name.ts';

describe('the name of a set', () => {
  test('replaces what nft does not allow, and shortens by a hash', () => {
    expect(setName('shop', 'back')).toBe('dep_net_shop_back');
    expect(setName('a-b.c', 'default')).toBe('dep_net_a_b_c__default');
    expect(setName('shop', '')).toBe('dep_net_shop__default');
    const long = 'a-very-long-deployment-name-that-somebody-chose-on-purpose';
    // Names from the daemon's own code.
    expect(setName(long, 'backend')).toBe('dep_net_a_very_l_0182f532');
    expect(setName(long, '')).toBe('dep_net_a_very_l_2856e329');
    expect(setName('x\u{1f600}y', 'z')).toBe('dep_net_x_y_z');
  });

  test('can be that of two networks', () => {
    expect(setName('shop', 'blog_front')).toBe(setName('shop-blog', 'front'));
  });

  test('shows to which deployments it may belong', () => {
    const long = 'a-very-long-deployment-name-that-somebody-chose-on-purpose';
    expect(maySetBelongTo('dep_net_shop_back', 'shop')).toBe(true);
    expect(maySetBelongTo('dep_net_shop_back', 'sho')).toBe(false);
    expect(maySetBelongTo('dep_net_shop_back', 'blog')).toBe(false);
    expect(maySetBelongTo(setName(long, 'backend'), long)).toBe(true);
    expect(maySetBelongTo(setName(long, 'backend'), 'a-short-one')).toBe(false);
    expect(maySetBelongTo('dep_net_a_very_l_x', long)).toBe(false);
  });
});
