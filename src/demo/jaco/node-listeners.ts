import { chmodSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { Listener, type Manner } from '../listener.ts';

/** Which of a node's two doors a fault of transport is at. */
export type NodeListener = 'socket' | 'tcp' | 'both';

/** Mode of the control socket, as jacod makes it (contract 1.1). */
const SOCKET_MODE = 0o660;

/** The three places where a daemon listens: control socket, TLS port, raft port. */
export class NodeListeners {
  readonly socket: Listener;
  readonly tcp: Listener;
  readonly raft: Listener;

  private constructor(socket: Listener, tcp: Listener, raft: Listener) {
    this.socket = socket;
    this.tcp = tcp;
    this.raft = raft;
  }

  /** Opens the socket at `path` and two free ports of `host`. */
  static async open(
    path: string,
    host: string,
    serve: { socket: (connection: Socket) => void; tcp: (connection: Socket) => void },
  ): Promise<NodeListeners> {
    const socket = new Listener({ path }, serve.socket);
    const tcp = new Listener({ host, port: 0 }, serve.tcp);
    // The raft port speaks another protocol and hangs up on whatever it does not understand.
    const raft = new Listener({ host, port: 0 }, (it) => it.once('data', () => it.destroy()));
    const doors = new NodeListeners(socket, tcp, raft);
    try {
      await doors.reopen();
    } catch (error) {
      await doors.close(false);
      throw error;
    }
    return doors;
  }

  /** Opens all three again where they were, and serves. */
  async reopen(): Promise<void> {
    if (!this.socket.listening) rmSync(this.socket.address, { force: true });
    await Promise.all([this.socket.open(), this.tcp.open(), this.raft.open()]);
    chmodSync(this.socket.address, SOCKET_MODE);
    this.behave('both', 'serve');
  }

  /** Closes all three; `leaveFile` leaves the socket's file behind. */
  async close(leaveFile: boolean): Promise<void> {
    await Promise.all([this.socket.close(leaveFile), this.tcp.close(), this.raft.close()]);
  }

  /** Sets what happens to new connections. */
  behave(door: NodeListener, manner: Manner): void {
    for (const listener of this.#at(door)) listener.manner = manner;
  }

  /** Drops the connections that are open. */
  drop(door: NodeListener): void {
    for (const listener of this.#at(door)) listener.drop();
  }

  #at(door: NodeListener): Listener[] {
    return door === 'both' ? [this.socket, this.tcp] : [this[door]];
  }
}
