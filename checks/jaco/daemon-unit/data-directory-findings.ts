import type { Finding } from '../../../src/engine/finding.ts';
import { formatBytes, formatTime } from '../../../src/engine/format.ts';
import type { DataDir } from '../../../src/probes/jaco/daemon/data-dir.ts';
import type { JacodProcess } from '../../../src/probes/jaco/daemon/jacod-process.ts';
import type { StartFailure } from '../../../src/probes/jaco/journal/start-failure.ts';
import { FULL_DISK_LOG_MS } from '../../../src/probes/jaco/timing.ts';

type CheckFinding = Finding<
  'data_disk_full' | 'data_dir_unreadable' | 'data_dir_unwritable' | 'data_dir_locked' | 'disk_nearly_full',
  never
>;

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/** Raft's log grows by pages. With less than this left, one of the next writes fails. */
const FULL_BYTES = MIB;
/** The time, in ms, for which a full disk is assumed if the file system cannot be asked again. */
const FULL_DISK_ASSUMED_MS = 120_000;

/** The data disk is full, by the file system's counts or by a recent error of the daemon. */
export function dataDiskFull(
  data: DataDir,
  noSpaceAtMs: number | null,
  failure: StartFailure | null,
  now: number,
): CheckFinding | null {
  const { space } = data;
  const last = failure?.last?.reason.kind === 'disk-full' ? failure.last : null;
  const logged =
    last !== null
      ? [`jacod exited at ${formatTime(last.atMs)}: ${last.error}`]
      : noSpaceAtMs !== null && now - noSpaceAtMs < (space === null ? FULL_DISK_ASSUMED_MS : FULL_DISK_LOG_MS)
        ? [`raft logged at ${formatTime(noSpaceAtMs)}: no space left on device`]
        : [];
  const empty = space !== null && (space.freeBytes < FULL_BYTES || space.freeInodes === 0);
  if (!empty && logged.length === 0) return null;
  const counted =
    space === null
      ? []
      : [
          `${space.mount ?? data.path}: ${formatBytes(space.freeBytes)} of ${formatBytes(space.totalBytes)} free${space.freeInodes === 0 ? ', no free inode' : ''}`,
        ];
  return { id: 'data_disk_full', subject: null, evidence: [...counted, ...logged], values: spaceValues(data) };
}

/** Little space left: under 5 % and 5 GiB, or under 64 MiB, or under 2 % of the inodes. */
export function nearlyFullDisk(data: DataDir): CheckFinding | null {
  const { space } = data;
  if (space === null || space.totalBytes === 0) return null;
  const { freeBytes, totalBytes, freeInodes, totalInodes } = space;
  const few = freeInodes !== null && totalInodes !== null && freeInodes < totalInodes * 0.02;
  const little = freeBytes < 64 * MIB || (freeBytes < totalBytes * 0.05 && freeBytes < 5 * GIB);
  if (!few && !little) return null;
  const evidence = `${space.mount ?? data.path}: ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free${few ? `, ${freeInodes} of ${totalInodes} inodes` : ''}`;
  return {
    id: 'disk_nearly_full',
    subject: null,
    evidence: [evidence],
    values: { ...spaceValues(data), free: formatBytes(freeBytes) },
  };
}

/** Whether the daemon's user can read and write the data directory. */
export function closedData({ access, path, raftState }: DataDir): CheckFinding | null {
  if (access.kind !== 'unreadable' && access.kind !== 'unwritable') return null;
  const state = raftState === 'present' ? [`${path}/raft/log.db exists: this host has raft state`] : [];
  const seen = { subject: null, evidence: [access.why, ...state], values: { data_dir: path } };
  return access.kind === 'unreadable'
    ? { id: 'data_dir_unreadable', cause: access.cause, ...seen }
    : { id: 'data_dir_unwritable', cause: access.cause, ...seen };
}

/** Two daemons, or a daemon and another process, use one raft log. */
export function lockedData(data: DataDir, { main, others }: JacodProcess): CheckFinding | null {
  const sharing = others.filter(({ sameDataDir }) => sameDataDir === true).map(({ jacod }) => jacod);
  const all = main === null ? sharing : [main, ...sharing];
  const started = (jacod: (typeof all)[number]): string =>
    `jacod, pid ${jacod.pid}, was started at ${formatTime(jacod.startedAtMs)}`;
  if (all.length > 1) {
    const age = (jacod: (typeof all)[number]): number => jacod.startedAtMs ?? 0;
    // The process that holds the lock came first. If the lock cannot be read, it is the older process.
    const holds = (jacod: (typeof all)[number]): boolean => data.lockHolders?.includes(jacod.pid) ?? false;
    const byAge = [...all].sort((a, b) => Number(holds(b)) - Number(holds(a)) || age(a) - age(b) || a.pid - b.pid);
    const waiting = byAge.at(-1) as (typeof all)[number];
    const evidence = byAge.map(
      (jacod) => `${started(jacod)}${holds(jacod) ? ' and holds the lock of raft/log.db' : ''}`,
    );
    return {
      id: 'data_dir_locked',
      subject: null,
      cause: 'two-daemons',
      evidence: [`all of these use ${data.path}`, ...evidence],
      values: { data_dir: data.path, waiting_pid: String(waiting.pid) },
    };
  }
  const foreignHolders = (data.lockHolders ?? []).filter((pid) => pid > 0 && pid !== main?.pid);
  if (main === null || foreignHolders.length === 0 || data.lockHolders?.includes(main.pid)) return null;
  const evidence = [
    `${data.path}/raft/log.db is locked by pid ${foreignHolders.join(', ')}, which is not the daemon (pid ${main.pid})`,
  ];
  return { id: 'data_dir_locked', subject: null, cause: 'unknown-holder', evidence, values: { data_dir: data.path } };
}

function spaceValues({ path, space }: DataDir): { readonly [name: string]: string } {
  return { data_dir: path, ...(space?.mount ? { mount: space.mount } : {}) };
}
