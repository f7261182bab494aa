import type { Failure } from '../../../src/engine/outcome.ts';

/** Where the raft log ends, and how many entries a second it grows by at the least. */
export type RaftLog = { readonly index: number; readonly perSecond: number };

/** What the judgement of every replica needs to know of the node and the run. Times in ms since the epoch. */
export type ReplicaContext = {
  readonly now: number;
  /** When Docker and this host last started; null where that is not known. */
  readonly engineStartedAtMs: number | null;
  readonly bootedAtMs: number | null;
  readonly daemonStartedAtMs: number | null;
  /** Why Docker was not asked; null where it was, or where it is not to be seen from here. */
  readonly dockerFailure: Failure | null;
  /** Where the raft log ends; null where that tells nothing of time. */
  readonly raft: RaftLog | null;
  readonly missingImages: readonly string[];
  /** Replicas that looked stale and are not: their node's clock differs. */
  readonly beating: readonly string[];
  /** Registries with a stored credential; null where they were not asked for. */
  readonly registries: readonly string[] | null;
};
