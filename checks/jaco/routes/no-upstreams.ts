import type { Finding } from '../../../src/engine/finding.ts';
import type { Route } from '../../../src/probes/jaco/runtime/stored-ingress.ts';
import type { Usability } from './usability.ts';

/** Routes of one service that have no upstream. */
export function noUpstreams(
  routes: readonly Route[],
  usability: Exclude<Usability, { kind: 'coming' }>,
  isLoaded: boolean,
): Finding<'route_no_upstreams', never> {
  const [first] = routes as [Route];
  const { deployment, service } = first;
  const cause = usability.kind === 'none' ? usability.cause : 'unknown';
  return {
    id: 'route_no_upstreams',
    subject: nameOf(first),
    cause,
    values: { domain: first.domain, service, deployment },
    evidence: [
      isLoaded
        ? `the proxy of this node has no upstream for ${nameOf(first)}, service ${service} of ${deployment}`
        : `by JACO's state ${nameOf(first)}, service ${service} of ${deployment}, has no upstream`,
      ...(usability.kind === 'none'
        ? usability.evidence
        : [`by JACO's state ${usability.replicas.slice(0, 3).join(', ')} can be used, but the proxy does not have it`]),
      ...otherRoutes(routes),
    ],
    // A setting of the deployment itself, which no other fault explains.
    ...(['zero-replicas', 'networks-override', 'no-address'].includes(cause) ? { isRoot: true as const } : {}),
  };
}

/** A route in the form in which people write it. */
export function nameOf({ domain, path }: Pick<Route, 'domain' | 'path'>): string {
  return `${domain}${path}`;
}

/** The other routes of a service that share a finding. */
export function otherRoutes([, ...others]: readonly Route[]): readonly string[] {
  if (others.length === 0) return [];
  const more = others.length > 5 ? ` and ${others.length - 5} more` : '';
  return [`the same holds for ${others.slice(0, 5).map(nameOf).join(', ')}${more}`];
}
