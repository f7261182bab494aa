import { failed } from '../../engine/outcome.ts';
import { probe } from '../io/io.ts';

/** Who the doctor runs as and what kind of host this is. Times in ms since the epoch. */
export type Identity = {
  /** As the kernel has it: the name JACO takes for this node. */
  readonly hostname: string;
  readonly uid: number;
  /** Null where /etc/passwd does not list the uid. */
  readonly user: string | null;
  /** All groups of this process, sorted; a group without a name is its number. */
  readonly groups: readonly string[];
  readonly root: boolean;
  /** Whether systemd booted this host (sd_booted). */
  readonly systemd: boolean;
  /** Boot time, from /proc/stat. */
  readonly bootedAtMs: number | null;
};

/** Who looks, and at what kind of host. */
export const identity = probe<Identity>({
  name: 'host.identity',
  deadlineMs: 1_000,
  collect: async () => failed('unreadable', 'start', 'not written yet'),
});
