import type { Leaf } from '../../io/tls.ts';

/**
 * The verdict on a leaf for a reader who has the cluster's CA, causes first. `unverified`: no fault is visible, and
 * there was no CA to confirm it.
 */
export type CertificateVerdict =
  | 'bootstrap'
  | 'other-cluster'
  | 'other-issuer'
  | 'expired'
  | 'not-yet-valid'
  | 'wrong-name'
  | 'unverified'
  | 'good';

/** The common name of every cluster's CA (docs/jaco-daemon/control.md#tls). */
const CLUSTER_CA = 'JACO Cluster CA';

/** Judges a leaf; `now` in ms since the epoch. A certificate without readable dates is not reported as expired. */
export function certificateVerdict(leaf: Leaf, now: number): CertificateVerdict {
  if (isBootstrap(leaf)) return 'bootstrap';
  if (leaf.signedByCa === false) return leaf.issuer === CLUSTER_CA ? 'other-cluster' : 'other-issuer';
  if (leaf.notAfterMs !== null && now > leaf.notAfterMs) return 'expired';
  if (leaf.notBeforeMs !== null && now < leaf.notBeforeMs) return 'not-yet-valid';
  if (!leaf.covers) return 'wrong-name';
  return leaf.signedByCa === null ? 'unverified' : 'good';
}

/**
 * The certificate that a daemon creates at each start and serves until it has a node certificate
 * (docs/jaco-daemon/control.md#tls).
 */
export function isBootstrap({ selfSigned, issuer }: Leaf): boolean {
  return selfSigned && issuer !== null && /^jacod-bootstrap\b/.test(issuer);
}

/** The hostname in a node certificate; null for any other. */
export function nodeNameOf(leaf: Leaf): string | null {
  return leaf.selfSigned ? null : leaf.subject;
}
