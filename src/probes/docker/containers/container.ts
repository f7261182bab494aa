/** One inspection of a container. Times in ms since the epoch; null for never. */
export type Inspection = {
  readonly atMs: number;
  /** State by Docker: created, running, paused, restarting, removing, exited, dead. */
  readonly state: string;
  readonly startedAtMs: number | null;
  /** When its last run ended; for a running container, its previous run. */
  readonly finishedAtMs: number | null;
  /** Exit code of its last run; 0 while it is running. */
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /**
   * Why Docker could not start it; only Docker reports this (docs/jaco-daemon/runtime.md#never-started). Null for no
   * error.
   */
  readonly error: string | null;
  /** Null without a health check. */
  readonly health: {
    /** starting, healthy, unhealthy. */
    readonly status: string;
    readonly failingStreak: number;
    /** Output of the last check, bounded and without secrets. */
    readonly output: string | null;
    readonly exitCode: number | null;
  } | null;
  readonly startPeriodMs: number;
  /**
   * The longest time for which its health check settings allow it to be starting. Docker ends a check that takes too
   * long.
   */
  readonly startingForMs: number;
  /** Its name servers: JACO's gateways, or `dns:` of the compose file (docs/jaco-daemon/network.md#container-dns). */
  readonly dns: readonly string[];
};

/** A container with JACO's labels, without its environment. */
export type Container = {
  readonly id: string;
  readonly name: string;
  readonly replica: string;
  readonly deployment: string;
  readonly service: string;
  readonly clusterId: string;
  /**
   * The revision that it was created for; equal to that of GetReplicas while it is current
   * (docs/jaco-daemon/runtime.md#healthy-replica).
   */
  readonly revision: string;
  readonly state: string;
  /** Docker's status text shows that it has been running for an hour or more, and no health check fails. */
  readonly settled: boolean;
  /** To the second. */
  readonly createdAtMs: number;
  readonly networks: readonly { readonly name: string; readonly ip: string }[];
  /** The image that its compose file names; absent in recordings of versions that did not keep it. */
  readonly image?: string;
  /** Names of the Docker volumes that it mounts; left out if there are none. */
  readonly volumes?: readonly string[];
  /** Null if there are too many containers to inspect this one; settled ones are inspected last. */
  readonly look: Inspection | null;
  /** A second inspection shortly after, for a container that has just restarted. */
  readonly again: Inspection | null;
};
