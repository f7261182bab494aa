import { isIPv4 } from 'node:net';
import { factOf, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { type KernelRoute, type Link, queryRoutes, type RouteQuery, readLinks } from '../../host/kernel-routes.ts';
import { readText } from '../../io/files.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../jaco-probe.ts';
import { type PeerTargets, peerTargets } from '../raft/peer-targets.ts';
import { localContainers } from './local-containers.ts';
import { spanningReplicas } from './spanning-replicas.ts';

/** The kernel's routing of packets of JACO's networks. */
export type KernelRoutes = {
  readonly links: readonly Link[];
  readonly routes: readonly KernelRoute[];
  /** Whether IP rules also apply to traffic within a bridge (bridge-nf-call-iptables); false without the module. */
  readonly filtersBridged: boolean;
  /**
   * The next router of this host on its route to the outside; null if there is no such route, or if the route has no
   * router.
   */
  readonly nextHop: string | null;
};

/** A public address to which nothing is sent: the kernel is only asked for the route. */
export const EXTERNAL_ADDRESS = '93.184.215.14';
const BRIDGE_FILTER = '/proc/sys/net/bridge/bridge-nf-call-iptables';
const MAX_CONTAINERS = 20;
const MAX_REMOTES = 8;
const MAX_PEERS = 8;

/**
 * Asks the kernel for the routes to containers, from containers to the outside and to other nodes, and from this host
 * to the outside and to members.
 */
export const kernelRoutes = probe({
  name: 'jaco.kernel-routes',
  observes: 'host',
  after: {
    network: daemonNetwork,
    containers: localContainers,
    spanning: attempt(spanningReplicas),
    peers: attempt(peerTargets),
  },
  deadlineMs: 2_500,
  async collect(io, { containers, spanning, peers }, signal): Promise<Result<KernelRoutes>> {
    const remotes = spanning.kind === 'value' ? spanning.value.remotes : [];
    const chosen = containers.list.slice(0, MAX_CONTAINERS);
    const questions: RouteQuery[] = [
      { to: EXTERNAL_ADDRESS, forwarded: null },
      ...peerHosts(factOf(peers)).map((to) => ({ to, forwarded: null })),
      ...chosen.flatMap(({ ip, bridge, network, gateway }) => {
        const forwarded = { from: ip, iif: bridge };
        const elsewhere = remotes.filter((remote) => remote.network === network).slice(0, MAX_REMOTES);
        return [
          { to: ip, forwarded: null },
          { to: ip, source: gateway, forwarded: null },
          { to: EXTERNAL_ADDRESS, forwarded },
          ...elsewhere.map((remote) => ({ to: remote.ip, forwarded })),
        ];
      }),
    ];
    io.phase('ip');
    const [links, routes, bridgeFilter] = await Promise.all([
      readLinks(signal),
      queryRoutes(questions, signal),
      readText(BRIDGE_FILTER),
    ]);
    if (links.kind !== 'value') return links;
    if (routes.kind !== 'value') return routes;
    const outside = routes.value.find(({ to, forwarded }) => to === EXTERNAL_ADDRESS && forwarded === null);
    return value({
      links: links.value,
      routes: routes.value,
      filtersBridged: bridgeFilter.kind === 'text' && bridgeFilter.text.trim() === '1',
      nextHop: outside?.kind === 'route' ? outside.gateway : null,
    });
  },
});

/** IPv4 addresses of other members, each once. */
function peerHosts(peers: PeerTargets | null): readonly string[] {
  const hosts = (peers?.targets ?? []).slice(0, MAX_PEERS).flatMap(({ raftAddress, grpcAddress }) => {
    const [host = ''] = (raftAddress ?? grpcAddress).split(':');
    return isIPv4(host) ? [host] : [];
  });
  return [...new Set(hosts)];
}

/** The kernel's routes to the outside: for packets of this host, and for those of a container. */
export type RoutesOut = { readonly host: KernelRoute | undefined; readonly container: KernelRoute | undefined };

/** The routes to the outside of this host and of the container with this address; undefined if not asked for. */
export function routesOut(routes: readonly KernelRoute[], ip: string): RoutesOut {
  const out = routes.filter(({ to }) => to === EXTERNAL_ADDRESS);
  return {
    host: out.find(({ forwarded }) => forwarded === null),
    container: out.find(({ forwarded }) => forwarded?.from === ip),
  };
}

/** Whether both leave through one interface and router. True if one of them is unknown or an error. */
export function sharesRouter({ host, container }: RoutesOut): boolean {
  if (host?.kind !== 'route' || container?.kind !== 'route') return true;
  return host.dev === container.dev && host.gateway === container.gateway;
}
