import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { type FirewallLines, firewallLines } from '../journal/firewall-lines.ts';
import { localNetworks } from '../network/local-networks.ts';
import { maySetBelongTo, POOL_SET, setName } from '../network/set-name.ts';
import { localNode } from '../raft/local-node.ts';
import { stableStatus } from '../raft/stable-status.ts';
import { deploymentEvents } from '../runtime/deployment-events.ts';
import { deployments } from '../runtime/deployments.ts';
import type { Replica } from '../runtime/replica-fact.ts';
import { replicas } from '../runtime/replicas.ts';
import { isWithinReconcile } from '../timing.ts';

/**
 * The sets of JACO's table as far as they can be told from outside: no answer lists the networks of the cluster, but Docker
 * shows those of this host and the replicas those of all.
 */
export type ExpectedSets = {
  /** Those that must be there, sorted. */
  readonly wanted: readonly string[];
  /**
   * Deployments that may have more: a network that left one keeps its set (docs/jaco-daemon/runtime.md#subnet-leak),
   * and one just deleted has them yet.
   */
  readonly deployments: readonly string[];
  /** Networks so young that their set is still to come. */
  readonly young: readonly { readonly name: string; readonly set: string }[];
  /** What only Docker would have shown is missing, and why; null where it was seen. */
  readonly dockerUnseen: string | null;
  readonly dockerRoot: string | null;
};

/** Which sets there should be: those of subnets of members. Refuses where the deployments are not known. */
export const expectedSets = derive({
  name: 'jaco.wanted-sets',
  where: 'node',
  from: {
    deployments,
    networks: attempt(localNetworks),
    replicas: attempt(replicas),
    events: attempt(deploymentEvents),
    settled: attempt(stableStatus),
    host: localNode,
    lines: firewallLines,
  },
  derive({ deployments, networks, replicas, events, settled, host, lines }, now) {
    const members = new Map(
      (factOf(settled)?.last.nodes ?? []).map(({ hostname, joinedAtMs }) => [hostname, joinedAtMs]),
    );
    const known = new Set(deployments.list.map(({ name }) => name));
    const networkFact = factOf(networks);
    const local = networkFact?.list ?? [];
    // What is left of a deleted deployment wants nothing.
    const rows = (factOf(replicas)?.rows ?? []).filter(({ deployment }) => known.has(deployment));
    const deleted = (factOf(events)?.events ?? []).filter(
      ({ kind, atMs }) => kind === 'delete' && isWithinReconcile(atMs, now),
    );
    const inUse = [
      ...local.map(({ set, createdAtMs }) => ({ set, sinceMs: createdAtMs, host: host.hostname })),
      ...rows.flatMap(setsOf),
    ];
    const sets = new Set(
      inUse
        .filter(
          ({ host: carrier, sinceMs }) => isSubnetKept(members, carrier, sinceMs) && !isWithinReconcile(sinceMs, now),
        )
        .filter(({ set, sinceMs }) => !wasRemovedByDaemon(set, sinceMs, lines))
        .map(({ set }) => set),
    );
    return value<ExpectedSets>({
      wanted: [...sets, ...(sets.size > 0 ? [POOL_SET] : [])].sort(),
      deployments: [...known, ...deleted.map(({ deployment }) => deployment).filter((name) => !known.has(name))],
      young: local
        .filter(({ createdAtMs }) => isWithinReconcile(createdAtMs, now))
        .map(({ name, set }) => ({ name, set })),
      dockerUnseen: networkFact?.dockerUnseen ?? null,
      dockerRoot: networkFact?.dockerRoot ?? null,
    });
  },
});

/** A network that something uses on a host, since when at least (ms since the epoch). */
type NetworkUse = { readonly set: string; readonly sinceMs: number | null; readonly host: string | null };

/** A replica that has run for a while hangs on networks that were given out for it, on whatever host. */
function setsOf({ deployment, state, startedAtMs, ips, host }: Replica): readonly NetworkUse[] {
  if (state !== 'running' || startedAtMs === null) return [];
  const prefix = `jaco_${deployment}_`;
  return Object.keys(ips)
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ set: setName(deployment, name.slice(prefix.length)), sinceMs: startedAtMs, host }));
}

/**
 * Whether the subnet of a network on a host is still given out. The removal of a node frees its subnets
 * (docs/jaco-daemon/isolation.md#ruleset), while rows and networks of it remain, also when it joins again.
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

/** Whether the daemon's last word on a set, since the network is in use, is that it is one too many. */
function wasRemovedByDaemon(set: string, sinceMs: number | null, { applied }: FirewallLines): boolean {
  const last = applied.findLast(({ text }) => text.split(',').some((one) => one.endsWith(`:set:${set}`)));
  if (last === undefined || (sinceMs ?? 0) >= last.atMs) return false;
  return last.text.split(',').includes(`extra:set:${set}`);
}

/** Whether a set that need not be there may be all the same. */
export function mayBeExpected({ deployments: names }: Pick<ExpectedSets, 'deployments'>): (set: string) => boolean {
  return (set) => (set === POOL_SET ? names.length > 0 : names.some((name) => maySetBelongTo(set, name)));
}
