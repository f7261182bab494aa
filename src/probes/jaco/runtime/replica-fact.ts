import { clean } from '../../../engine/text.ts';
import { redactSecrets } from '../../../vault/redact-secrets.ts';
import type { ReplicaDetail, ReplicaObserved, ReplicaState } from '../../../wire/jaco.ts';
import { msOf } from '../control/status-fact.ts';

/**
 * JACO's state of a replica; `none` is state 0: placed, but never reported (docs/jaco-daemon/runtime.md#never-started).
 */
export type ReplicaStatus =
  | 'none'
  | 'pending'
  | 'pulling'
  | 'running'
  | 'degraded'
  | 'updating'
  | 'failed'
  | 'stopped'
  | 'other';

/**
 * A dependency of a replica, as the daemon resolves it. `satisfied` is never true for one that is not required
 * (docs/jaco-daemon/runtime.md#never-started).
 */
export type Dependency = {
  readonly service: string;
  /** `service_started` or `service_healthy`. */
  readonly condition: string;
  readonly satisfied: boolean;
};

/** The last report about a replica. Times in ms since the epoch. */
export type ReplicaReport = {
  readonly state: ReplicaStatus;
  readonly code: string;
  /** Docker's error text, if the container could not be inspected. */
  readonly message: string | null;
  /** Why a pull failed. */
  readonly reason: string | null;
  /** Absent for 0 (docs/jaco-daemon/runtime.md#replica-states). */
  readonly exitCode: number | null;
  /** The network on which no address was available. */
  readonly network: string | null;
  /** Its first twelve digits; empty if it never had one. */
  readonly containerId: string;
  /** Addresses by network (`ip.<network>` of the details). */
  readonly ips: { readonly [network: string]: string };
  /**
   * When it last became RUNNING, which differs from the start of its container
   * (docs/jaco-daemon/runtime.md#healthy-replica).
   */
  readonly startedAtMs: number | null;
  /** From the clock of its node. */
  readonly lastHealthAtMs: number | null;
};

/**
 * A replica: the desired state, joined with the last report. Null is what Deploy.Status does not show
 * (docs/jaco-daemon/releases.md#old-replica-lists).
 */
export type Replica = ReplicaReport & {
  readonly id: string;
  readonly deployment: string;
  readonly service: string;
  readonly host: string | null;
  readonly image: string | null;
  /**
   * Raft index of the desired state. The current container has it in the label `jaco.raft_index`
   * (docs/jaco-daemon/runtime.md#healthy-replica).
   */
  readonly revision: string | null;
  readonly dependsOn: readonly Dependency[];
};

/** Most rows that are kept of one answer. */
export const MAX_ROWS = 20_000;

const REPLICA_STATUSES: { readonly [state: number]: ReplicaStatus } = {
  0: 'none',
  1: 'pending',
  2: 'pulling',
  3: 'running',
  4: 'degraded',
  5: 'updating',
  6: 'failed',
  7: 'stopped',
};

function statusOf(state: ReplicaState): ReplicaStatus {
  return REPLICA_STATUSES[state] ?? 'other';
}

/**
 * A row of GetReplicas as a fact: bounded, cleaned, without wire types. Texts of programs and registries are redacted.
 */
export function replicaFact(row: ReplicaDetail): Replica {
  return {
    id: clean(row.id, 253),
    deployment: clean(row.deployment, 253),
    service: clean(row.service, 253),
    host: clean(row.host, 253),
    image: clean(row.image, 300),
    revision: clean(row.revision, 20),
    ...replicaReport(row),
    dependsOn: row.dependsOn.slice(0, 100).map(({ service, condition, satisfied }) => {
      return { service: clean(service, 253), condition: clean(condition, 60), satisfied };
    }),
  };
}

/** The report in a row of GetReplicas or of Deploy.Status. */
export function replicaReport(row: ReplicaDetail | ReplicaObserved): ReplicaReport {
  const exitCode = Number(row.details['exit_code'] ?? Number.NaN);
  return {
    state: statusOf(row.state),
    code: clean(row.code, 60),
    message: cleanText(row.message),
    reason: cleanText(row.details['reason'] ?? ''),
    exitCode: Number.isInteger(exitCode) ? exitCode : null,
    network: row.details['network'] === undefined ? null : clean(row.details['network'], 253),
    containerId: clean(row.containerId.slice(0, 12), 12),
    ips: ipsOf(row.details),
    startedAtMs: msOf(row.startedAt),
    lastHealthAtMs: msOf(row.lastHealthAt),
  };
}

function cleanText(text: string): string | null {
  return text === '' ? null : clean(redactSecrets(text));
}

function ipsOf(details: { readonly [key: string]: string }): { readonly [network: string]: string } {
  const keys = Object.keys(details).filter((key) => key.startsWith('ip.'));
  return Object.fromEntries(keys.slice(0, 50).map((key) => [clean(key.slice(3), 253), clean(details[key] ?? '', 60)]));
}
