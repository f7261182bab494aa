import type { Cause, Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import { type CertificateVerdict, nodeNameOf } from '../../../src/probes/jaco/control/certificate-verdict.ts';
import type { ClusterCa } from '../../../src/probes/jaco/control/cluster-ca.ts';
import type { ClusterStatus } from '../../../src/probes/jaco/control/status-fact.ts';
import type { TlsTarget } from '../../../src/probes/jaco/control/tls-target.ts';

export type CheckFinding = Finding<
  'tls_untrusted' | 'tls_name_mismatch' | 'tls_bootstrap_certificate',
  'own' | 'servers'
>;

/**
 * The fault of the certificate that a port shows. Null if there is none, or if it cannot be determined without a CA.
 */
export function certificateFault(
  target: TlsTarget,
  verdict: CertificateVerdict,
  ca: ClusterCa | null,
  status: ClusterStatus | null,
): CheckFinding | null {
  const { hello, subject, address, own, refused } = target;
  if (hello.kind !== 'hello') return null;
  const { leaf } = hello;
  // The finding explains unasked questions only if it prevents this run's own questions.
  const explains = own || status === null ? (['own', 'servers'] as const) : [];
  const shown = describeTarget(target);
  // The file name of the certificate contains the name in it, which differs from the asking node's name.
  const hostname = nodeNameOf(leaf);
  const named = hostname === null ? {} : { hostname };
  const evidence = (...lines: readonly string[]): readonly string[] => [shown, ...lines];
  const untrusted = (cause: Cause<'tls_untrusted'>, ...lines: readonly string[]): CheckFinding => {
    return {
      id: 'tls_untrusted',
      subject,
      cause,
      evidence: evidence(...lines),
      values: { address, ...named },
      explains,
    };
  };
  switch (verdict) {
    case 'bootstrap': {
      const fresh = own && status !== null && !status.initialized;
      const why = fresh
        ? 'it reports that it has not joined a cluster, and such a daemon has no other certificate'
        : 'it is a member of a cluster, so it lost its certificate, or looks for one with another name';
      return {
        id: 'tls_bootstrap_certificate',
        subject,
        cause: fresh ? 'not-taken-up' : 'lost-certificate',
        evidence: evidence(why),
        values: named,
        explains,
      };
    }
    case 'other-cluster':
    case 'other-issuer':
      return untrusted(
        verdict,
        `that CA signs with key ${leaf.authority ?? 'unknown'}; SHA-256 of the served certificate: ${leaf.fingerprint}`,
        ...(ca === null ? [] : [`the CA in ${ca.path} is a different one: SHA-256 ${ca.fingerprints.join(', ')}`]),
      );
    case 'expired':
      return untrusted('expired', `it expired at ${formatTime(leaf.notAfterMs)}`);
    case 'not-yet-valid':
      return untrusted('not-yet-valid', `it is valid from ${formatTime(leaf.notBeforeMs)} on`);
    case 'wrong-name': {
      const names = [...leaf.dnsNames, ...leaf.addresses].join(', ') || 'nothing';
      return {
        id: 'tls_name_mismatch',
        subject,
        evidence: evidence(`it names ${names}`, `the doctor connected to ${address}`),
        values: { ...named, names },
        explains,
      };
    }
    case 'unverified':
    case 'good':
      return refused === null ? null : untrusted('refused', `a verified call failed nevertheless: ${refused}`);
  }
}

/** The target in a few words. */
export function describeTarget({ subject, address, hello }: TlsTarget): string {
  if (hello.kind !== 'hello') return `${address}: ${hello.detail}`;
  const { leaf } = hello;
  const target = subject === address ? address : `${subject} at ${address}`;
  return `${target} serves a certificate for ${leaf.subject ?? 'no subject'}, issued by ${leaf.selfSigned ? 'itself' : (leaf.issuer ?? 'no issuer')}`;
}
