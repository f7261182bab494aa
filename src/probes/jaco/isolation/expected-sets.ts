import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { type FirewallLines, firewallLines } from '../journal/firewall-lines.ts';
import { type DockerUnavailable, localNetworks } from '../network/local-networks.ts';
import { maySetBelongTo, POOL_SET, setName } from '../network/set-name.ts';
import { localNode } from '../raft/local-node.ts';
import { stableStatus } from '../raft/stable-status.ts';
import { deletedDeployments } from '../runtime/deleted-deployments.ts';
import { deploymentEvents } from '../runtime/deployment-events.ts';
import { deployments } from '../runtime/deployments.ts';
import type { Replica } from '../runtime/replica-fact.ts';
import { replicas } from '../runtime/replicas.ts';
import { isWithinReconcile } from '../timing.ts';

/**
 * The expected sets of JACO's table. No RPC lists the networks of the cluster, but Docker shows those of this host, and
 * replicas show those of all nodes.
 */
export type ExpectedSets = {
  /** Sets that must exist, sorted. */
  readonly wanted: readonly string[];
  /**
   * Deployments that may have more sets: a network that left a deployment keeps its set
   * (docs/jaco-daemon/runtime.md#subnet-leak), and a deployment that was deleted may still have its sets.
   */
  readonly deployments: readonly string[];
  /** Networks that are too young to have a set. */
  readonly young: readonly { readonly name: string; readonly set: string }[];
  /** Why the sets that only Docker shows are unknown; null if Docker was read. */
  readonly docker: DockerUnavailable | null;
};

/** The expected sets: those of subnets of members. Refuses if the deployments are unknown. */
export const expectedSets = derive({
  name: 'jaco.wanted-sets',
  where: 'node',
  from: {
    deployments,
    networks: attempt(localNetworks),
    replicas: attempt(replicas),
    events: attempt(deploymentEvents),
    past: attempt(deletedDeployments),
    settled: attempt(stableStatus),
    host: localNode,
    lines: firewallLines,
  },
  derive({ deployments, networks, replicas, events, past, settled, host, lines }, now) {
    const members = new Map(
      (factOf(settled)?.last.nodes ?? []).map(({ hostname, joinedAtMs }) => [hostname, joinedAtMs]),
    );
    const known = new Set(deployments.list.map(({ name }) => name));
    const networkFact = factOf(networks);
    const local = networkFact?.list ?? [];
    // Remains of a deleted deployment need no set.
    const rows = (factOf(replicas)?.rows ?? []).filter(({ deployment }) => known.has(deployment));
    // A subnet that was allocated again after the delete stays, however long ago the delete was
    // (docs/jaco-daemon/runtime.md#subnet-leak). The daemon removes a set that is not in its view.
    const deleted = new Set([
      ...(factOf(past)?.names ?? []),
      ...(factOf(events)?.events ?? []).flatMap(({ kind, deployment }) => (kind === 'delete' ? [deployment] : [])),
    ]);
    const sets = new Set<string>();
    const isExpected = ({ set, sinceMs, host: carrier }: NetworkUse) =>
      isSubnetKept(members, carrier, sinceMs) &&
      !isWithinReconcile(sinceMs, now) &&
      !wasRemovedByDaemon(set, sinceMs, lines);
    for (const { set, createdAtMs } of local)
      if (isExpected({ set, sinceMs: createdAtMs, host: host.hostname })) sets.add(set);
    // One use is enough, and a set may have thousands of replicas.
    for (const use of rows.flatMap(usesBy())) if (!sets.has(use.set) && isExpected(use)) sets.add(use.set);
    return value<ExpectedSets>({
      wanted: [...sets, ...(sets.size > 0 ? [POOL_SET] : [])].sort(),
      deployments: [...new Set([...known, ...deleted])],
      young: local
        .filter(({ createdAtMs }) => isWithinReconcile(createdAtMs, now))
        .map(({ name, set }) => ({ name, set })),
      docker: networkFact?.docker ?? null,
    });
  },
});

/** A network that is used on a host, and since when at least (ms since the epoch). */
type NetworkUse = { readonly set: string; readonly sinceMs: number | null; readonly host: string | null };

/** A replica that has run for a while is on networks that were allocated for it, on any host. */
function usesBy(): (replica: Replica) => readonly NetworkUse[] {
  const known = new Map<string, string>();
  return ({ deployment, state, startedAtMs, ips, host }) => {
    if (state !== 'running' || startedAtMs === null) return [];
    const prefix = `jaco_${deployment}_`;
    return Object.keys(ips)
      .filter((name) => name.startsWith(prefix))
      .map((name) => {
        const key = `${prefix} ${name}`;
        const set = known.get(key) ?? setName(deployment, name.slice(prefix.length));
        known.set(key, set);
        return { set, sinceMs: startedAtMs, host };
      });
  };
}

/**
 * Whether the subnet of a network on a host is still allocated. The removal of a node frees its subnets
 * (docs/jaco-daemon/isolation.md#ruleset), but its rows and networks remain, even if it joins again.
 */
function isSubnetKept(
  members: ReadonlyMap<string, number | null>,
  host: string | null,
  sinceMs: number | null,
): boolean {
  if (host === null) return false;
  const joinedAtMs = members.get(host);
  return joinedAtMs !== undefined && (joinedAtMs === null || sinceMs === null || sinceMs >= joinedAtMs);
}

/** Whether the daemon's last message about a set, since the network is in use, is that it is superfluous. */
function wasRemovedByDaemon(set: string, sinceMs: number | null, { applied }: FirewallLines): boolean {
  const last = applied.findLast(({ text }) => text.split(',').some((one) => one.endsWith(`:set:${set}`)));
  if (last === undefined || (sinceMs ?? 0) >= last.atMs) return false;
  return last.text.split(',').includes(`extra:set:${set}`);
}

/** Whether a set that is not required may exist. */
export function mayBeExpected({ deployments: names }: Pick<ExpectedSets, 'deployments'>): (set: string) => boolean {
  return (set) => (set === POOL_SET ? names.length > 0 : names.some((name) => maySetBelongTo(set, name)));
}
