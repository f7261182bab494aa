import { setTimeout as sleep } from 'node:timers/promises';
import { notApplicable, value } from '../../../engine/outcome.ts';
import { controlAccess } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';
import { readReplicas } from './read-replicas.ts';
import type { Replica } from './replica-fact.ts';
import { replicas } from './replicas.ts';

/** By replica, the row as it was while another code than restart_exhausted stood in it. */
export type ReplicaCodes = { readonly [replica: string]: Replica };

/**
 * Each second's look writes the real code, for as long as it takes to write restart_exhausted over it
 * (docs/jaco-daemon/runtime.md#replica-faults).
 */
const WATCHED_MS = 1_600;
const POLL_INTERVAL_MS = 40;

/** Watches the rows that say restart_exhausted for what they say in between. */
export const replicaCodes = probe({
  name: 'jaco.replica-codes',
  where: 'anywhere',
  after: { access: controlAccess, replicas },
  deadlineMs: WATCHED_MS + 2_000,
  async collect(io, { replicas: { rows, from }, access }, signal) {
    const hidden = new Set(rows.filter((row) => row.code === 'restart_exhausted').map((row) => row.id));
    if (hidden.size === 0) return notApplicable('no replica reports restart_exhausted');
    // One of them is asked for by itself: the answer is small, however many replicas there are.
    const [only] = hidden;
    const replicaId = hidden.size === 1 ? (only ?? '') : '';
    const rowsById = new Map<string, Replica>();
    const startedMs = performance.now();
    while (rowsById.size < hidden.size && performance.now() - startedMs < WATCHED_MS && !signal.aborted) {
      const called = await readReplicas(io, access, { from }, { replicaId, limitMs: 1_500, signal });
      if (called.kind === 'failure') break;
      for (const row of called.response)
        if (hidden.has(row.id) && row.code !== 'restart_exhausted' && !rowsById.has(row.id)) rowsById.set(row.id, row);
      await sleep(POLL_INTERVAL_MS, undefined, { signal });
    }
    return value<ReplicaCodes>(Object.fromEntries(rowsById));
  },
});
