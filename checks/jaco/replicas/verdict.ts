/** A fault of one replica. */
export type Fault = {
  readonly kind: 'fault';
  readonly id: FaultId;
  readonly cause?: string;
  /** What is known of this replica, a sentence each, without its name. */
  readonly evidence: readonly string[];
  readonly values?: { readonly [name: string]: string };
};

/** Root first: the order in which a row's findings lead. */
export const FAULTS = [
  'image_pull_failed',
  'depends_on_cycle',
  'replica_not_started',
  'container_exited',
  'restart_exhausted',
  'replica_unhealthy',
  'replica_stale',
  'depends_on_unmet',
] as const;

export type FaultId = (typeof FAULTS)[number];

/**
 * A replica is running; or in a state that is normal for now; or unknown; or explained by another finding;
 * or it has a fault.
 */
export type ReplicaVerdict =
  | { readonly kind: 'running' }
  | { readonly kind: 'normal'; readonly note: string }
  | { readonly kind: 'unknown'; readonly reason: string; readonly root: string | null }
  | { readonly kind: 'explained' }
  | Fault;

export const RUNNING: ReplicaVerdict = { kind: 'running' };
/** Another check finds it: the pool, Docker itself. */
export const EXPLAINED: ReplicaVerdict = { kind: 'explained' };

export function normal(note: string): ReplicaVerdict {
  return { kind: 'normal', note };
}

export function fault(id: FaultId, evidence: readonly string[], more: Pick<Fault, 'cause' | 'values'> = {}): Fault {
  return { kind: 'fault', id, evidence, ...more };
}
