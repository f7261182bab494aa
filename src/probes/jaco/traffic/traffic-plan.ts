import { groupBy } from '../../../engine/group-by.ts';
import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { dockerContainers } from '../../docker/containers.ts';
import { ipv4HostPort } from '../../host/ipv4.ts';
import { jacodConfig } from '../daemon/jacod-config.ts';
import { CLOSED_PORT, DNS_PORT } from '../network/cross-node.ts';
import { kernelRoutes, routesOut, sharesRouter } from '../network/kernel-routes.ts';
import { type LocalContainer, localContainers } from '../network/local-containers.ts';
import { localNetworks } from '../network/local-networks.ts';
import { serviceNames } from '../network/service-names.ts';
import { EXTERNAL_NAME } from '../network/upstream-answers.ts';
import { upstreams } from '../network/upstreams.ts';
import { localNode } from '../raft/local-node.ts';
import { peerTargets } from '../raft/peer-targets.ts';
import { placedReplicas } from '../runtime/placed-replicas.ts';
import type { Replica } from '../runtime/replica-fact.ts';
import type { FlowKind, FlowTarget } from './flow.ts';
import { type OutsideTarget, outsideTargets } from './outside-targets.ts';

/** A flow before its measurement. It starts at the vantage under which it is listed. */
export type PlannedFlow = { readonly kind: FlowKind; readonly target: FlowTarget; readonly sinceMs: number | null };

/** A container from whose network namespace packets are sent, as an example of its whole network. */
export type PlannedVantage = {
  readonly container: LocalContainer;
  /** Another container of the network on this host, to which one of the flows leads. */
  readonly sibling: LocalContainer | null;
  readonly flows: readonly PlannedFlow[];
  /**
   * Whether its external packets leave through this host's own next router. Only then do they pass this host's
   * neighbours.
   */
  readonly sharesWayOut: boolean;
};

/** The flows to send, by their start. */
export type TrafficPlan = {
  readonly vantages: readonly PlannedVantage[];
  /** Sent from this host to containers and to other nodes. */
  readonly fromHost: readonly (PlannedFlow & { readonly network: string | null })[];
  /**
   * External hosts, still by name. Each is also asked from this host, so that its own silence is not blamed on a rule.
   */
  readonly outside: readonly OutsideTarget[];
  readonly nextHop: string | null;
  /** Networks that are not entered because there are too many, and those without a running container. */
  readonly notEntered: readonly string[];
  readonly withoutContainer: readonly string[];
};

/** Most networks that are entered. */
const MAX_NETWORKS = 8;
/**
 * Most other nodes that are asked for each network, and most replicas on each, because one of them may have just
 * stopped.
 */
const MAX_REMOTE_NODES = 8;
const MAX_REMOTES_EACH = 2;
const MAX_PEERS = 16;
/**
 * The maximum age of a health report of a replica that is asked, in ms. Its answer is proof, but its silence counts
 * only with a recent report.
 */
const PLAUSIBLE_MS = 30_000;

/**
 * Decides which flows are measured: one container for each network, the flows that its network needs, and the host's
 * own.
 */
