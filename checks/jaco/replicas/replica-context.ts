import type { Failure } from '../../../src/engine/outcome.ts';
import type { ReplicaViews } from '../../../src/probes/jaco/runtime/replica-views.ts';

/** The facts about the node and the run that the judgement of every replica needs. Times are in ms since the epoch. */
export type ReplicaContext = Pick<ReplicaViews, 'bootedAtMs' | 'engineStartedAtMs' | 'daemonStartedAtMs'> & {
  readonly now: number;
  /** Why Docker did not answer; null if it did, or if it is not visible from here. */
  readonly dockerFailure: Failure | null;
  /** Registries with a stored credential; null if JACO was not asked for them. */
  readonly registries: readonly string[] | null;
};
