import { access, constants, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { notApplicable, type Result, value } from '../../../engine/outcome.ts';
import { inspectPath, readText } from '../../io/files.ts';
import { probe } from '../jaco-probe.ts';
import { jacodProcess } from './jacod-process.ts';

/** The running daemon's access to this host: its network, the kernel's firewall, and programs. */
export type DaemonCapabilities = {
  /** Whether it is in the doctor's network namespace; `unseen` if only root can tell. */
  readonly network: 'same' | 'other' | 'unseen';
  /** Whether its children, such as nft, have CAP_NET_ADMIN; null if unknown. */
  readonly netAdmin: boolean | null;
  /** The path at which it finds each program; null if it finds none. */
  readonly programs: { readonly [name in Program]: string | null };
  /** Its PATH; `assumed` is systemd's default for services, if the process's own may not be read. */
  readonly path: { readonly folders: readonly string[]; readonly assumed: boolean };
};

type Program = 'nft' | 'iptables' | 'ip';

/** systemd's own default for services. */
const SYSTEMD_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const CAP_NET_ADMIN = 12n;

/** The access of the daemon; not applicable if none runs. */
export const daemonCapabilities = probe({
  name: 'jaco.daemon-reach',
  observes: 'host',
  right: 'root',
  after: { process: jacodProcess },
  deadlineMs: 1_000,
  async collect(_io, { process: { main } }): Promise<Result<DaemonCapabilities>> {
    if (main === null) return notApplicable('no jacod runs here');
    const [daemonNamespace, ownNamespace, status, environment] = await Promise.all([
      readlink(`/proc/${main.pid}/ns/net`).catch(() => null),
      readlink('/proc/self/ns/net').catch(() => null),
      readText(`/proc/${main.pid}/status`),
      readText(`/proc/${main.pid}/environ`),
    ]);
    const path = environment.kind === 'text' ? (/(?:^|\0)PATH=([^\0]*)/.exec(environment.text)?.[1] ?? '') : null;
    const folders = (path ?? SYSTEMD_PATH).split(':').filter((folder) => folder.startsWith('/'));
    // The daemon may have another root directory. If that may not be entered, the doctor's own is the best guess.
    const root = `/proc/${main.pid}/root`;
    const under = (await inspectPath(join(root, 'usr'))).kind === 'there' ? root : '/';
    const [nft, iptables, ip] = await Promise.all(
      (['nft', 'iptables', 'ip'] as const).map((name) => whichOf(under, folders, name)),
    );
    return value({
      network:
        daemonNamespace === null || ownNamespace === null
          ? 'unseen'
          : daemonNamespace === ownNamespace
            ? 'same'
            : 'other',
      netAdmin: status.kind === 'text' ? hasNetAdmin(status.text) : null,
      programs: { nft: nft ?? null, iptables: iptables ?? null, ip: ip ?? null },
      path: { folders, assumed: path === null },
    });
  },
});

/** The first executable in these folders, as Go's exec.LookPath finds it. */
async function whichOf(root: string, folders: readonly string[], name: string): Promise<string | null> {
  for (const folder of folders) {
    const path = join(root, folder, name);
    const pathStatus = await inspectPath(path);
    if (pathStatus.kind === 'there' && pathStatus.type === 'file' && (await runnable(path))) return join(folder, name);
  }
  return null;
}

function runnable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Parses /proc/PID/status. Over an exec, a root child keeps the whole bounding set, and another user's child keeps the
 * ambient set. A capability that only the daemon's own file grants is lost.
 */
export function hasNetAdmin(status: string): boolean | null {
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1];
  const has = (set: string): boolean | null => {
    const bits = new RegExp(`^${set}:\\s+([0-9a-f]+)$`, 'm').exec(status)?.[1];
    return bits === undefined ? null : ((BigInt(`0x${bits}`) >> CAP_NET_ADMIN) & 1n) === 1n;
  };
  return uid === '0' ? has('CapEff') : has('CapAmb');
}
