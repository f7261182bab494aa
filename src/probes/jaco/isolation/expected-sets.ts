import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { localNetworks } from '../network/local-networks.ts';
import { maySetBelongTo, POOL_SET, setName } from '../network/set-name.ts';
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

/** Which sets there should be. Refuses where the deployments are not known. */
export const expectedSets = derive({
  name: 'jaco.wanted-sets',
  where: 'node',
  from: {
    deployments,
    networks: attempt(localNetworks),
    replicas: attempt(replicas),
    events: attempt(deploymentEvents),
  },
  derive({ deployments, networks, replicas, events }, now) {
    const known = new Set(deployments.list.map(({ name }) => name));
    const networkFact = factOf(networks);
    const local = networkFact?.list ?? [];
    // What is left of a deleted deployment wants nothing.
    const rows = (factOf(replicas)?.rows ?? []).filter(({ deployment }) => known.has(deployment));
    const deleted = (factOf(events)?.events ?? []).filter(
      ({ kind, atMs }) => kind === 'delete' && isWithinReconcile(atMs, now),
    );
    const old = local.filter(({ createdAtMs }) => !isWithinReconcile(createdAtMs, now));
    const sets = new Set([...old.map(({ set }) => set), ...rows.flatMap((row) => setsOf(row, now))]);
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

/** A replica that has run for a while hangs on networks that were given out for it, on whatever host. */
function setsOf({ deployment, state, startedAtMs, ips }: Replica, now: number): readonly string[] {
  if (state !== 'running' || startedAtMs === null || isWithinReconcile(startedAtMs, now)) return [];
  const prefix = `jaco_${deployment}_`;
  return Object.keys(ips)
    .filter((name) => name.startsWith(prefix))
    .map((name) => setName(deployment, name.slice(prefix.length)));
}

/** Whether a set that need not be there may be all the same. */
export function mayBeExpected({ deployments: names }: Pick<ExpectedSets, 'deployments'>): (set: string) => boolean {
  return (set) => (set === POOL_SET ? names.length > 0 : names.some((name) => maySetBelongTo(set, name)));
}
