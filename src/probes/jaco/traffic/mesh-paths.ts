import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { covers, ipv4 } from '../../host/ipv4.ts';
import type { KernelRoute } from '../../host/kernel-routes.ts';
import { crossNode, type NodeReachability } from '../network/cross-node.ts';
import { type KernelRoutes, kernelRoutes } from '../network/kernel-routes.ts';
import { MESH_INTERFACE } from '../network/mesh/mesh-address.ts';
import { type MeshInterface, meshInterface } from '../network/mesh-interface.ts';
import { type ChosenRoute, chosenRoute } from '../network/routing-faults.ts';
import { stoppedForwarding } from '../network/stopped-forwarding.ts';
import { placedReplicas } from '../runtime/placed-replicas.ts';
import type { Replica } from '../runtime/replica-fact.ts';
import { HEALTH_FRESH_MS, MESH_HANDSHAKE_MS } from '../timing.ts';
import type { ExplainedFlow } from './explained-flow.ts';
import { explainedTraffic } from './explained-traffic.ts';
import type { Flow } from './flow.ts';
import type { NamedRule } from './named-rule.ts';
import { remoteReplicas } from './remote-replicas.ts';
import { traffic } from './traffic.ts';

/**
 * The obstacle for packets to another node, as far as this host shows it: its mesh interface, the kernel's route, a
 * rule that surely drops them, the tunnel, chains that may drop them (`possible-rule`), rules that set a mark or the
 * like (`changed`), or nothing known.
 */
export type Obstacle =
  | {
      readonly kind:
        | 'no-interface'
        | 'interface-down'
        | 'rule'
        | 'no-peer'
        | 'no-handshake'
        | 'possible-rule'
        | 'unknown';
    }
  | { readonly kind: 'route'; readonly route: ChosenRoute }
  | { readonly kind: 'changed'; readonly by: readonly NamedRule[] }
  | { readonly kind: 'no-route'; readonly error: string };

/** The result for the packets. `host-unreachable`: the other node answers that its container is unreachable. */
export type MeshOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'host-unreachable' }
  | { readonly kind: 'lost'; readonly obstacle: Obstacle };

/**
 * The path from this node to one other node, on one network. It is measured from inside a container or, without one,
 * from this host.
 */
export type MeshPath = {
  readonly node: string;
  readonly network: string;
  readonly deployment: string;
  /** Since when both ends are running, ms since the epoch; null if unknown. */
  readonly sinceMs: number | null;
  readonly outcome: MeshOutcome;
} & (
  | { readonly from: 'container'; readonly flows: readonly Flow[] }
  | { readonly from: 'host'; readonly crossing: NodeReachability }
);

export type MeshPaths = { readonly list: readonly MeshPath[] };

/** A node reports an unreachable container only after its ARP request has timed out, in ms; a rule refuses at once. */
const NEIGHBOUR_MS = 200;

type Evidence = {
  readonly rows: readonly ExplainedFlow[];
  readonly mesh: MeshInterface | null;
  readonly kernel: KernelRoutes | null;
  readonly crossings: readonly NodeReachability[];
  /** Whether the kernel does not forward for containers, so that only this host's own packets tell of the mesh. */
  readonly stopped: boolean;
  readonly now: number;
};

/** The paths to other nodes on which deployments of this node depend, and their obstacles. */
export const meshPaths = derive({
  name: 'jaco.mesh-paths',
  where: 'node',
  from: {
    replicas: placedReplicas,
    traffic: attempt(traffic),
    again: attempt(remoteReplicas),
    explained: attempt(explainedTraffic),
    crossing: attempt(crossNode),
    mesh: attempt(meshInterface),
    kernel: attempt(kernelRoutes),
    forwarding: attempt(stoppedForwarding),
  },
  derive({ replicas, traffic, again, explained, crossing, mesh, kernel, forwarding }, now) {
    const stopped = factOf(forwarding);
    const crossings = factOf(crossing)?.crossings ?? [];
    const evidence: Evidence = {
      rows: factOf(explained)?.list ?? [],
      mesh: factOf(mesh),
      kernel: factOf(kernel),
      crossings,
      stopped: stopped !== null && (stopped.everywhere || stopped.interfaces.length > 0),
      now,
    };
    const unchanged = factOf(again)?.unchanged ?? null;
    const measured = measuredPaths(factOf(traffic)?.flows ?? [], replicas.rows, unchanged, evidence);
    const rest = crossings.filter(
      ({ host, network }) => !measured.some((path) => path.node === host && path.network === network),
    );
    return value<MeshPaths>({ list: [...measured, ...rest.map((one) => pathFromHost(one, evidence))] });
  },
});

type PlacedReplica = Replica & { readonly host: string };

function isPlaced(row: Replica): row is PlacedReplica {
  return row.host !== null;
}

