import { chmodSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { type Behaviour, Listener } from '../listener.ts';

/** The control listeners of a node that a transport fault affects. */
export type ListenerChoice = 'socket' | 'tcp' | 'both';

/** Mode of the control socket that jacod creates (docs/jaco-daemon/control.md#control-socket). */
const SOCKET_MODE = 0o660;

/** The three listeners of a daemon: control socket, TLS port, raft port. */
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
    // The raft port speaks another protocol and closes a connection that it does not understand.
    const raft = new Listener({ host, port: 0 }, (connection) => connection.once('data', () => connection.destroy()));
    const listeners = new NodeListeners(socket, tcp, raft);
    try {
      await listeners.reopen();
    } catch (error) {
      await listeners.close(false);
      throw error;
    }
    return listeners;
  }

  /** Opens all three again at their previous addresses, and serves. */
  async reopen(): Promise<void> {
    if (!this.socket.listening) rmSync(this.socket.address, { force: true });
    await Promise.all([this.socket.open(), this.tcp.open(), this.raft.open()]);
    chmodSync(this.socket.address, SOCKET_MODE);
    this.setBehaviour('both', 'serve');
  }

  /** Closes all three; `leaveFile` leaves the socket's file behind. */
  async close(leaveFile: boolean): Promise<void> {
    await Promise.all([this.socket.close(leaveFile), this.tcp.close(), this.raft.close()]);
  }

  /** Sets the behaviour for new connections. */
  setBehaviour(choice: ListenerChoice, behaviour: Behaviour): void {
    for (const listener of this.#chosen(choice)) listener.behaviour = behaviour;
  }

  /** Drops the open connections. */
  drop(choice: ListenerChoice): void {
    for (const listener of this.#chosen(choice)) listener.drop();
  }

  #chosen(choice: ListenerChoice): Listener[] {
    return choice === 'both' ? [this.socket, this.tcp] : [this[choice]];
  }
}
