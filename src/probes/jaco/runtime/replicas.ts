import { factOf, type Result, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { stableStatus } from '../raft/stable-status.ts';
import { deployments } from './deployments.ts';
import { replicaDetails } from './replica-details.ts';
import type { Replica } from './replica-fact.ts';
import { rowsOfStatus } from './rows-of-status.ts';

/** All replicas that the cluster wants, by deployment, service and index. */
export type Replicas = {
  readonly rows: readonly Replica[];
  /** Rows that were too many to read. */
  readonly omitted: number;
  /** Which call listed them: the rows of `status` lack what {@link Replica} calls null. */
  readonly from: 'details' | 'status';
};

/** The replicas, by GetReplicas, or by Deploy.Status where the release has no GetReplicas. */
export const replicas = derive({
  name: 'jaco.replica-rows',
  from: { details: attempt(replicaDetails), stored: attempt(deployments), settled: attempt(stableStatus) },
  derive({ details, stored, settled }): Result<Replicas> {
    if (details.kind === 'value') return value({ ...details.value, from: 'details' });
    if (details.kind === 'failed') return details;
    if (stored.kind !== 'value') return stored;
    const observed = stored.value.replicas;
    // Where the method cannot be asked at all, such as in a demo, there is no list either.
    if (observed === undefined) return details;
    const members = factOf(settled)?.last.nodes ?? [];
    return value({
      rows: rowsOfStatus(
        stored.value.list,
        observed.list,
        members.length === 1 ? (members[0]?.hostname ?? null) : null,
      ),
      omitted: observed.omitted,
      from: 'status',
    });
  },
});
