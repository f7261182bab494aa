import { value } from '../../../engine/outcome.ts';
import { derive } from '../../../engine/probe.ts';
import type { KernelRoute } from '../../host/kernel-routes.ts';
import { EXTERNAL_ADDRESS, kernelRoutes, routesOut, sharesRouter } from './kernel-routes.ts';
import { type LocalContainer, localContainers } from './local-containers.ts';

/** The route that the kernel would use for a packet, with what a person needs to find it. */
export type ChosenRoute = {
  readonly to: string;
  readonly dev: string | null;
  readonly gateway: string | null;
  /** A table other than the main one. */
  readonly table: string | null;
  /** `unicast`, `blackhole`, `unreachable`, … */
  readonly type: string;
};

/**
 * Why packets of one network cannot arrive, independent of filter rules: its bridge does not exist, is down or lacks
 * the gateway address; packets from this host to its container leave through another interface (`pool-elsewhere`), are
 * discarded by a route (`pool-discarded`) or have only the default route (`no-bridge-route`); or this host has a route
 * to the outside and the container has none (`no-way-out`).
 */
export type RoutingProblem =
  | { readonly kind: 'bridge-missing' }
  | { readonly kind: 'bridge-down' }
  | { readonly kind: 'no-gateway-address'; readonly gateway: string }
  | { readonly kind: 'pool-elsewhere'; readonly route: ChosenRoute }
  | { readonly kind: 'pool-discarded'; readonly to: string; readonly type: string }
  | { readonly kind: 'no-bridge-route'; readonly to: string }
  | { readonly kind: 'no-way-out'; readonly error: string; readonly table: string | null };

/** A problem of one network, at most one for each; `replica` is the container whose routes were asked for. */
export type RoutingFault = {
  readonly network: string;
  readonly bridge: string;
  readonly replica: string;
  readonly problem: RoutingProblem;
};

export type RoutingFaults = {
  readonly list: readonly RoutingFault[];
  /** Networks with a container whose routes were asked for. */
  readonly networks: readonly string[];
  /** Whether this host itself has a route to the outside. */
  readonly hostHasWayOut: boolean;
  /** Networks whose packets to the outside take another route than those of this host, such as a VPN. */
  readonly otherWayOut: readonly DifferentRoutes[];
};

/** The two routes to the outside: that of a network's containers, and that of this host. */
export type DifferentRoutes = { readonly network: string; readonly route: ChosenRoute; readonly host: ChosenRoute };

/** The faults of bridges and routes of networks in which a container runs on this host. */
export const routingFaults = derive({
  name: 'jaco.routing-faults',
  where: 'node',
  from: { kernel: kernelRoutes, containers: localContainers },
  derive({ kernel, containers }) {
    const own = kernel.routes.find(({ to, forwarded }) => to === EXTERNAL_ADDRESS && forwarded === null);
    const hostHasWayOut = own?.kind === 'route' && own.type === 'unicast';
    const first = new Map<string, LocalContainer>();
    for (const one of containers.list) if (!first.has(one.network)) first.set(one.network, one);
    const asked = [...first.values()].filter(({ ip }) => kernel.routes.some(({ to }) => to === ip));
    return value<RoutingFaults>({
      list: asked.flatMap((container) => {
        const { network, bridge, replica } = container;
        const problem = bridgeProblem(container, kernel.links) ?? routeProblem(container, kernel.routes, hostHasWayOut);
        return problem === null ? [] : [{ network, bridge, replica, problem }];
      }),
      networks: asked.map(({ network }) => network),
      hostHasWayOut,
      otherWayOut: asked.flatMap(({ network, ip }) => {
        const out = routesOut(kernel.routes, ip);
        if (sharesRouter(out)) return [];
        const [route, host] = [out.container, out.host].map((one) => (one === undefined ? null : chosenRoute(one)));
        return route?.type === 'unicast' && host?.type === 'unicast' ? [{ network, route, host }] : [];
      }),
    });
  },
});

function bridgeProblem(
  { bridge, gateway }: LocalContainer,
  links: readonly { readonly name: string; readonly up: boolean; readonly addresses: readonly string[] }[],
): RoutingProblem | null {
  const link = links.find(({ name }) => name === bridge);
  if (link === undefined) return { kind: 'bridge-missing' };
  if (!link.up) return { kind: 'bridge-down' };
  return link.addresses.includes(gateway) ? null : { kind: 'no-gateway-address', gateway };
}

function routeProblem(
  { ip, bridge, gateway }: LocalContainer,
  routes: readonly KernelRoute[],
  hostHasWayOut: boolean,
): RoutingProblem | null {
  const inward = routes.find(({ to, forwarded }) => to === ip && forwarded === null);
  if (inward?.kind === 'error') {
    const type = discardingType(inward.error);
    return type === null ? { kind: 'no-bridge-route', to: ip } : { kind: 'pool-discarded', to: ip, type };
  }
  const { host: own, container: outward } = routesOut(routes, ip);
  if (inward !== undefined && own?.kind === 'route' && own.gateway !== null && isSameWay(inward, own))
    return { kind: 'no-bridge-route', to: ip };
  if (inward !== undefined && (inward.dev !== bridge || inward.type !== 'unicast'))
    return {
      kind: 'pool-elsewhere',
      route: { to: ip, dev: inward.dev, gateway: inward.gateway, table: inward.table, type: inward.type },
    };
  // A rule may choose another table for packets that already have the address of the gateway, such as its answers.
  const answer = routes.find(({ to, source }) => to === ip && source === gateway);
  const to = `${ip} from ${gateway}`;
  if (answer?.kind === 'error') {
    const type = discardingType(answer.error);
    if (type !== null) return { kind: 'pool-discarded', to, type };
  }
  if (answer?.kind === 'route' && (answer.dev !== bridge || answer.type !== 'unicast'))
    return {
      kind: 'pool-elsewhere',
      route: { to, dev: answer.dev, gateway: answer.gateway, table: answer.table, type: answer.type },
    };
  if (!hostHasWayOut || outward === undefined) return null;
  if (outward.kind === 'error') return { kind: 'no-way-out', error: outward.error, table: null };
  return outward.type === 'unicast' ? null : { kind: 'no-way-out', error: outward.type, table: outward.table };
}

type Route = Extract<KernelRoute, { kind: 'route' }>;

function isSameWay(one: Route, other: Route): boolean {
  return one.dev === other.dev && one.gateway === other.gateway && one.table === other.table;
}

/** The type of the route for which the kernel returns this error; null if there is no route. */
export function discardingType(error: string): string | null {
  if (error === 'Invalid argument') return 'blackhole';
  if (error === 'No route to host') return 'unreachable';
  return error === 'Permission denied' ? 'prohibit' : null;
}

/** The kernel's route, including one that discards the packets; null if there is none. */
export function chosenRoute(route: KernelRoute): ChosenRoute | null {
  const { to } = route;
  if (route.kind === 'route') {
    const { dev, gateway, table, type } = route;
    return { to, dev, gateway, table, type };
  }
  const type = discardingType(route.error);
  return type === null ? null : { to, dev: null, gateway: null, table: null, type };
}
