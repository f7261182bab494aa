import type { Cause, Values } from '../../../src/engine/finding.ts';
import type { NextStep } from '../../../src/engine/next-step.ts';
import { waitNote } from '../../../src/engine/wait-note.ts';

/** Causes first: the order in which a row's findings lead. */
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

type FaultOf<I extends FaultId> = {
  readonly kind: 'fault';
  readonly id: I;
  readonly cause?: Cause<I>;
  /** The evidence about this replica, one sentence each, without its name. */
  readonly evidence: readonly string[];
  readonly values?: Values<I>;
  readonly title?: string;
  readonly meaning?: string;
};

/** A fault of one replica. */
export type Fault = { [I in FaultId]: FaultOf<I> }[FaultId];

/** The state of a replica: running, normal for now, unknown, explained by another finding, or faulty. */
export type ReplicaVerdict =
  | { readonly kind: 'running'; readonly note?: string }
  | { readonly kind: 'normal'; readonly note: string }
  | { readonly kind: 'unknown'; readonly reason: string; readonly next: NextStep; readonly root: string | null }
  | { readonly kind: 'explained' }
  | Fault;

export const RUNNING: ReplicaVerdict = { kind: 'running' };

/** A replica that is running, with a note about what to wait for. */
export function runningWith(note: string): ReplicaVerdict {
  return { kind: 'running', note: waitNote(note) };
}

/** Another check reports it: the address pool, or Docker. */
export const EXPLAINED: ReplicaVerdict = { kind: 'explained' };

export function normal(note: string): ReplicaVerdict {
  return { kind: 'normal', note: waitNote(note) };
}

export function fault<const I extends FaultId>(
  id: I,
  evidence: readonly string[],
  more: Pick<FaultOf<I>, 'cause' | 'values' | 'title' | 'meaning'> = {},
): FaultOf<I> {
  return { kind: 'fault', id, evidence, ...more };
}
