import { setTimeout as sleep } from 'node:timers/promises';
import { factOf, notApplicable, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { asFailed } from '../../io/grpc/grpc.ts';
import { controlAccess } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';
import { livenessOf, peerName } from '../raft/peer-answer.ts';
import { peerStatuses } from '../raft/peer-status.ts';
import { HEALTH_FRESH_MS, HEALTH_REPORT_MS } from '../timing.ts';
import { onlyDeployment, readReports } from './read-reports.ts';
import { replicas } from './replicas.ts';

/** Replicas whose health report is old at this host's time but was renewed during the run: the clocks differ. */
export type ReplicaHealthReports = { readonly beating: readonly string[] };

/** Time of one health report and of its transport to the leader. */
const WATCHED_MS = HEALTH_REPORT_MS + 600;

/** Reads the health reports of apparently stale replicas a second time, if their nodes are not known to be down. */
export const replicaHealthReports = probe({
  name: 'jaco.replica-beats',
  where: 'anywhere',
  after: { access: controlAccess, replicas, peers: attempt(peerStatuses) },
  deadlineMs: WATCHED_MS + 2_500,
  async collect(io, { replicas: { rows }, peers, access }, signal) {
    const now = Date.now();
    const dead = new Set((factOf(peers)?.peers ?? []).filter((peer) => livenessOf(peer) === 'dead').map(peerName));
    const old = rows.filter(
      (row) =>
        row.state === 'running' &&
        row.lastHealthAtMs !== null &&
        now - row.lastHealthAtMs > HEALTH_FRESH_MS &&
        !dead.has(row.host ?? ''),
    );
    if (old.length === 0) return notApplicable('no replica on a running node looks stale');
    io.phase('wait');
    await sleep(WATCHED_MS, undefined, { signal });
    const called = await readReports(io, access, onlyDeployment(old), { limitMs: 2_000, signal });
    if (called.kind === 'failure') return asFailed(called.failure);
    const before = new Map(old.map((row) => [row.id, row.lastHealthAtMs ?? 0]));
    const beating = called.response
      .filter(({ id, lastHealthAtMs }) => (lastHealthAtMs ?? 0) > (before.get(id) ?? Number.POSITIVE_INFINITY))
      .map(({ id }) => id);
    return value<ReplicaHealthReports>({ beating });
  },
});
