import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covers, ipv4, prefix, rangeOf, rangeText } from '../../../src/probes/host/ipv4.ts';

const range = (text: string) => rangeOf(text) ?? [0, 0];

describe('ranges of addresses', () => {
  test('are read and written in every form that nft uses', () => {
    const forms = ['10.244.3.0/24', '10.244.4.5', '10.244.7.3-10.244.7.9', '0.0.0.0/0', '255.255.255.255'];
    expect(forms.map((form) => rangeText(range(form)))).toEqual(forms);
    expect(rangeText(range('10.244.3.7/24'))).toBe('10.244.3.0/24');
  });

  test('and nothing else', () => {
    const wrong = [
      '',
      '10.244.3',
      '10.244.3.0/33',
      '10.244.3.0/',
      '1.2.3.4-1.2.3.3',
      '::1',
      '10.244.300.1',
      'a-b',
      '@set',
    ];
    expect(wrong.map(rangeOf)).toEqual(wrong.map(() => null));
  });

  test('a prefix contains exactly its addresses', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }), (address, length) => {
        const [first, last] = prefix(address, length) ?? [1, 0];
        expect(last - first + 1).toBe(2 ** (32 - length));
        expect(first <= address && address <= last).toBe(true);
        expect(rangeOf(rangeText([first, last]))).toEqual([first, last]);
      }),
    );
  });

  test('two halves cover what they make up, and not an address more', () => {
    const halves = [range('10.244.1.0/24'), range('10.244.0.0/24')];
    expect(covers(halves, range('10.244.0.0/23'))).toBe(true);
    expect(covers(halves, range('10.244.0.0/22'))).toBe(false);
    expect(covers([], range('10.244.0.0/24'))).toBe(false);
    expect(ipv4('10.244.0.256')).toBeNull();
  });
});
