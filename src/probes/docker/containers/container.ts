/** How a container is or was, at one look. Times in ms since the epoch; null for never. */
export type Inspection = {
  readonly atMs: number;
  /** Docker's word: created, running, paused, restarting, removing, exited, dead. */
  readonly state: string;
  readonly startedAtMs: number | null;
  /** When it last ended; of a running one, when its run before this one did. */
  readonly finishedAtMs: number | null;
  /** Of its last end; 0 while it runs, whatever it was before. */
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /**
   * Why Docker could not start it: the one place that says so (docs/jaco-daemon/runtime.md#never-started). Null where
   * it says nothing.
   */
  readonly error: string | null;
  /** Null where it has no health check. */
  readonly health: {
    /** starting, healthy, unhealthy. */
    readonly status: string;
    readonly failingStreak: number;
    /** What the last check said, and its exit status; the program's own words, bounded and without a secret's shape. */
    readonly output: string | null;
    readonly exitCode: number | null;
  } | null;
  readonly startPeriodMs: number;
  /** How long its health check can leave it starting at the most, by its settings: Docker ends one that takes too long. */
  readonly startingForMs: number;
  /**
   * The name servers it was made with: JACO's gateways, or what compose's `dns:` says
   * (docs/jaco-daemon/network.md#container-dns).
   */
  readonly dns: readonly string[];
};

/** A container that carries JACO's labels. Its environment is never read. */
export type Container = {
  readonly id: string;
  readonly name: string;
  readonly replica: string;
  readonly deployment: string;
  readonly service: string;
  readonly clusterId: string;
  /**
   * The revision it was made for: GetReplicas' own while it is the right one
   * (docs/jaco-daemon/runtime.md#healthy-replica).
   */
  readonly revision: string;
  readonly state: string;
  /** By Docker's own words it runs for an hour or more, and no health check of it fails. */
  readonly settled: boolean;
  /** To the second. */
  readonly createdAtMs: number;
  readonly networks: readonly { readonly name: string; readonly ip: string }[];
  /** Null where there are so many that this one was not looked at closely: the settled ones come last. */
  readonly look: Inspection | null;
  /** A second look, a moment later, at one that has just been started again. */
  readonly again: Inspection | null;
};