export const trafficPlan = derive({
  name: 'jaco.traffic-plan',
  where: 'node',
  from: {
    local: localNetworks,
    containers: localContainers,
    all: attempt(dockerContainers),
    names: attempt(serviceNames),
    replicas: attempt(placedReplicas),
    host: localNode,
    upstreams: attempt(upstreams),
    config: attempt(jacodConfig),
    routes: attempt(kernelRoutes),
    peers: attempt(peerTargets),
  },
  derive({ local, containers: { list }, all, names, replicas, host, upstreams, config, routes, peers }, now) {
    const networks = [...new Map(list.map((one) => [one.network, one])).keys()];
    const entered = networks.slice(0, MAX_NETWORKS);
    const rows = (factOf(replicas)?.rows ?? []).filter(
      ({ state, lastHealthAtMs }) =>
        state === 'running' && lastHealthAtMs !== null && now - lastHealthAtMs < PLAUSIBLE_MS,
    );
    const hasUpstream = (factOf(upstreams)?.list.length ?? 0) > 0;
    const vantages = entered.flatMap((network): readonly PlannedVantage[] => {
      const [container, sibling] = list.filter((one) => one.network === network);
      if (container === undefined) return [];
      const own = (factOf(names)?.names ?? []).filter((name) => name.network === network);
      const service = own.find(({ behind }) => behind.some(({ elsewhere }) => !elsewhere))?.service ?? null;
      const remotes = remotesOn(network, rows, host.hostname);
      const question = (kind: FlowKind, protocol: 'tcp' | 'udp', asked: string): PlannedFlow => ({
        kind,
        target: { host: container.gateway, port: DNS_PORT, protocol, name: "JACO's resolver", question: asked },
        sinceMs: container.networkCreatedAtMs ?? container.createdAtMs,
      });
      return [
        {
          container,
          sibling: sibling ?? null,
          sharesWayOut: sharesRouter(routesOut(factOf(routes)?.routes ?? [], container.ip)),
          flows: [
            ...(service === null
              ? []
              : [question('resolver-udp', 'udp', service), question('resolver-tcp', 'tcp', service)]),
            ...(hasUpstream ? [question('outside-name', 'udp', EXTERNAL_NAME)] : []),
            ...(sibling === undefined
              ? []
              : [
                  closedPort(
                    'sibling',
                    sibling.ip,
                    sibling.replica,
                    Math.max(container.createdAtMs, sibling.createdAtMs),
                  ),
                ]),
            ...remotes.map((row) =>
              closedPort(
                'remote',
                row.ips[network] ?? '',
                `${row.id} on ${row.host}`,
                Math.max(container.createdAtMs, row.startedAtMs ?? 0),
              ),
            ),
          ],
        },
      ];
    });
    return value<TrafficPlan>({
      vantages,
      fromHost: [
        ...vantages.map(({ container }) => ({
          ...closedPort('container', container.ip, container.replica, container.createdAtMs),
          network: container.network,
        })),
        ...(factOf(peers)?.targets ?? [])
          .slice(0, MAX_PEERS)
          .flatMap(({ hostname, grpcAddress, raftAddress }) => [
            ...peerFlow('peer-control', hostname, grpcAddress),
            ...peerFlow('peer-raft', hostname, raftAddress),
          ]),
      ],
      outside: outsideTargets({
        upstreams: factOf(upstreams),
        // The row of a settled replica has no image; its container has.
        images: [...(factOf(replicas)?.rows ?? []), ...(factOf(all)?.list ?? [])].flatMap(({ image }) => image ?? []),
        config: factOf(config),
      }),
      nextHop: factOf(routes)?.nextHop ?? null,
      notEntered: networks.slice(MAX_NETWORKS),
      withoutContainer: local.list.map(({ name }) => name).filter((name) => !networks.includes(name)),
    });
  },
});

/** Replicas of a network on other nodes, some of each node. */
function remotesOn(network: string, rows: readonly Replica[], hostname: string): readonly Replica[] {
  const remote = rows.filter(({ host, ips }) => host !== null && host !== hostname && ips[network] !== undefined);
  const byNode = groupBy(remote, ({ host }) => host);
  return [...byNode.values()].slice(0, MAX_REMOTE_NODES).flatMap((each) => each.slice(0, MAX_REMOTES_EACH));
}

function closedPort(kind: FlowKind, host: string, name: string, sinceMs: number | null): PlannedFlow {
  return { kind, target: { host, port: CLOSED_PORT, protocol: 'tcp', name, question: null }, sinceMs };
}

function peerFlow(kind: FlowKind, hostname: string | null, address: string | null) {
  const place = ipv4HostPort(address ?? '');
  if (place === null) return [];
  const target: FlowTarget = { ...place, protocol: 'tcp', name: hostname ?? place.host, question: null };
  return [{ kind, target, sinceMs: null, network: null }];
}
