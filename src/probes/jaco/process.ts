import { failed, type Result } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { probe } from '../io/io.ts';
import { jacodConfig } from './config.ts';
import { unit } from './unit.ts';

/** One running jacod. Times in ms since the epoch. */
export type Jacod = {
  readonly pid: number;
  readonly startedAtMs: number | null;
  /** The kernel's letter: R, S, T stopped, t traced, D waits for a device, Z ended and not collected. */
  readonly state: string;
  readonly uid: number | null;
  readonly user: string | null;
  /** Its program file; null where the link may not be read. */
  readonly exe: { readonly path: string; readonly deleted: boolean } | null;
  /** The file it was told to read; null where its command line or environment may not be read. */
  readonly configPath: string | null;
};

/** The daemon's process, and any others of its name on this host. */
export type JacodProcess = {
  /** Null where none runs. */
  readonly main: Jacod | null;
  readonly from: 'unit' | 'scan';
  /** Whether the daemon sees another file system than we do where its socket lies; null where that may not be seen. */
  readonly socketDirPrivate: boolean | null;
  /** Other jacod processes, and whether they use the same data directory (null: not known). */
  readonly others: readonly { readonly jacod: Jacod; readonly sameDataDir: boolean | null }[];
};

/** The daemon's process, with or without systemd. */
export const jacodProcess = probe({
  name: 'jaco.process',
  after: { unit: attempt(unit), config: attempt(jacodConfig) },
  deadlineMs: 2_000,
  collect: async () => failed('unreadable', 'start', 'not written yet') as Result<JacodProcess>,
});
