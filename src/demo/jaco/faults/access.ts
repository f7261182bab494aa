import { faultGroup } from '../fault.ts';

/** Faults of certificates and tokens. */
export const accessFaults = faultGroup('access', {
  'certificate-of-another-cluster': {
    title: 'the operator port serves the certificate of another cluster',
    expects: 'tls_untrusted',
    arrange: (cluster) => cluster.node(1).showCertificate('foreign'),
  },
  'address-not-in-certificate': {
    title: "the node's address is not in its certificate",
    expects: 'tls_name_mismatch',
    arrange: (cluster) => cluster.node(1).showCertificate('moved'),
  },
  'tokens-revoked': {
    title: 'every operator token is revoked',
    warns: 'operator_locked_out',
    arrange(cluster) {
      for (const token of cluster.content.tokens) token.revokedAt = Date.now() - 60_000;
    },
  },
  'certificate-lost': {
    title: 'the node certificate is missing, and the daemon serves its bootstrap certificate',
    expects: 'tls_bootstrap_certificate',
    arrange: (cluster) => cluster.node(1).loseCertificate(),
  },
});
