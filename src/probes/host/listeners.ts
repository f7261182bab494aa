import { failed, type Result, value } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { readText } from '../io/files.ts';
import { probe } from '../io/io.ts';
import { type SocketHolder, socketHolders } from '../io/processes.ts';
import { identity } from './identity.ts';
import { internetSockets, unixListeners } from './proc-net.ts';

/** A socket that waits for others on this host: TCP in LISTEN, or UDP bound without a peer. */
export type Listener = {
  readonly protocol: 'tcp' | 'udp';
  /** `0.0.0.0`, `10.0.0.4`, `::`. */
  readonly address: string;
  readonly port: number;
  readonly uid: number;
  /** Who holds it, the program itself rather than a systemd that passed it on; null where that is not ours to see. */
  readonly pid: number | null;
  readonly program: string | null;
};

/** A unix socket that waits for connections, by the name it was bound to, which may be gone from the file system. */
export type UnixListener = { readonly path: string; readonly inode: string; readonly holders: readonly SocketHolder[] };

/** Everything that listens in our network namespace, sorted by protocol, port and address. */
export type Listeners = {
  readonly listeners: readonly Listener[];
  readonly unix: readonly UnixListener[];
  /** False where holders of others' sockets cannot be seen: only root may. */
  readonly holdersVisible: boolean;
};

/** What listens here, from /proc/net, and who holds it. */
export const listeners = probe({
  name: 'host.listeners',
  after: { identity: attempt(identity) },
  deadlineMs: 2_000,
  async collect(io, { identity }, signal): Promise<Result<Listeners>> {
    const read = await Promise.all(['tcp', 'tcp6', 'udp', 'udp6', 'unix'].map((name) => readText(`/proc/net/${name}`)));
    const [tcp, tcp6, udp, udp6, unix] = read.map((file) => (file.kind === 'text' ? file.text : null));
    // Without IPv6 the files of it are not there; without the first there is no /proc to speak of.
    if (tcp == null) return failed('unreadable', 'read', '/proc/net/tcp cannot be read');
    const sockets = [
      ...internetSockets('tcp', tcp),
      ...internetSockets('tcp', tcp6 ?? ''),
      ...internetSockets('udp', udp ?? ''),
      ...internetSockets('udp', udp6 ?? ''),
    ];
    const unixSockets = unixListeners(unix ?? '');
    io.phase('holders');
    const holders = await socketHolders(new Set([...sockets, ...unixSockets].map(({ inode }) => inode)), signal);
    return value({
      listeners: sockets
        .map(({ inode, ...socket }): Listener => {
          // systemd keeps a copy of what it passes on: the program is the later one.
          const holder = holders.get(inode)?.at(-1);
          return { ...socket, pid: holder?.pid ?? null, program: holder?.program ?? null };
        })
        .sort((a, b) => compareText(a.protocol, b.protocol) || a.port - b.port || compareText(a.address, b.address)),
      unix: unixSockets.map((socket) => ({ ...socket, holders: holders.get(socket.inode) ?? [] })),
      holdersVisible: identity.kind === 'value' && identity.value.root,
    });
  },
});

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
