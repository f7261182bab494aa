import { compareText } from '../../../engine/text.ts';
import type { Deployment } from './deployments.ts';
import type { ObservedReplica } from './observed-replica.ts';
import type { Replica } from './replica-fact.ts';
import { desiredIds, ownerOf, type ReplicaOwner } from './replica-owner.ts';

/**
 * Rows as GetReplicas would list them, from Deploy.Status (docs/jaco-daemon/releases.md#old-replica-lists). A replica
 * that was never reported has no row there, so it is added for each service with a known number of replicas. For a
 * service that is scheduled on each node, its replicas are unknown. `onlyMember` is the host of a cluster of one.
 */
export function rowsOfStatus(
  deployments: readonly Deployment[],
  observed: readonly ObservedReplica[],
  onlyMember: string | null,
): readonly Replica[] {
  const stored = new Map(deployments.map((one) => [one.name, one]));
  const reported = observed.map((one) => reportedRow(one, ownerOf(one.id, one.deployment, stored), onlyMember));
  const ids = new Set(observed.map(({ id }) => id));
  return [
    ...reported,
    ...deployments
      .filter(({ status }) => status === 'active')
      .flatMap((one) => desiredIds(one, []))
      .filter(({ id }) => !ids.has(id))
      .map((wanted): Replica => ({ ...UNREPORTED, ...wanted, host: onlyMember })),
  ].sort(compareReplicas);
}

/** Field by field, because a rest pattern makes slow objects, which matters for 10,000 rows. */
function reportedRow(one: ObservedReplica, owner: ReplicaOwner, onlyMember: string | null): Replica {
  return {
    id: one.id,
    deployment: owner.deployment,
    service: owner.service,
    host: one.host ?? onlyMember,
    image: imageOf(one.reason),
    revision: null,
    state: one.state,
    code: one.code,
    message: one.message,
    reason: one.reason,
    exitCode: one.exitCode,
    network: one.network,
    containerId: one.containerId,
    ips: one.ips,
    startedAtMs: one.startedAtMs,
    lastHealthAtMs: one.lastHealthAtMs,
    dependsOn: [],
  };
}

const UNREPORTED = {
  image: null,
  revision: null,
  state: 'none',
  code: '',
  message: null,
  reason: null,
  exitCode: null,
  network: null,
  containerId: '',
  ips: {},
  startedAtMs: null,
  lastHealthAtMs: null,
  dependsOn: [],
} as const satisfies Partial<Replica>;

/** The reason of a failed pull begins with the image. */
function imageOf(reason: string | null): string | null {
  return /^(\S+): /.exec(reason ?? '')?.[1] ?? null;
}

/** The order of GetReplicas. Ids of one service differ in length before they differ in their index. */
export function compareReplicas(a: Replica, b: Replica): number {
  return (
    compareText(a.deployment, b.deployment) ||
    compareText(a.service, b.service) ||
    a.id.length - b.id.length ||
    compareText(a.id, b.id)
  );
}
