import { failed, type Result } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { probe } from '../io/io.ts';
import type { ConfigProblem, JacodSettings } from './config/settings.ts';
import { unit } from './unit.ts';

export type { ConfigProblem, JacodSettings } from './config/settings.ts';

/** jacod.yaml as it lies there now, read with the daemon's own rules. */
export type JacodConfig = {
  readonly path: string;
  /** Who named the path: the user, the unit (its JACO_CONFIG or --config), or nobody. */
  readonly from: 'given' | 'unit' | 'default';
  /** False where there is no file, which the daemon takes as all defaults. */
  readonly present: boolean;
  /** Null where the file is no YAML or unreadable to the daemon. With another problem: what was read of it, defaults else. */
  readonly settings: JacodSettings | null;
  readonly problem: ConfigProblem | null;
  readonly modifiedAtMs: number | null;
  /** Permission bits. */
  readonly mode: number | null;
  readonly owner: string | null;
  readonly group: string | null;
  /** The user the unit runs as; null where no unit says. */
  readonly daemonUser: string | null;
  /** Whether that user can read the file, by modes and groups; null where it is not known. */
  readonly readableByDaemon: boolean | null;
};

/** What jacod.yaml says. Fails with `denied` where the doctor itself may not read it. */
export const jacodConfig = probe({
  name: 'jaco.config',
  after: { unit: attempt(unit) },
  deadlineMs: 1_000,
  collect: async () => failed('unreadable', 'start', 'not written yet') as Result<JacodConfig>,
});
