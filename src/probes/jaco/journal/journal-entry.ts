/** One line of the unit's journal. Time in ms since the epoch. */
export type JournalEntry = {
  readonly atMs: number;
  /** 0 to 7; 3 error, 4 warning, 6 info. Raw lines always have 6. */
  readonly priority: number;
  /** JACO's own subsystem; null for systemd's lines and raw ones. */
  readonly subsystem: string | null;
  readonly message: string;
  /** The ERROR= field. */
  readonly error: string | null;
  /** Other known fields of JACO that were present: NODE, VERSION, DEPLOYMENT, … */
  readonly fields: { readonly [name: string]: string };
  /**
   * Whether raft's own logger or the proxy wrote it to stderr, not JACO's logger
   * (docs/jaco-daemon/journal.md#stderr-lines).
   */
  readonly raw: boolean;
  readonly pid: number | null;
  /** systemd's id of the start to which it belongs. */
  readonly invocation: string | null;
};

/** The relevant lines of the journal: noise of a healthy daemon is filtered at the source. */
export type Journal = {
  /** Newest last. */
  readonly entries: readonly JournalEntry[];
  /** The begin of the time that was read. */
  readonly sinceMs: number;
  /** Whether older lines of that time were left out because there are too many. */
  readonly cut: boolean;
  /** Messages that journald itself dropped because of its rate limit. */
  readonly dropped: number;
};

/** A message of the daemon's log. Time in ms since the epoch. */
export type LoggedMessage = { readonly atMs: number; readonly text: string };
