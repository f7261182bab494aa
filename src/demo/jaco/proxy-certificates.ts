import { certificate, type Issuer } from '../certificate.ts';
import type { KeyPair } from '../key-pair.ts';

const DAY_MS = 86_400_000;

/**
 * Names that Let's Encrypt gives to its authorities (docs/jaco-daemon/ingress.md#certificate-state); the keys are made
 * here.
 */
const AUTHORITIES = {
  production: { name: 'E7', organization: "Let's Encrypt" },
  staging: { name: '(STAGING) Puzzling Parsnip E7', organization: "(STAGING) Let's Encrypt" },
} as const;

const made = new Map<keyof typeof AUTHORITIES, Issuer>();

function authority(kind: keyof typeof AUTHORITIES): Issuer {
  const known = made.get(kind);
  if (known !== undefined) return known;
  const names = AUTHORITIES[kind];
  const validity = { from: new Date(Date.now() - 400 * DAY_MS), to: new Date(Date.now() + 400 * DAY_MS) };
  const issuer = { ...names, ...certificate({ ...names, ...validity, key: 'ec' }) };
  made.set(kind, issuer);
  return issuer;
}

export type Issued = {
  /** The names in the certificate; the domain by default. */
  readonly names?: readonly string[];
  /** Days since its start and until its end. */
  readonly days?: readonly [number, number];
  readonly by?: keyof typeof AUTHORITIES;
};

/** A certificate for a domain, issued by the stand-in's authority, with its chain. Its key is new. */
export function issue(
  domain: string,
  { names = [domain], days: [old, left] = [10, 80], by = 'production' }: Issued = {},
): KeyPair {
  const issuer = authority(by);
  const at = (days: number): Date => new Date(Date.now() + days * DAY_MS);
  const leaf = certificate({ name: domain, names, issuer, key: 'ec', from: at(-old), to: at(left) });
  return { key: leaf.key, cert: leaf.cert + issuer.cert };
}
