import { hostname } from 'node:os';
import { value } from '../../engine/outcome.ts';
import { readAccounts } from '../io/accounts.ts';
import { inspectPath } from '../io/files.ts';
import { probe } from '../io/io.ts';
import { bootTimeMs } from '../io/processes.ts';

/** The user of the doctor and the kind of host. Times in ms since the epoch. */
export type Identity = {
  /** The kernel hostname, which JACO uses for this node. */
  readonly hostname: string;
  readonly uid: number;
  /** Null if /etc/passwd does not list the uid. */
  readonly user: string | null;
  /** All groups of this process, sorted; a group without a name is its number. */
  readonly groups: readonly string[];
  readonly root: boolean;
  /** Whether systemd booted this host (sd_booted). */
  readonly systemd: boolean;
  /** Boot time, from /proc/stat; to the second. */
  readonly bootedAtMs: number | null;
};

/** The user of the doctor and the kind of host. */
export const identity = probe<Identity>({
  name: 'host.identity',
  deadlineMs: 1_000,
  async collect({ settings: { standIn } }) {
    const [accounts, systemdFolder, bootedAtMs] = await Promise.all([
      readAccounts(),
      inspectPath('/run/systemd/system'),
      bootTimeMs(),
    ]);
    const uid = process.geteuid?.() ?? -1;
    const gids = new Set([process.getegid?.() ?? -1, ...(process.getgroups?.() ?? [])]);
    return value({
      hostname: standIn?.hostname ?? hostname(),
      uid,
      user: accounts.user(uid)?.name ?? null,
      groups: [...gids].map((gid) => accounts.groupName(gid)).sort(),
      root: uid === 0,
      systemd: standIn === null && systemdFolder.kind === 'there' && systemdFolder.type === 'directory',
      bootedAtMs,
    });
  },
});
