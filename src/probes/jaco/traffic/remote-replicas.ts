import { factOf, notApplicable, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { asFailed } from '../../io/grpc/grpc.ts';
import { controlAccess } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';
import { readReports } from '../runtime/read-reports.ts';
import { replicas } from '../runtime/replicas.ts';
import { traffic } from './traffic.ts';

/**
 * Replicas on other nodes that did not answer a container here, and whose state in the cluster did not change after
 * that.
 */
export type RemoteReplicas = { readonly unchanged: readonly string[] };

const LIMIT_MS = 1_500;

/**
 * Reads the replicas that did not answer again. A replica that ended a moment ago is reported as running for up to 5 s,
 * and its silence says nothing about the path (docs/jaco-daemon/runtime.md#replica-timers).
 */
export const remoteReplicas = probe({
  name: 'jaco.remote-replicas',
  where: 'node',
  after: { access: controlAccess, replicas, traffic: attempt(traffic) },
  deadlineMs: LIMIT_MS + 500,
  async collect(io, { access, replicas: { rows }, traffic }, signal) {
    const lost = (factOf(traffic)?.flows ?? []).filter(
      ({ kind, outcome }) => kind === 'remote' && outcome.kind === 'lost',
    );
    const addresses = new Set(lost.map(({ target }) => target.host));
    const asked = rows.filter(({ ips }) => Object.values(ips).some((ip) => addresses.has(ip)));
    if (asked.length === 0) return notApplicable('every replica of another node that was asked answered');
    const called = await readReports(io, access, '', { limitMs: LIMIT_MS, signal });
    if (called.kind === 'failure') return asFailed(called.failure);
    const now = new Map(called.response.map((row) => [row.id, row]));
    return value<RemoteReplicas>({
      unchanged: asked
        .filter(({ id, startedAtMs, containerId }) => {
          const again = now.get(id);
          return again?.state === 'running' && again.startedAtMs === startedAtMs && again.containerId === containerId;
        })
        .map(({ id }) => id),
    });
  },
});
