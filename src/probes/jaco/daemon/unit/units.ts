/** The state of one unit in systemd. Words are systemd's own; times in ms since the epoch, null for never. */
type UnitState = {
  /** `loaded`, `not-found`, `masked`, `bad-setting`, `error`, … */
  readonly load: string;
  /** `active`, `activating`, `inactive`, `failed`, `deactivating`, … */
  readonly active: string;
  /** `running`, `auto-restart`, `dead`, `listening`, … */
  readonly sub: string;
  /** `success`, `exit-code`, `signal`, `start-limit-hit`, … */
  readonly result: string;
  /** `enabled`, `disabled`, `masked`, …; empty if there is no unit file. */
  readonly enabled: string;
  /** The path of the unit file; null for none. */
  readonly fragment: string | null;
  /** Set if a unit file changed and systemd still uses the old one. */
  readonly needsReload: boolean;
};

/** jaco.service. */
export type ServiceState = UnitState & {
  /**
   * Automatic restarts. A successful start does not reset the number, so it proves no loop
   * (docs/jaco-daemon/daemon.md#systemd).
   */
  readonly restarts: number;
  readonly mainPid: number | null;
  /** How the last main process ended; null while it runs, or if none ever ran. */
  readonly exit: { readonly how: 'exited' | 'killed' | 'dumped'; readonly status: number } | null;
  readonly activeSinceMs: number | null;
  /** When it last became inactive. */
  readonly inactiveSinceMs: number | null;
  readonly startedAtMs: number | null;
  readonly exitedAtMs: number | null;
  readonly invocation: string | null;
  /** Empty User= is root. */
  readonly user: string;
  readonly group: string | null;
  readonly supplementaryGroups: readonly string[];
  readonly execPath: string | null;
  /** The file that `--config` or JACO_CONFIG names; null if they name none, or if that is unknown. */
  readonly configPath: string | null;
  /** Why the unit does not show which file jacod reads; null if it does. */
  readonly configUnknown: string | null;
  /** The files that decide it: the unit's own file, its drop-ins and those of EnvironmentFile=. */
  readonly configNamedIn: readonly string[];
  readonly readWritePaths: readonly string[];
  /** Paths of StateDirectory=, which are writable too. */
  readonly stateDirectories: readonly string[];
  /** `strict`, `full`, `yes`, `no`. */
  readonly protectSystem: string;
  readonly privateTmp: boolean;
};

/** jaco.socket. */
export type SocketState = UnitState & {
  /** Paths of its stream listeners. */
  readonly listen: readonly string[];
  /** Their group and mode; null if the unit leaves them to systemd (root, 0666). */
  readonly socketGroup: string | null;
  readonly socketMode: number | null;
};

export type Units = { readonly service: ServiceState; readonly socket: SocketState };
