import { expect, test } from 'vitest';
import type { AutomaticDomain } from '../../../../src/probes/jaco/ingress/automatic-domains.ts';
import { sampleDomains } from '../../../../src/probes/jaco/ingress/sample-domains.ts';

const domains = (count: number): readonly AutomaticDomain[] =>
  Array.from({ length: count }, (_, at) => {
    const domain = `d${String(at).padStart(4, '0')}.test`;
    const state = at === count - 1 ? null : ({ domain, environment: 'prod', notAfterMs: 1_000 + at } as const);
    return { domain, deployment: 'shop', appliedAtMs: null, state };
  });

test('50 domains on three nodes are all asked for', () => {
  expect(sampleDomains(domains(50), 3).map((list) => list.length)).toEqual([50, 50, 50]);
});

test('2,000 domains on 32 nodes: a bounded number, the one without a certificate first, and different ones on each node', () => {
  const [own = [], ...others] = sampleDomains(domains(2_000), 32);
  expect(own.length + others.flat().length).toBeLessThanOrEqual(160);
  expect(own[0]?.domain).toBe('d1999.test');
  expect(others.every((list) => list.length > 0)).toBe(true);
  expect(new Set(others.flat().map(({ domain }) => domain)).size).toBe(others.flat().length);
});

test('a single node is asked for as many as all nodes together', () => {
  expect(sampleDomains(domains(500), 1).map((list) => list.length)).toEqual([160]);
});