function measuredPaths(
  flows: readonly Flow[],
  rows: readonly Replica[],
  unchanged: readonly string[] | null,
  evidence: Evidence,
): readonly MeshPath[] {
  const byPath = new Map<string, { readonly row: PlacedReplica; readonly network: string; readonly flows: Flow[] }>();
  for (const flow of flows) {
    const { kind, network, outcome, target } = flow;
    if (kind !== 'remote' || network === null || outcome.kind === 'not-measured') continue;
    const row = rows.filter(isPlaced).find(({ ips }) => ips[network] === target.host);
    if (row === undefined) continue;
    // The silence of a replica that ended meanwhile, or has no recent report, says nothing about the path to it.
    const isFresh = row.lastHealthAtMs !== null && evidence.now - row.lastHealthAtMs < HEALTH_FRESH_MS;
    const isSilent = outcome.kind === 'lost' && (!isFresh || unchanged?.includes(row.id) === false);
    if (isSilent || (outcome.kind === 'lost' && evidence.stopped)) continue;
    const key = `${row.host} ${network}`;
    const path = byPath.get(key) ?? { row, network, flows: [] };
    path.flows.push(flow);
    byPath.set(key, path);
  }
  return [...byPath.values()].map(({ row: { host, deployment }, network, flows }): MeshPath => {
    const since = flows.map(({ sinceMs }) => sinceMs ?? 0);
    return {
      node: host,
      network,
      deployment,
      sinceMs: Math.max(...since) || null,
      outcome: outcomeOf(host, network, flows, evidence),
      from: 'container',
      flows,
    };
  });
}

/** One replica that answers proves the path; a refusal by a rule on this host does not. */
function outcomeOf(node: string, network: string, flows: readonly Flow[], evidence: Evidence): MeshOutcome {
  const explained = flows.map((flow) => evidence.rows.find((row) => row.measured && row.flow === flow));
  const hasPassed = flows.some(
    ({ outcome }, at) =>
      (outcome.kind === 'passed' && explained[at] === undefined) ||
      (outcome.kind === 'lost' && outcome.openPorts.length > 0),
  );
  if (hasPassed) return { kind: 'passed' };
  const isUnreachable = flows.some(
    ({ outcome }) =>
      outcome.kind === 'lost' &&
      outcome.reply.kind === 'rejected' &&
      outcome.reply.code === 'EHOSTUNREACH' &&
      outcome.reply.ms >= NEIGHBOUR_MS,
  );
  const drops = explained.flatMap((row) => (row === undefined ? [] : [row.explanation]));
  const isGatewayReached = evidence.crossings.some(
    (one) => one.host === node && one.network === network && one.reached,
  );
  if (isUnreachable && isGatewayReached && !drops.some(({ kind }) => kind === 'dropped'))
    return { kind: 'host-unreachable' };
  const [first] = flows;
  return { kind: 'lost', obstacle: obstacleOf(first?.target.host ?? '', drops, evidence) };
}

function pathFromHost(crossing: NodeReachability, evidence: Evidence): MeshPath {
  const { host, network, deployment, sinceMs, ip, reached } = crossing;
  const outcome: MeshOutcome = reached ? { kind: 'passed' } : { kind: 'lost', obstacle: obstacleOf(ip, [], evidence) };
  return { node: host, network, deployment, sinceMs, outcome, from: 'host', crossing };
}

function obstacleOf(
  ip: string,
  explanations: readonly ExplainedFlow['explanation'][],
  { mesh, kernel, stopped, now }: Evidence,
): Obstacle {
  if (mesh !== null && mesh.interface === null) return { kind: 'no-interface' };
  if (mesh?.interface?.up === false) return { kind: 'interface-down' };
  const route = routeTo(ip, kernel, stopped);
  if (route !== undefined) {
    const taken = chosenRoute(route);
    if (taken === null) return { kind: 'no-route', error: route.kind === 'error' ? route.error : '' };
    if (taken.dev !== MESH_INTERFACE || taken.type !== 'unicast') return { kind: 'route', route: taken };
  }
  if (explanations.some(({ kind }) => kind === 'dropped')) return { kind: 'rule' };
  if (mesh?.peers) {
    const address = ipv4(ip) ?? 0;
    const peer = mesh.peers.find(({ allowed }) => covers(allowed, [address, address]));
    if (peer === undefined) return { kind: 'no-peer' };
    if (peer.handshakeAtMs === null || now - peer.handshakeAtMs > MESH_HANDSHAKE_MS) return { kind: 'no-handshake' };
  }
  const open = explanations.flatMap((one) => (one.kind === 'unexplained' ? [one] : []));
  if (open.some(({ candidates }) => candidates.length > 0)) return { kind: 'possible-rule' };
  const by = open.flatMap(({ changedBy = [] }) => changedBy);
  return by.length > 0 ? { kind: 'changed', by } : { kind: 'unknown' };
}

/**
 * The kernel's route from a container on this host to a node's subnet. It was asked for one address, which represents
 * the subnet. If the kernel does not forward, it has no such route, even if its tables list one.
 */
function routeTo(ip: string, kernel: KernelRoutes | null, stopped: boolean): KernelRoute | undefined {
  const routes = (kernel?.routes ?? []).filter((one) => (one.forwarded === null) === stopped);
  const subnet = ip.replace(/\d+$/, '');
  return routes.find(({ to }) => to === ip) ?? routes.find(({ to }) => to.startsWith(subnet));
}
