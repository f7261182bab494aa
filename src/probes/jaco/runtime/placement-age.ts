import type { ClusterStatus } from '../control/status-fact.ts';
import { HEALTH_REPORT_MS } from '../timing.ts';
import type { Deployment } from './deployments.ts';
import type { Replica } from './replica-fact.ts';

/** The end of the raft log, and the least number of entries per second by which it grows. */
export type RaftGrowth = { readonly index: number; readonly perSecond: number };

/**
 * The log may have grown by this many entries between the two answers. A row further ahead comes from a log before a
 * restore.
 */
const MAX_AHEAD = 100;

/**
 * Null if no heartbeat and no health report is recent, because the end of the log then shows no time. A running member
 * writes an entry every `memberMs` (docs/jaco-daemon/raft.md#heartbeats).
 */
export function raftGrowth(
  status: ClusterStatus | null,
  rows: readonly Replica[],
  memberMs: number,
  now: number,
): RaftGrowth | null {
  const isRecent = (atMs: number | null, everyMs: number): boolean =>
    atMs !== null && Math.abs(now - atMs) < 2 * everyMs;
  const members = (status?.nodes ?? []).filter((node) => isRecent(node.lastPressureAtMs, memberMs)).length;
  const running = rows.filter(
    (row) => row.state === 'running' && isRecent(row.lastHealthAtMs, HEALTH_REPORT_MS),
  ).length;
  const index = Number(status?.raftIndex);
  const perSecond = (members * 1000) / memberMs + (running * 1000) / HEALTH_REPORT_MS;
  return perSecond === 0 || !Number.isFinite(index) ? null : { index, perSecond };
}

/**
 * The longest time, in ms, for which a replica can have its current placement; null if nothing limits it. An apply
 * places it, and so does a later step of a rollout or the drain of a node. A revision is the index in the raft log at
 * which that was written.
 */
export function placementAge(
  { revision }: Replica,
  { updatedAtMs }: Deployment,
  raft: RaftGrowth | null,
  now: number,
): number | null {
  const sinceApply = updatedAtMs === null ? null : now - updatedAtMs;
  const entries = raft === null || revision === null ? Number.NaN : raft.index - Number(revision);
  if (raft === null || !(entries >= -MAX_AHEAD)) return sinceApply;
  const sinceRevision = (Math.max(0, entries) / raft.perSecond) * 1000;
  return sinceApply === null ? sinceRevision : Math.min(sinceApply, sinceRevision);
}
