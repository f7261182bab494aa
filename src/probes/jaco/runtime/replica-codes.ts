import { setTimeout as sleep } from 'node:timers/promises';
import { notApplicable, value } from '../../../engine/outcome.ts';
import { controlAccess } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';
import { onlyDeployment, readReports } from './read-reports.ts';
import type { ReplicaReport } from './replica-fact.ts';
import { replicas } from './replicas.ts';

/** By replica, its report at a moment when its code was not restart_exhausted. */
export type ReplicaCodes = { readonly [replica: string]: ReplicaReport };

/**
 * Each second's inspection writes the real code, until restart_exhausted overwrites it
 * (docs/jaco-daemon/runtime.md#replica-faults).
 */
const WATCHED_MS = 1_600;
const POLL_INTERVAL_MS = 40;

/** Watches rows with restart_exhausted for the code that they show in between. */
export const replicaCodes = probe({
  name: 'jaco.replica-codes',
  where: 'anywhere',
  after: { access: controlAccess, replicas },
  deadlineMs: WATCHED_MS + 2_000,
  async collect(io, { replicas: { rows }, access }, signal) {
    const exhausted = rows.filter((row) => row.code === 'restart_exhausted');
    const hidden = new Set(exhausted.map((row) => row.id));
    if (hidden.size === 0) return notApplicable('no replica reports restart_exhausted');
    const deployment = onlyDeployment(exhausted);
    const reports = new Map<string, ReplicaReport>();
    const startedMs = performance.now();
    while (reports.size < hidden.size && performance.now() - startedMs < WATCHED_MS && !signal.aborted) {
      const called = await readReports(io, access, deployment, { limitMs: 1_500, signal });
      if (called.kind === 'failure') break;
      for (const { id, deployment: _deployment, host: _host, ...report } of called.response)
        if (hidden.has(id) && report.code !== 'restart_exhausted' && !reports.has(id)) reports.set(id, report);
      await sleep(POLL_INTERVAL_MS, undefined, { signal });
    }
    return value<ReplicaCodes>(Object.fromEntries(reports));
  },
});
