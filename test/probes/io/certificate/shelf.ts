import { X509Certificate } from 'node:crypto';
import { certificate, type Issuer } from '../../../../src/demo/certificate.ts';
import type { KeyPair } from '../../../../src/demo/key-pair.ts';

const DAY_MS = 86_400_000;

/** A certificate authority that signs, made for this test run. */
function authority(name: string, issuer?: Issuer, organization?: string): Issuer {
  const own = organization === undefined ? { name } : { name, organization };
  return { ...own, ...certificate({ ...own, key: 'ec', ...(issuer === undefined ? {} : { issuer }) }) };
}

export const root = authority('Test Root');
export const intermediate = authority('Test Intermediate', root);
export const otherRoot = authority('Other Root');
/** The names that Let's Encrypt's staging authority uses (docs/jaco-daemon/ingress.md#certificate-state). */
const stagingIntermediate = authority('(STAGING) Wannabe Watercress R11', root, "(STAGING) Let's Encrypt");

const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

type LeafOptions = Partial<Parameters<typeof certificate>[0]> & { readonly chain?: readonly KeyPair[] };

/** A server's key pair for shop.test with the chain that it sends, leaf first. */
export function served({ chain = [intermediate], ...wanted }: LeafOptions = {}): KeyPair {
  const leaf = certificate({
    name: 'shop.test',
    names: ['shop.test'],
    issuer: intermediate,
    key: 'ec',
    from: inDays(-10),
    to: inDays(80),
    ...wanted,
  });
  return { ...leaf, cert: [leaf, ...chain].map(({ cert }) => cert).join('') };
}

/** The chain of a key pair as a server sends it. */
export function derOf({ cert }: KeyPair): readonly Buffer[] {
  const blocks = cert.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block).raw);
}

/** Every kind of certificate that was seen for a domain, good and bad. */
export const shelf = {
  'a healthy one with an EC key': served(),
  'a healthy one with an RSA key': served({ key: 'rsa' }),
  'an expired one': served({ from: inDays(-100), to: inDays(-10) }),
  'one that is not valid yet': served({ from: inDays(5), to: inDays(95) }),
  'one for another name': served({ name: 'blog.test', names: ['blog.test'] }),
  'one with a match only in the common name': served({ names: ['blog.test'] }),
  'one for several names': served({ name: 'www.shop.test', names: ['www.shop.test', 'shop.test'] }),
  'one of another root': served({ issuer: otherRoot, chain: [] }),
  'one of another root, which is sent': served({ issuer: otherRoot, chain: [otherRoot] }),
  'a self-signed one': certificate({ name: 'shop.test', names: ['shop.test'], key: 'ec' }),
  'one of the staging authority': served({ issuer: stagingIntermediate, chain: [stagingIntermediate] }),
  'one without its intermediate': served({ chain: [] }),
  'a chain in wrong order': served({ chain: [root, intermediate] }),
} as const satisfies Record<string, KeyPair>;
