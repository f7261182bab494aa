import type { Cluster } from './cluster.ts';
import { timestamp } from './members.ts';
import { type Issued, issue } from './proxy-certificates.ts';
import { addRoute, type DemoRoute } from './routes.ts';

const DAY_MS = 86_400_000;

/** A domain with a certificate that JACO ordered. */
export type DemoDomain = Omit<DemoRoute, 'tlsAuto'> & {
  /** The certificate that all nodes serve; null if none is issued. */
  readonly certificate?: Issued | null;
  /** Its entry in JACO's state; null for none. The default is that of the certificate. */
  readonly state?: { readonly environment: 'prod' | 'staging'; readonly daysLeft: number | null } | null;
};

/** Adds a route with `tls: auto`, its stored state, and its certificate on each node. */
export async function addDomain(cluster: Cluster, { certificate = {}, state, ...route }: DemoDomain): Promise<void> {
  const { domain } = route;
  await addRoute(cluster, { ...route, tlsAuto: true });
  if (certificate !== null) {
    const pair = issue(domain, certificate);
    for (const { proxy } of cluster.nodes) proxy.certificates.set(domain, pair);
  }
  const daysLeft = certificate?.days?.[1] ?? 80;
  const stored = state === undefined ? (certificate === null ? null : { environment: 'prod', daysLeft }) : state;
  if (stored === null) return;
  const notAfter = stored.daysLeft === null ? undefined : timestamp(Date.now() + stored.daysLeft * DAY_MS);
  const { certs } = cluster.content.deploy;
  certs.push({ domain, environment: stored.environment, notAfter, lastRenewalAt: undefined });
}
