import type { Cluster } from '../cluster.ts';
import { addDomain, type DemoDomain } from '../domains.ts';
import { faultGroup } from '../fault.ts';
import { issue } from '../proxy-certificates.ts';
import { deployShop } from '../scenes.ts';

const MINUTE = 60_000;
const shop = { domain: 'shop.test', deployment: 'shop', service: 'web' };

async function shopWith(cluster: Cluster, given: Partial<DemoDomain> = {}, appliedAt?: number): Promise<void> {
  deployShop(cluster, appliedAt);
  await addDomain(cluster, { ...shop, ...given });
}

/** The proxy's log lines for a refused order. The text of the limit is Let's Encrypt's. */
function refuseOrder(cluster: Cluster, agoMs: number): void {
  const { journal } = cluster.node(1);
  const refused =
    'HTTP 429 urn:ietf:params:acme:error:rateLimited - too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s, see https://letsencrypt.org/docs/rate-limits/';
  journal.addProxyLine(agoMs, {
    logger: 'tls.obtain',
    msg: 'could not get certificate from issuer',
    identifier: shop.domain,
    issuer: 'acme-v02.api.letsencrypt.org-directory',
    error: refused,
  });
  journal.addProxyLine(agoMs, {
    logger: 'tls.obtain',
    msg: 'will retry',
    error: `[${shop.domain}] Obtain: [${shop.domain}] creating new order: ${refused}`,
    attempt: 1,
    retrying_in: 60,
  });
}

/** Healthy states of certificates. */
export const healthyCertificates = faultGroup('none', {
  'healthy-certificates': {
    title: 'three nodes serve a domain with tls: auto',
    arrange: (cluster) => shopWith(cluster),
  },
  'certificate-being-issued': {
    title: 'a route was applied a few seconds ago, and its certificate is being ordered',
    arrange: (cluster) => shopWith(cluster, { certificate: null }, Date.now() - 8_000),
  },
  'certificate-of-six-days': {
    title: 'a certificate with a lifetime of six days is not due for renewal yet',
    arrange: (cluster) => shopWith(cluster, { certificate: { days: [3, 3] } }),
  },
});

/** Faults of certificates and of the connection to the authority. */
export const certificateFaults = faultGroup('ingress', {
  'challenge-intercepted': {
    title: 'another web server answers on port 80 of demo-2 and redirects the challenge of the authority',
    expects: 'acme_challenge_intercepted',
    async arrange(cluster) {
      await shopWith(cluster, { certificate: null });
      cluster.node(2).proxy.web = { kind: 'redirect', to: 'https://www.shop.test/' };
    },
  },
  'certificate-refused': {
    title: 'the authority refuses a certificate, because too many were issued',
    expects: 'cert_failed',
    async arrange(cluster) {
      await shopWith(cluster, { certificate: null });
      refuseOrder(cluster, 5 * MINUTE);
    },
  },
  'certificate-expired': {
    title: 'a certificate expired two days ago, because its renewal is refused',
    expects: 'cert_failed',
    async arrange(cluster) {
      await shopWith(cluster, { certificate: { days: [92, -2] } });
      refuseOrder(cluster, 20 * MINUTE);
    },
  },
  'certificate-expired-silently': {
    title: 'a certificate expired two days ago, and the journal has no reason',
    expects: 'cert_expired',
    arrange: (cluster) => shopWith(cluster, { certificate: { days: [92, -2] } }),
  },
  'certificate-for-another-name': {
    title: 'the certificate of a domain is for another name',
    expects: 'cert_name_mismatch',
    arrange: (cluster) => shopWith(cluster, { certificate: { names: ['blog.test'] } }),
  },
  'certificate-missing': {
    title: 'a domain has had no certificate for an hour',
    expects: 'cert_not_issued',
    arrange: (cluster) => shopWith(cluster, { certificate: null }),
  },
  'acme-disabled': {
    title: 'acme_enabled is false on demo-2, which answers with plain HTTP on port 443',
    expects: 'cert_not_issued',
    async arrange(cluster) {
      await shopWith(cluster);
      cluster.node(2).proxy.https.behaviour = 'http';
    },
  },
  'certificate-of-staging': {
    title: 'the staging certificate is still served an hour after the route was applied',
    expects: 'cert_staging_stuck',
    arrange: (cluster) =>
      shopWith(cluster, { certificate: { by: 'staging' }, state: { environment: 'staging', daysLeft: 80 } }),
  },
  'certificate-not-on-follower': {
    title: 'demo-2 did not load the certificate that the cluster has',
    expects: 'cert_not_served',
    async arrange(cluster) {
      await shopWith(cluster);
      cluster.node(2).proxy.certificates.delete(shop.domain);
    },
  },
  'certificate-older-on-follower': {
    title: 'demo-2 still serves the certificate from before the last renewal',
    expects: 'cert_not_served',
    async arrange(cluster) {
      await shopWith(cluster);
      cluster.node(2).proxy.certificates.set(shop.domain, issue(shop.domain, { days: [80, 10] }));
    },
  },
  'renewal-overdue': {
    title: 'a certificate expires in ten of its ninety days and was not renewed',
    warns: 'cert_expiring',
    arrange: (cluster) => shopWith(cluster, { certificate: { days: [80, 10] } }),
  },
  'handshake-stalls': {
    title: 'port 443 of demo-2 accepts connections but does not answer',
    async arrange(cluster) {
      await shopWith(cluster);
      cluster.node(2).proxy.https.behaviour = 'freeze';
    },
  },
  'port-held-before-certificate': {
    title: 'another program has port 80, so no certificate can be ordered',
    expects: 'ingress_port_conflict',
    async arrange(cluster) {
      deployShop(cluster);
      await cluster.node(1).proxy.startWithoutPort();
      await addDomain(cluster, { ...shop, certificate: null });
    },
  },
});
