import { formatTime } from '../../../src/engine/format.ts';
import { isServiceRunning } from '../../../src/probes/jaco/daemon/unit.ts';
import type { JournalEntry } from '../../../src/probes/jaco/journal/journal-entry.ts';
import { type Sign, signature } from './signature.ts';

/** #151: the daemon of a member is running, and its unit is not enabled. */
export const unitLeftDisabled = signature(['unit', 'data'], ({ unit, data }) => {
  const { load, enabled } = unit.service;
  if (load !== 'loaded' || enabled !== 'disabled' || data.raftState !== 'present' || !isServiceRunning(unit)) return [];
  return [
    sign(
      `jaco.service is running but disabled, and ${data.path}/raft/log.db makes this host a member`,
      'After a reboot, jacod does not start on this node.',
    ),
  ];
});

/** #167: at the path of its socket, the daemon sees another directory than the host. */
export const socketInPrivateNamespace = signature(['process'], ({ process }) =>
  process.socketDirPrivate === true
    ? [
        sign(
          'jacod sees another directory than this host at the path of the control socket',
          'Commands on this host do not find the control socket.',
        ),
      ]
    : [],
);

/** Lines that a follower logs in releases without the fix of #88, #112 and #113. */
const FOLLOWER_NOISE = /^(Audit\(\w+.*\) failed|firewall\.Reconciler\.Tick failed)|storage is probably misconfigured/;

/** #88, #112, #113: only the leader may write, but followers try too. */
export const followerNoise = signature(['journal'], ({ journal }) =>
  logged(journal.entries, (entry) => {
    const text = `${entry.message} ${entry.error ?? ''}`;
    return FOLLOWER_NOISE.test(entry.message) && /not the leader/.test(text);
  }),
);

/** #146: a follower tries to write the audit event of a certificate. */
export const certificateAuditNoise = signature(['journal'], ({ journal }) =>
  logged(journal.entries, ({ message }) => message === 'cert audit emit failed'),
);

function logged(entries: readonly JournalEntry[], holds: (entry: JournalEntry) => boolean): readonly Sign[] {
  const lines = entries.filter(holds);
  const last = lines.at(-1);
  if (last === undefined) return [];
  const text = last.error === null ? last.message : `${last.message}: ${last.error}`;
  return [sign(`${lines.length} such lines in the journal, the last at ${formatTime(last.atMs)}: ${text}`, null)];
}

function sign(evidence: string, impact: string | null): Sign {
  return { about: null, evidence: [evidence], impact, madeAtMs: null };
}
