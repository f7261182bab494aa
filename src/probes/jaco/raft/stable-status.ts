import { setTimeout as sleep } from 'node:timers/promises';
import { value } from '../../../engine/outcome.ts';
import { callUnary } from '../../io/grpc/grpc.ts';
import { clusterStatus, STATUS_LIMIT_MS } from '../control/cluster-status.ts';
import { controlEndpoint, endpointOf } from '../control/control-endpoint.ts';
import { type ClusterStatus, statusFact } from '../control/status-fact.ts';
import { isTransitional } from '../control/view-mismatch.ts';
import { probe } from '../jaco-probe.ts';
import { canElect } from './can-elect.ts';

/** One sample of the local Status. `atMs` counts from the first sample. */
export type StatusSample = {
  readonly atMs: number;
  readonly leader: string;
};

/** The Status of the examined daemon, sampled until it is stable or an election would long be over. */
export type StableStatus = {
  /** Oldest first; only one if the first sample was conclusive. */
  readonly samples: readonly StatusSample[];
  /** The last sample, by which the local view is judged. */
  readonly last: ClusterStatus;
  /** Why a later sample failed; null if none failed. */
  readonly lost: string | null;
};

/** Time between two samples, in ms. */
const SAMPLE_INTERVAL_MS = 250;
/**
 * Time of all samples, in ms: elections took 0.2 to 1.3 s (docs/jaco-daemon/raft.md#elections,
 * docs/jaco-daemon/timings.md), so this is longer than any.
 */
const SETTLE_MS = 3_200;
/** A leader must still be known this much later, in ms: with a full disk, leaders change repeatedly. */
const CONFIRM_MS = 500;

/** Samples again if the first Status shows no leader, or a state that only exists for a moment of a join. */
export const stableStatus = probe({
  name: 'jaco.leader-settles',
  where: 'anywhere',
  after: { cluster: clusterStatus, endpoint: controlEndpoint },
  deadlineMs: SETTLE_MS + STATUS_LIMIT_MS + 500,
  async collect(_io, { cluster, endpoint }, signal) {
    const samples = [sampleOf(cluster, 0)];
    let last = cluster;
    let lost: string | null = null;
    if (!isTransitional(cluster)) return value<StableStatus>({ samples, last, lost });

    const { ClusterService } = await import('../../../wire/jaco.ts');
    const startedMs = performance.now();
    let steadySamples = 0;
    let electable = true;
    // With too few members for an election, waiting is of no use.
    void canElect(cluster.nodes, signal).then((may) => {
      electable = may || cluster.leader !== '';
    });
    while (electable && steadySamples < 2 && performance.now() - startedMs < SETTLE_MS) {
      await sleep(steadySamples === 0 ? SAMPLE_INTERVAL_MS : CONFIRM_MS, undefined, { signal });
      const called = await callUnary(
        endpointOf(endpoint),
        ClusterService.status,
        {},
        { limitMs: STATUS_LIMIT_MS, signal },
      );
      if (called.kind === 'failure') {
        lost = called.failure.detail;
        break;
      }
      last = statusFact(called.response);
      samples.push(sampleOf(last, Math.round(performance.now() - startedMs)));
      steadySamples = isTransitional(last) ? 0 : steadySamples + 1;
    }
    return value<StableStatus>({ samples, last, lost });
  },
});

function sampleOf({ leader }: ClusterStatus, atMs: number): StatusSample {
  return { atMs, leader };
}
