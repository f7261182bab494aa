import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { covers, ipv4, prefix, type Range, rangeOf, rangeText } from '../../host/ipv4.ts';
import { jacodConfig } from '../daemon/jacod-config.ts';
import { localNode } from '../raft/local-node.ts';
import { deployments } from '../runtime/deployments.ts';
import { placedReplicas } from '../runtime/placed-replicas.ts';
import type { Replica } from '../runtime/replica-fact.ts';
import { HEALTH_FRESH_MS } from '../timing.ts';

/** A replica on another node that containers of its deployment on this node need to reach. */
export type RemoteReplica = {
  readonly host: string;
  readonly deployment: string;
  /** Docker's name of the network of both. */
  readonly network: string;
  readonly service: string;
  readonly ip: string;
  /** The address at which JACO's resolver listens on that node for the network of this replica. */
  readonly gateway: string;
  /** Since when both ends are running, ms since the epoch; null if unknown. */
  readonly sinceMs: number | null;
};

export type SpanningReplicas = {
  /** At most one for each node and network. */
  readonly remotes: readonly RemoteReplica[];
};

const MAX_REMOTES = 32;

/**
 * Replicas on other nodes of deployments that also run here. Only recent reports count: a dead node is reported by
 * another check.
 */
export const spanningReplicas = derive({
  name: 'jaco.spanning',
  where: 'node',
  from: { replicas: placedReplicas, deployments, host: localNode, config: attempt(jacodConfig) },
  derive({ replicas, deployments, host, config }, now) {
    const pool = rangeOf(factOf(config)?.settings?.ipamPool ?? '');
    const known = new Set(deployments.list.map(({ name }) => name));
    const running = replicas.rows.filter(
      ({ deployment, state, lastHealthAtMs }) =>
        known.has(deployment) &&
        state === 'running' &&
        lastHealthAtMs !== null &&
        now - lastHealthAtMs < HEALTH_FRESH_MS,
    );
    // The longest running of each, because a younger one may have no route yet.
    running.sort((one, other) => (one.startedAtMs ?? 0) - (other.startedAtMs ?? 0));
    const hereSince = new Map<string, number>();
    for (const { host: at, ips, startedAtMs } of running)
      for (const network of at === host.hostname ? Object.keys(ips) : [])
        if (!hereSince.has(network)) hereSince.set(network, startedAtMs ?? 0);
    const remotesByKey = new Map<string, RemoteReplica>();
    for (const row of running)
      for (const [network, ip] of row.host === host.hostname ? [] : Object.entries(row.ips)) {
        const key = `${row.host} ${network}`;
        const ownMs = hereSince.get(network);
        const remote = ownMs === undefined || remotesByKey.has(key) ? null : remoteOf(row, network, ip, ownMs, pool);
        if (remote !== null) remotesByKey.set(key, remote);
      }
    return value<SpanningReplicas>({ remotes: [...remotesByKey.values()].slice(0, MAX_REMOTES) });
  },
});

/**
 * A container may be on a foreign network, whose addresses are reachable only on its own node
 * (docs/jaco-daemon/runtime.md#foreign-network).
 */
function remoteOf(
  { host, deployment, service, startedAtMs }: Replica,
  network: string,
  ip: string,
  ownMs: number,
  pool: Range | null,
): RemoteReplica | null {
  const address = ipv4(ip);
  if (host === null || (address !== null && pool !== null && !covers([pool], [address, address]))) return null;
  const [first] = address === null ? [] : ((prefix(address, 24) as Range) ?? []);
  if (first === undefined) return null;
  const gateway = rangeText([first + 1, first + 1]);
  const sinceMs = Math.max(startedAtMs ?? 0, ownMs) || null;
  return { host, deployment, network, service, ip, gateway, sinceMs };
}
