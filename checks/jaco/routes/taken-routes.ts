import type { Finding, NotJudged } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import { pathPattern } from '../../../src/probes/jaco/ingress/parse-proxy-config.ts';
import type { Routes } from '../../../src/probes/jaco/ingress/routes.ts';
import type { Declaration, DeclaredRoute } from '../../../src/probes/jaco/runtime/declared-routes.ts';
import type { Deployment } from '../../../src/probes/jaco/runtime/deployments.ts';
import type { Route } from '../../../src/probes/jaco/runtime/stored-ingress.ts';
import { nameOf } from './no-upstreams.ts';

type TakenRoute = Finding<'route_taken', never>;

/**
 * Declared routes that another deployment holds, that are not stored, or that another route of the same domain shadows.
 */
export function takenRoutes(
  declared: readonly Declaration[],
  stored: Routes,
  deployments: readonly Deployment[],
): { readonly findings: readonly TakenRoute[]; readonly notJudged: readonly NotJudged[] } {
  const owners = new Map(stored.list.map((route) => [`${route.domain} ${route.path}`, route]));
  const applied = new Map(deployments.map(({ name, updatedAtMs }) => [name, updatedAtMs]));
  const findings = declared.flatMap(({ deployment, routes }) =>
    routes.flatMap((route): readonly TakenRoute[] => {
      const owner = owners.get(`${route.domain} ${route.path}`);
      if (owner?.deployment === deployment) return [];
      // A route beyond the limit of the list may be stored.
      if (owner === undefined && stored.omitted > 0) return [];
      return [owner === undefined ? missing(route, deployment) : taken(route, deployment, owner, applied)];
    }),
  );
  const unread = declared.filter(({ problem }) => problem !== null);
  return {
    findings: [...findings, ...shadowed(stored.list)],
    notJudged: unread.slice(0, 5).map(({ deployment, problem }) => ({
      subject: `routes that ${deployment} declares`,
      reason: problem ?? '',
      next: { kind: 'do', text: `Apply ${deployment} again with a jaco.yaml that parses.` },
    })),
  };
}

function taken(
  route: DeclaredRoute,
  deployment: string,
  owner: Route,
  applied: ReadonlyMap<string, number | null>,
): TakenRoute {
  const at = (name: string): string => {
    const ms = applied.get(name) ?? null;
    return ms === null ? name : `${name}, applied at ${formatTime(ms)}`;
  };
  return {
    id: 'route_taken',
    subject: nameOf(route),
    cause: 'taken',
    title: `requests go to ${owner.deployment}, not to ${deployment}`,
    meaning: `${deployment} and ${owner.deployment} declare the same route. JACO stores one route for each domain and path, and the last apply wins.`,
    impact: `${nameOf(route)} leads to ${owner.deployment}. No command shows this as a fault.`,
    values: { domain: route.domain, deployment },
    evidence: [
      `requests for ${nameOf(route)} go to service ${owner.service} of ${at(owner.deployment)}`,
      `they do not go to service ${route.service} of ${at(deployment)}, which declares the same route`,
    ],
  };
}

function missing(route: DeclaredRoute, deployment: string): TakenRoute {
  return {
    id: 'route_taken',
    subject: nameOf(route),
    cause: 'missing',
    values: { domain: route.domain, deployment },
    evidence: [
      `${nameOf(route)} is declared by ${deployment}, for service ${route.service}, and is not stored: each node answers 404`,
      'this is what remains if another deployment took the route and was deleted, or dropped it',
    ],
  };
}

const EVERYTHING: readonly string[] = ['/*', '*'];

/** A domain's route without a path, beside one whose path matches everything: the second one gets all requests. */
function shadowed(list: readonly Route[]): readonly TakenRoute[] {
  const greedy = new Map(
    list.filter(({ path }) => EVERYTHING.includes(pathPattern(path))).map((route) => [route.domain, route]),
  );
  return list.flatMap((route): readonly TakenRoute[] => {
    const winner = route.path === '' ? greedy.get(route.domain) : undefined;
    const isSame = winner?.deployment === route.deployment && winner.service === route.service;
    if (winner === undefined || (isSame && winner.port === route.port)) return [];
    return [
      {
        id: 'route_taken',
        subject: route.domain,
        cause: 'shadowed',
        values: { domain: route.domain, deployment: route.deployment },
        evidence: [
          `the route for the path ${winner.path} sends every request to service ${winner.service} of ${winner.deployment}`,
          `the route without a path, to service ${route.service} of ${route.deployment}, gets none`,
        ],
      },
    ];
  });
}
