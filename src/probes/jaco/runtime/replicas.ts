import { factOf, type Outcome, type Result, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { type StableStatus, stableStatus } from '../raft/stable-status.ts';
import { type Deployments, deployments } from './deployments.ts';
import { replicaDetails, type UnansweredDeployments } from './replica-details.ts';
import type { Replica } from './replica-fact.ts';
import { compareReplicas, rowsOfStatus } from './rows-of-status.ts';

/** All replicas of the desired state, by deployment, service and index. */
export type Replicas = {
  readonly rows: readonly Replica[];
  /** Rows that were not read because there are too many. */
  readonly omitted: number;
  /**
   * The call that listed them: GetReplicas, or Deploy.Status of a release without GetReplicas, whose rows lack the
   * fields that may be null in {@link Replica}. `both`: GetReplicas for the deployments that need it, and Deploy.Status
   * for the rest.
   */
  readonly from: 'details' | 'status' | 'both';
  /** The deployments for which GetReplicas was asked; only if `from` is `both`. */
  readonly detailed?: readonly string[];
  readonly unanswered?: UnansweredDeployments;
};

/** The replicas, from GetReplicas if it is needed, and from Deploy.Status for the rest. */
export const replicas = derive({
  name: 'jaco.replica-rows',
  from: { details: attempt(replicaDetails), stored: attempt(deployments), settled: attempt(stableStatus) },
  derive({ details, stored, settled }): Result<Replicas> {
    if (details.kind === 'failed') return details;
    if (details.kind === 'value' && details.value.of === undefined) return value({ ...details.value, from: 'details' });
    if (stored.kind !== 'value') return stored;
    const { replicas: observed } = stored.value;
    // If the method cannot be called at all, as in a demo, there is no list either.
    if (observed === undefined)
      return details.kind === 'value' ? value({ ...details.value, from: 'details' }) : details;
    const reported = reportedRows(stored.value, observed.list, settled);
    if (details.kind === 'not-applicable') return value({ rows: reported, omitted: observed.omitted, from: 'status' });
    const { rows, omitted, of = [], unanswered } = details.value;
    const detailed = new Set(of);
    return value({
      rows:
        of.length === 0
          ? reported
          : [...rows, ...reported.filter((row) => !detailed.has(row.deployment))].sort(compareReplicas),
      omitted: omitted + observed.omitted,
      from: 'both',
      detailed: of,
      ...(unanswered === undefined ? {} : { unanswered }),
    });
  },
});

function reportedRows(
  stored: Deployments,
  observed: NonNullable<Deployments['replicas']>['list'],
  settled: Outcome<StableStatus>,
): readonly Replica[] {
  const members = factOf(settled)?.last.nodes ?? [];
  return rowsOfStatus(stored.list, observed, members.length === 1 ? (members[0]?.hostname ?? null) : null);
}
