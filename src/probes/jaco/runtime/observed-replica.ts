import { clean } from '../../../engine/text.ts';
import type { ReplicaObserved } from '../../../wire/jaco.ts';
import { type ReplicaReport, replicaReport } from './replica-fact.ts';

/**
 * The last report about a replica in Deploy.Status. It names deployment and host only while the replica is not running;
 * v0.3.9 and later always name the host (docs/jaco-daemon/releases.md#old-replica-lists).
 */
export type ObservedReplica = ReplicaReport & {
  readonly id: string;
  readonly deployment: string | null;
  readonly host: string | null;
};

/** A report as a fact: bounded and cleaned. */
export function observedReplica(row: ReplicaObserved): ObservedReplica {
  const host = row.host || row.details['host'] || null;
  const deployment = row.details['deployment'] ?? null;
  return {
    id: clean(row.id, 253),
    deployment: deployment === null ? null : clean(deployment, 253),
    host: host === null ? null : clean(host, 253),
    ...replicaReport(row),
  };
}
