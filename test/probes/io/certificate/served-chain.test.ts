import { describe, expect, test } from 'vitest';
import { certificate } from '../../../../src/demo/certificate.ts';
import { type ServedChain, servedChain } from '../../../../src/probes/io/certificate/served-chain.ts';
import { derOf, intermediate, otherRoot, root, served, shelf } from './shelf.ts';

/** The parts by which clients judge a chain, in short. */
function brief(chain: ServedChain): string {
  if (chain.kind === 'unreadable') return chain.why;
  const { leaf, state } = chain;
  const now = Date.now();
  const dates = (leaf.notAfterMs ?? 0) < now ? 'expired' : (leaf.notBeforeMs ?? 0) > now ? 'not yet valid' : 'valid';
  return `${leaf.key} ${dates}, ${leaf.covers ? 'covers' : 'another name'}, ${state}, issued by ${leaf.issuer}`;
}

describe('the shelf of certificates, read by Node’s own X509Certificate', () => {
  const expected: { readonly [K in keyof typeof shelf]: string } = {
    'a healthy one with an EC key': 'ec valid, covers, open, issued by Test Intermediate',
    'a healthy one with an RSA key': 'rsa valid, covers, open, issued by Test Intermediate',
    'an expired one': 'ec expired, covers, open, issued by Test Intermediate',
    'one that is not valid yet': 'ec not yet valid, covers, open, issued by Test Intermediate',
    'one for another name': 'ec valid, another name, open, issued by Test Intermediate',
    'one with a match only in the common name': 'ec valid, another name, open, issued by Test Intermediate',
    'one for several names': 'ec valid, covers, open, issued by Test Intermediate',
    'one of another root': 'ec valid, covers, open, issued by Other Root',
    'one of another root, which is sent': 'ec valid, covers, private, issued by Other Root',
    'a self-signed one': 'ec valid, covers, self-signed, issued by shop.test',
    'one of the staging authority': 'ec valid, covers, open, issued by (STAGING) Wannabe Watercress R11',
    'one without its intermediate': 'ec valid, covers, open, issued by Test Intermediate',
    'a chain in wrong order': 'ec valid, covers, private, issued by Test Intermediate',
  };
  for (const name of Object.keys(shelf) as (keyof typeof shelf)[])
    test(name, () => expect(brief(servedChain(derOf(shelf[name]), 'shop.test'))).toBe(expected[name]));

  test('the names and the issuer’s organization of the staging authority are read', () => {
    expect(servedChain(derOf(shelf['one of the staging authority']), 'shop.test')).toMatchObject({
      leaf: { subject: 'shop.test', dnsNames: ['shop.test'], issuerOrganization: "(STAGING) Let's Encrypt" },
    });
  });
});

describe('bytes that no client accepts', () => {
  const [leaf = Buffer.alloc(0), ...rest] = derOf(served());

  test('data after the end of the leaf is reported, although Node accepts it', () => {
    expect(servedChain([Buffer.concat([leaf, Buffer.from('x')]), ...rest], 'shop.test')).toEqual({
      kind: 'unreadable',
      why: 'trailing-data',
    });
  });

  test('a truncated leaf, one that is not a certificate, and none', () => {
    const whys = [[leaf.subarray(0, 200)], [Buffer.from('not DER')], []].map((list) => servedChain(list, 'shop.test'));
    expect(whys.map((chain) => chain.kind === 'unreadable' && chain.why)).toEqual([
      'not-a-certificate',
      'not-a-certificate',
      'no-certificate',
    ]);
  });
});

describe('the end of a chain', () => {
  const [leaf = Buffer.alloc(0)] = derOf(served());
  const [between = Buffer.alloc(0), above = Buffer.alloc(0)] = [intermediate, root].flatMap(derOf);
  const publicRoots = (): readonly Buffer[] => [above];
  const state = (list: readonly Buffer[]) => servedChain(list, 'shop.test', publicRoots);

  test('to a public root, which need not be sent', () => {
    expect(state([leaf, between])).toMatchObject({ state: 'public', inOrder: true, root: 'Test Root', length: 2 });
    expect(state([leaf, between, above])).toMatchObject({ state: 'public', inOrder: true, length: 3 });
  });

  test('to a public root, with a stray certificate between', () => {
    const [stray = Buffer.alloc(0)] = derOf(otherRoot);
    expect(state([leaf, stray, between])).toMatchObject({ state: 'public', inOrder: false });
  });

  test('nowhere, because the intermediate is missing', () => {
    expect(state([leaf])).toMatchObject({ state: 'open', root: 'Test Intermediate' });
    expect(state([leaf, above])).toMatchObject({ state: 'open', root: 'Test Intermediate' });
  });

  test('to a public root by name only: another key has signed', () => {
    const [impostor = Buffer.alloc(0)] = derOf(certificate({ name: 'Test Root', key: 'ec' }));
    expect(servedChain([leaf, between], 'shop.test', () => [impostor])).toMatchObject({ state: 'open' });
  });
});
