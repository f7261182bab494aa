import { failed } from '../../engine/outcome.ts';
import { probe } from '../io/io.ts';

/** A socket that waits for others on this host: TCP in LISTEN, or UDP bound without a peer. */
export type Listener = {
  readonly protocol: 'tcp' | 'udp';
  /** As ss prints it: `0.0.0.0`, `10.0.0.4`, `::`. */
  readonly address: string;
  readonly port: number;
  readonly uid: number;
  /** Who holds it; null where that is not ours to see (only root sees others' file descriptors). */
  readonly pid: number | null;
  readonly program: string | null;
};

/** Everything that listens on this host, sorted by protocol, port and address. */
export type Listeners = { readonly listeners: readonly Listener[]; /** False where holders of others' sockets cannot be seen. */ readonly holdersVisible: boolean };

/** What listens here, from /proc/net/{tcp,tcp6,udp,udp6}. */
export const listeners = probe<Listeners>({
  name: 'host.listeners',
  deadlineMs: 2_000,
  collect: async () => failed('unreadable', 'start', 'not written yet'),
});
