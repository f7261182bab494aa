import { formatDuration, formatTime } from '../../../src/engine/format.ts';
import { networkName } from '../../../src/probes/jaco/network/set-name.ts';
import type { Deployment } from '../../../src/probes/jaco/runtime/deployments.ts';
import type { ReplicaView } from '../../../src/probes/jaco/runtime/replica-views.ts';
import { HEALTH_FRESH_MS, REPLICA_START_MS } from '../../../src/probes/jaco/timing.ts';

/** Why a service has no upstream by JACO's own rule (docs/jaco-daemon/ingress.md#routing). */
export type NoUpstreamCause =
  | 'zero-replicas'
  | 'not-running'
  | 'stale'
  | 'networks-override'
  | 'no-address'
  | 'unknown';

/** Whether a service has a replica that the proxy may use. `coming`: a replica is being started. */
export type Usability =
  | { readonly kind: 'usable'; readonly replicas: readonly string[] }
  | { readonly kind: 'coming'; readonly note: string }
  | { readonly kind: 'none'; readonly cause: NoUpstreamCause; readonly evidence: readonly string[] };

/** Within this time a container that Docker restarted is reported again: five successful polls, and a health report. */
const RESTART_MS = 15_000;

/**
 * Applies the daemon's rule to the replicas of one service: running, reported within 10 s, an address on its networks.
 * `clock` is `other` if the proxy uses another clock than this run. Then an old report counts if it was renewed during
 * the run.
 */
export function usabilityOf(
  name: string,
  deployment: Deployment | undefined,
  views: readonly ReplicaView[],
  clock: 'own' | 'other',
  now: number,
): Usability {
  const service = deployment?.services.find((one) => one.name === name);
  const running = views.filter(({ row }) => row.state === 'running');
  const fresh = running.filter(
    ({ row: { lastHealthAtMs }, healthRenewed }) =>
      (lastHealthAtMs !== null && now - lastHealthAtMs < HEALTH_FRESH_MS) || (clock === 'other' && healthRenewed),
  );
  const networks = (service?.networks ?? []).map((network) => `jaco_${deployment?.name}_${networkName(network)}`);
  const usable = fresh.filter(({ row: { ips } }) =>
    networks.length === 0 ? Object.keys(ips).length > 0 : networks.some((network) => ips[network] !== undefined),
  );
  if (usable.length > 0) return { kind: 'usable', replicas: usable.map(({ row }) => row.id) };
  if (fresh.length > 0) return withoutAddress(fresh, networks, now);
  if (running.length > 0)
    return { kind: 'none', cause: 'stale', evidence: running.slice(0, 3).map(describeStale(now)) };
  if (views.length === 0 && service?.replicas === 0 && service.placement !== 'global')
    return { kind: 'none', cause: 'zero-replicas', evidence: [`replicas of ${name} is 0`] };
  return notRunning(name, deployment, views, now);
}

function withoutAddress(fresh: readonly ReplicaView[], networks: readonly string[], now: number): Usability {
  const recent = fresh.find(({ row }) => row.startedAtMs !== null && now - row.startedAtMs < HEALTH_FRESH_MS);
  if (recent !== undefined)
    return {
      kind: 'coming',
      note: `${recent.row.id} has been running for some seconds, and its address is not reported yet`,
    };
  const others = [...new Set(fresh.flatMap(({ row }) => Object.keys(row.ips)))];
  if (others.length === 0)
    return {
      kind: 'none',
      cause: 'no-address',
      evidence: fresh
        .slice(0, 3)
        .map(({ row }) => `${row.id}${onHost(row)} is running and reports no address: its container is on no network`),
    };
  return {
    kind: 'none',
    cause: 'networks-override',
    evidence: [
      `the proxy looks for an address on ${networks.join(', ')}; running replicas have one on ${others.slice(0, 5).join(', ')} only`,
    ],
  };
}

/** The place of a replica, for the end of a phrase. An old release does not give it for a running one. */
export function onHost({ host }: ReplicaView['row']): string {
  return host === null ? '' : ` on ${host}`;
}

function describeStale(now: number): (view: ReplicaView) => string {
  return ({ row }) =>
    row.lastHealthAtMs === null
      ? `${row.id}${onHost(row)} is RUNNING, and its health was never reported`
      : `${row.id}${onHost(row)} is RUNNING, and its last health report is from ${formatTime(row.lastHealthAtMs)}, ${formatDuration(now - row.lastHealthAtMs)} ago`;
}

function notRunning(
  name: string,
  deployment: Deployment | undefined,
  views: readonly ReplicaView[],
  now: number,
): Usability {
  if (views.length === 0) {
    const appliedMs = deployment?.updatedAtMs ?? null;
    if (appliedMs !== null && now - appliedMs < REPLICA_START_MS && deployment?.status === 'active')
      return { kind: 'coming', note: `${deployment.name} was applied ${formatDuration(now - appliedMs)} ago` };
    return { kind: 'none', cause: 'not-running', evidence: [`no replica of ${name} is placed on a node`] };
  }
  const coming = views.find((view) => isComing(view, now));
  if (coming !== undefined) return { kind: 'coming', note: `${coming.row.id} is being started${onHost(coming.row)}` };
  return { kind: 'none', cause: 'not-running', evidence: views.slice(0, 3).map(describeState) };
}

const ON_ITS_WAY: readonly string[] = ['none', 'pending', 'pulling', 'updating'];

function isComing({ row, placedForMs, container, startFailure }: ReplicaView, now: number): boolean {
  if (startFailure !== null || row.reason !== null) return false;
  const startedAtMs = typeof container === 'string' ? null : (container.look?.startedAtMs ?? null);
  const runsHere = typeof container !== 'string' && container.state === 'running';
  if (runsHere && startedAtMs !== null && now - startedAtMs < RESTART_MS) return true;
  if (row.state === 'pulling') return true;
  return ON_ITS_WAY.includes(row.state) && placedForMs !== null && placedForMs < REPLICA_START_MS;
}

function describeState({ row }: ReplicaView): string {
  const { id, state, code } = row;
  const reported =
    state === 'none' ? 'was never reported' : `is ${state.toUpperCase()}${code === '' ? '' : ` (${code})`}`;
  return `${id}${onHost(row)} ${reported}`;
}
