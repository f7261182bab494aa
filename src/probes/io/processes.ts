import { listFolder, readLinkTarget, readText } from './files.ts';

/** The numeric part of /proc/PID/stat that is read here. */
export type ProcessStat = {
  readonly comm: string;
  readonly state: string;
  readonly parent: number;
  /** Clock ticks from boot to its start. */
  readonly startTicks: number;
};

/** Ids of all visible processes. */
async function listProcessIds(): Promise<readonly number[]> {
  const file = await listFolder('/proc', 200_000);
  return file.kind === 'names' ? file.names.filter((name) => /^\d+$/.test(name)).map(Number) : [];
}

/** Ids of all processes with this program name in the kernel. */
export async function findProcesses(name: string): Promise<readonly number[]> {
  const pids = await listProcessIds();
  const matches = await Promise.all(
    pids.map(async (pid) => {
      const comm = await readText(`/proc/${pid}/comm`);
      return comm.kind === 'text' && comm.text.trimEnd() === name ? [pid] : [];
    }),
  );
  return matches.flat();
}

export async function readProcessStat(pid: number): Promise<ProcessStat | null> {
  const file = await readText(`/proc/${pid}/stat`);
  return file.kind === 'text' ? parseProcessStat(file.text) : null;
}

/** Parses /proc/PID/stat. The name is in parentheses and may contain blanks and parentheses. */
export function parseProcessStat(text: string): ProcessStat | null {
  const [open, close] = [text.indexOf('('), text.lastIndexOf(')')];
  if (open < 0 || close < open) return null;
  const [state = '?', ...rest] = text.slice(close + 2).split(' ');
  // Field 22 of the whole line; the state is field 3.
  const startTicks = Number(rest[18]);
  return Number.isFinite(startTicks)
    ? { comm: text.slice(open + 1, close), state, parent: Number(rest[0]), startTicks }
    : null;
}

// USER_HZ is 100 on every architecture that Node runs on.
const MS_PER_TICK = 10;

/** Boot time in ms since the epoch, to the second; null if it cannot be read. */
export async function bootTimeMs(): Promise<number | null> {
  const file = await readText('/proc/stat');
  const seconds = file.kind === 'text' ? /^btime (\d+)$/m.exec(file.text)?.[1] : undefined;
  return seconds === undefined ? null : Number(seconds) * 1000;
}

export function startedAtMs(stat: ProcessStat, bootMs: number | null): number | null {
  return bootMs === null ? null : bootMs + stat.startTicks * MS_PER_TICK;
}

/** A process that holds a socket. Only root sees holders of other users. */
export type SocketHolder = { readonly pid: number; readonly program: string };

/** The processes that hold these sockets, by inode. If the signal aborts, gives the result so far. */
export async function socketHolders(
  inodes: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly SocketHolder[]>> {
  const holdersByInode = new Map<string, SocketHolder[]>();
  if (inodes.size === 0) return holdersByInode;
  const pids = await listProcessIds();
  // A few at a time, because each reads every link in a folder.
  for (let at = 0; at < pids.length && !signal.aborted; at += 32) {
    await Promise.all(
      pids.slice(at, at + 32).map(async (pid) => {
        const fds = await listFolder(`/proc/${pid}/fd`, 10_000);
        if (fds.kind !== 'names') return;
        const matching = new Set<string>();
        // A server may have ten thousand links; reading all at once would take most of the memory of a run.
        for (let from = 0; from < fds.names.length && !signal.aborted; from += 256) {
          const batch = fds.names.slice(from, from + 256);
          const links = await Promise.all(batch.map((fd) => readLinkTarget(`/proc/${pid}/fd/${fd}`)));
          for (const link of links) {
            const inode = /^socket:\[(\d+)\]$/.exec(link ?? '')?.[1];
            if (inode !== undefined && inodes.has(inode)) matching.add(inode);
          }
        }
        if (matching.size === 0) return;
        const program = (await readProcessStat(pid))?.comm ?? '?';
        for (const inode of matching)
          holdersByInode.set(inode, [...(holdersByInode.get(inode) ?? []), { pid, program }]);
      }),
    );
  }
  for (const holders of holdersByInode.values()) holders.sort((a, b) => a.pid - b.pid);
  return holdersByInode;
}
