/** One line of the unit's journal. Time in ms since the epoch. */
export type JournalEntry = {
  readonly atMs: number;
  /** 0 to 7; 3 error, 4 warning, 6 info. Raw lines are always 6, whatever their text says. */
  readonly priority: number;
  /** JACO's own subsystem; null for systemd's lines and raw ones. */
  readonly subsystem: string | null;
  readonly message: string;
  /** The ERROR= field. */
  readonly error: string | null;
  /** Other fields of JACO's that are known and were there: NODE, VERSION, DEPLOYMENT, … */
  readonly fields: { readonly [name: string]: string };
  /** Written to stderr by raft's own logger or the proxy, not by JACO's (docs/jaco-daemon/journal.md#stderr-lines). */
  readonly raw: boolean;
  readonly pid: number | null;
  /** systemd's id of the start it belongs to. */
  readonly invocation: string | null;
};

/** What the journal holds that matters: the noise of a healthy daemon is left out at the source. */
export type Journal = {
  /** Newest last. */
  readonly entries: readonly JournalEntry[];
  /** From when on was looked. */
  readonly sinceMs: number;
  /** True where older lines of that time were left out for their number. */
  readonly cut: boolean;
  /** Messages that journald itself dropped for their rate. */
  readonly dropped: number;
};

/** A message of the daemon's log. Time in ms since the epoch. */
export type LoggedMessage = { readonly atMs: number; readonly text: string };
