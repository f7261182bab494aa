import type { ClusterStatus } from '../../../src/probes/jaco/control/status-fact.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';
import { HEALTH_REPORT_MS } from '../../../src/probes/jaco/timing.ts';
import type { RaftLog, ReplicaContext } from './context.ts';
import type { ReplicaView } from './replica-view.ts';

/** The log may have grown by so much between the two answers; a row further ahead is of another log, before a restore. */
const MOST_AHEAD = 100;

/**
 * Null where nobody is seen to write anything, so that the end of the log says nothing of time. A living member writes an
 * entry every `memberMs` (contract 4.5).
 */
export function raftLog(
  status: ClusterStatus | null,
  rows: readonly Replica[],
  memberMs: number,
  now: number,
): RaftLog | null {
  const beats = (atMs: number | null, everyMs: number): boolean => atMs !== null && Math.abs(now - atMs) < 2 * everyMs;
  const members = (status?.nodes ?? []).filter((node) => beats(node.lastPressureAtMs, memberMs)).length;
  const running = rows.filter((row) => row.state === 'running' && beats(row.lastHealthAtMs, HEALTH_REPORT_MS)).length;
  const index = Number(status?.raftIndex);
  const perSecond = (members * 1000) / memberMs + (running * 1000) / HEALTH_REPORT_MS;
  return perSecond === 0 || !Number.isFinite(index) ? null : { index, perSecond };
}

/**
 * Since when a replica is placed as it is at the longest, in ms. An apply places it, but so does a later step of a rollout, or
 * a node that is drained: a revision is the place in the raft log where that was written.
 */
export function placedSince({ row, deployment }: ReplicaView, { now, raft }: ReplicaContext): number {
  const applied = deployment.updatedAtMs === null ? Number.POSITIVE_INFINITY : now - deployment.updatedAtMs;
  const entries = raft === null ? Number.NaN : raft.index - Number(row.revision);
  if (raft === null || !(entries >= -MOST_AHEAD)) return applied;
  return Math.min(applied, (Math.max(0, entries) / raft.perSecond) * 1000);
}
