import { failed, type Result, value } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { compareText } from '../../engine/text.ts';
import { readText } from '../io/files.ts';
import { probe } from '../io/io.ts';
import { type SocketHolder, socketHolders } from '../io/processes.ts';
import { identity } from './identity.ts';
import { internetSockets, unixListeners } from './proc-net.ts';

/** A socket that accepts traffic on this host: TCP in LISTEN, or UDP bound without a peer. */
export type Listener = {
  readonly protocol: 'tcp' | 'udp';
  /** `0.0.0.0`, `10.0.0.4`, `::`. */
  readonly address: string;
  readonly port: number;
  readonly uid: number;
  /** The process that holds it, not the systemd that passed it on; null if not visible. */
  readonly pid: number | null;
  readonly program: string | null;
};

/** A listening unix socket by its bound path, which may no longer exist. */
export type UnixListener = { readonly path: string; readonly inode: string; readonly holders: readonly SocketHolder[] };

/** All listeners in the network namespace of this process, sorted by protocol, port and address. */
export type Listeners = {
  readonly listeners: readonly Listener[];
  readonly unix: readonly UnixListener[];
  /** False if the holders of other users' sockets are not visible; only root sees them. */
  readonly holdersVisible: boolean;
};

/** The listeners of this host, from /proc/net, and their holders. */
export const listeners = probe({
  name: 'host.listeners',
  after: { identity: attempt(identity) },
  deadlineMs: 2_000,
  async collect(io, { identity }, signal): Promise<Result<Listeners>> {
    const read = await Promise.all(['tcp', 'tcp6', 'udp', 'udp6', 'unix'].map((name) => readText(`/proc/net/${name}`)));
    const [tcp, tcp6, udp, udp6, unix] = read.map((file) => (file.kind === 'text' ? file.text : null));
    // Without IPv6 its files do not exist. Without the first file, /proc is unreadable.
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
          // systemd keeps a copy of a socket that it passes on: the program is the later holder.
          const holder = holders.get(inode)?.at(-1);
          return { ...socket, pid: holder?.pid ?? null, program: holder?.program ?? null };
        })
        .sort((a, b) => compareText(a.protocol, b.protocol) || a.port - b.port || compareText(a.address, b.address)),
      unix: unixSockets.map((socket) => ({ ...socket, holders: holders.get(socket.inode) ?? [] })),
      holdersVisible: identity.kind === 'value' && identity.value.root,
    });
  },
});
