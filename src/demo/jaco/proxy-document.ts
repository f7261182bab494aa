import { pathPattern } from '../../probes/jaco/ingress/parse-proxy-config.ts';
import { ReplicaState, type Route } from '../../wire/jaco.ts';
import type { ReplicatedState } from './replicated-state.ts';

/**
 * The configuration that JACO gives its proxy, in the form of the admin endpoint
 * (docs/jaco-daemon/ingress.md#proxy-configuration).
 */
export function proxyDocument(content: ReplicatedState, { http, https }: { http: number; https: number }): object {
  const { routes } = content.deploy;
  const domains = [...new Set(routes.map(({ domain }) => domain))].sort();
  const ofDomain = (domain: string) =>
    domainRoute(
      content,
      domain,
      routes.filter((route) => route.domain === domain),
    );
  const fallback = {
    handle: [{ handler: 'static_response', headers: { Server: ['jaco'] }, status_code: 404 }],
  };
  const isAutomatic = (domain: string) => routes.some((route) => route.domain === domain && route.tlsAuto);
  return {
    apps: {
      http: {
        servers: {
          jaco_http: {
            listen: [`:${http}`],
            routes: [...domains.map((domain) => (isAutomatic(domain) ? redirect(domain) : ofDomain(domain))), fallback],
          },
          jaco_https: { listen: [`:${https}`], routes: [...domains.map(ofDomain), fallback] },
        },
      },
    },
  };
}

function redirect(domain: string): object {
  const headers = { Location: ['https://{http.request.host}{http.request.uri}'] };
  return { handle: [{ handler: 'static_response', headers, status_code: 308 }], match: [{ host: [domain] }] };
}

function domainRoute(content: ReplicatedState, domain: string, routes: readonly Route[]): object {
  const [first] = routes;
  if (routes.length === 1 && first !== undefined && first.path === '')
    return { handle: [proxyHandler(content, first)], match: [{ host: [domain] }] };
  const longestFirst = routes.toSorted((a, b) => b.path.length - a.path.length);
  const inner = longestFirst.map((route) => ({
    handle: [proxyHandler(content, route)],
    ...(route.path === ''
      ? {}
      : { match: [{ path: [pathPattern(route.path).replace(/\/\*$/, ''), pathPattern(route.path)] }] }),
  }));
  return { handle: [{ handler: 'subroute', routes: inner }], match: [{ host: [domain] }] };
}

/** Replicas that are running, have a recent report and have an address. */
function proxyHandler(content: ReplicatedState, route: Route): object {
  const upstreams = content.replicas
    .filter(
      ({ id, deployment, service, state, lastHealthAt }) =>
        deployment === route.deployment &&
        service === route.service &&
        state === ReplicaState.RUNNING &&
        lastHealthAt !== undefined &&
        !content.unwatched.has(id),
    )
    .flatMap(({ details }) => Object.entries(details).filter(([key]) => key === `ip.jaco_${route.deployment}_back`))
    .map(([, ip]) => ({ dial: `${ip}:${route.port}` }));
  return { handler: 'reverse_proxy', upstreams: upstreams.length === 0 ? null : upstreams };
}
