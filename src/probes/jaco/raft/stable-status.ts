import { setTimeout as sleep } from 'node:timers/promises';
import { value } from '../../../engine/outcome.ts';
import { callUnary } from '../../io/grpc/grpc.ts';
import { clusterStatus, STATUS_LIMIT_MS } from '../control/cluster-status.ts';
import { controlEndpoint, endpointOf } from '../control/control-endpoint.ts';
import { type ClusterStatus, statusFact } from '../control/status-fact.ts';
import { isUnsettled } from '../control/view-mismatch.ts';
import { probe } from '../jaco-probe.ts';
import { canElect } from './can-elect.ts';

/** One look at the local Status. `atMs` counts from the first look. */
export type Sample = {
  readonly atMs: number;
  readonly leader: string;
};

/** The Status of the daemon that is looked at, until it holds still or an election would long be over. */
export type StableStatus = {
  /** Oldest first; a single one where the first look raised no question. */
  readonly samples: readonly Sample[];
  /** The last look: what all judgement of the local view rests on. */
  readonly last: ClusterStatus;
  /** Why a later look gave nothing; null if none failed. */
  readonly lost: string | null;
};

/** Between two looks, in ms. */
const SAMPLE_INTERVAL_MS = 250;
/**
 * How long is looked, in ms: elections took 0.2 to 1.3 s (docs/jaco-daemon/raft.md#elections,
 * docs/jaco-daemon/timings.md), so this is well past any.
 */
const SETTLE_MS = 3_200;
/** A leader must still be there this much later: with a full disk leadership comes and goes. */
const CONFIRM_MS = 500;

/** Looks again where the first Status shows no leader, or what only lasts for a moment of a join. */
export const stableStatus = probe({
  name: 'jaco.leader-settles',
  where: 'anywhere',
  after: { cluster: clusterStatus, endpoint: controlEndpoint },
  deadlineMs: SETTLE_MS + STATUS_LIMIT_MS + 500,
  async collect(_io, { cluster, endpoint }, signal) {
    const samples = [sampleOf(cluster, 0)];
    let last = cluster;
    let lost: string | null = null;
    if (!isUnsettled(cluster)) return value<StableStatus>({ samples, last, lost });

    const { ClusterService } = await import('../../../wire/jaco.ts');
    const startedMs = performance.now();
    let steadySamples = 0;
    let electable = true;
    // With too few members to elect anybody there is nothing to wait for, and the reader waits as it is.
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
      steadySamples = isUnsettled(last) ? 0 : steadySamples + 1;
    }
    return value<StableStatus>({ samples, last, lost });
  },
});

function sampleOf({ leader }: ClusterStatus, atMs: number): Sample {
  return { atMs, leader };
}
