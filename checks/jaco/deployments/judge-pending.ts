import type { Cause, Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import type { RuntimeLines } from '../../../src/probes/jaco/journal/runtime-lines.ts';
import type { Deployment } from '../../../src/probes/jaco/runtime/deployments.ts';
import type { RaftLogRate } from '../../../src/probes/jaco/runtime/raft-log-rate.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';
import { type SchedulingError, schedulingError } from '../../../src/probes/jaco/runtime/scheduling-error.ts';
import { BLOCKED_LOG_MS } from '../../../src/probes/jaco/timing.ts';

type CheckFinding = Finding<'deployment_pending' | 'deployment_pending_stale', never>;

/**
 * Entries per second above what the replicas write themselves. A blocked deployment writes 10 to 18
 * (docs/jaco-daemon/raft.md#raft-growth).
 */
const RACE = 6;

/**
 * PENDING stays until the next apply, even after a success. Missing replicas or a growing log show the actual state
 * (docs/jaco-daemon/runtime.md#pending).
 */
export function judgePending(
  deployment: Deployment,
  own: readonly Replica[],
  all: readonly Replica[],
  pace: RaftLogRate | null,
  lines: RuntimeLines | null,
  now: number,
): CheckFinding {
  const { name, reason, services } = deployment;
  const missing = services.filter(({ name: service, placement, replicas }) => {
    const placedCount = own.filter((row) => row.service === service).length;
    return placement === 'global' ? placedCount === 0 : placedCount < replicas;
  });
  const perSecond = pace === null || pace.ms === 0 ? null : (pace.entries * 1000) / pace.ms;
  const races = perSecond !== null && perSecond - usualEntries(all) > RACE;
  const blockedLine = lines?.blocked[name];
  const blocked = blockedLine !== undefined && now - blockedLine.atMs < BLOCKED_LOG_MS;
  const growthLine = perSecond === null ? [] : [`the raft log grows by ${perSecond.toFixed(1)} entries per second`];
  const schedulerLine = reason === null ? [] : [`the scheduler reports: ${reason}`];
  if (missing.length === 0 && !races && !blocked) {
    const evidence = [
      `all ${own.length} replicas are placed`,
      ...growthLine,
      ...schedulerLine.map((line) => `${line}, from an earlier attempt`),
    ];
    return { id: 'deployment_pending_stale', subject: name, evidence };
  }
  const evidence = [
    ...schedulerLine,
    ...missing.map(({ name: service, replicas, placement }) => {
      const placedCount = own.filter((row) => row.service === service).length;
      return `${service}: ${placedCount} of ${placement === 'global' ? 'one on each ready node' : replicas} placed`;
    }),
    ...growthLine,
    ...(blocked ? [`the leader logged at ${formatTime(blockedLine.atMs)} that scheduling is blocked`] : []),
  ];
  const error = schedulingError(reason ?? '');
  const service = error.service ?? missing[0]?.name ?? name;
  return { id: 'deployment_pending', subject: name, cause: PENDING_CAUSES[error.kind], evidence, values: { service } };
}

/**
 * Entries that replicas write while the scheduler is healthy: a running one every 5 s, another up to four times per
 * second.
 */
function usualEntries(rows: readonly Replica[]): number {
  return rows.reduce((sum, row) => sum + (row.state === 'running' ? 0.2 : row.state === 'none' ? 0 : 4), 1);
}

/** The catalogue's causes of `deployment_pending`. */
const PENDING_CAUSES = {
  'too-few-hosts': 'too-few-hosts',
  'no-eligible-hosts': 'no-eligible-hosts',
  'no-image': 'no-image',
  'invalid-compose': 'compose-failed',
  other: 'other',
} as const satisfies { readonly [K in SchedulingError['kind']]: Cause<'deployment_pending'> };
