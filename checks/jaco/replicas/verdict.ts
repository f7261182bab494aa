/** What is found wrong with one replica. */
export type Fault = {
  readonly kind: 'fault';
  readonly id: FaultId;
  readonly cause?: string;
  /** What was seen of this replica, a sentence each, without its name. */
  readonly seen: readonly string[];
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
 * What a replica comes to: it runs; it is on its way, as is normal for now; nobody could look; something else explains it;
 * or it has a fault.
 */
export type ReplicaVerdict =
  | { readonly kind: 'runs' }
  | { readonly kind: 'normal'; readonly note: string }
  | { readonly kind: 'unseen'; readonly reason: string; readonly root: string | null }
  | { readonly kind: 'explained' }
  | Fault;

export const RUNS: ReplicaVerdict = { kind: 'runs' };
/** Another check finds it: the pool, Docker itself. */
export const EXPLAINED: ReplicaVerdict = { kind: 'explained' };

export function normal(note: string): ReplicaVerdict {
  return { kind: 'normal', note };
}

export function fault(id: FaultId, seen: readonly string[], more: Pick<Fault, 'cause' | 'values'> = {}): Fault {
  return { kind: 'fault', id, seen, ...more };
}
