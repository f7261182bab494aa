import { renameSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/**
 * The behaviour for a connection: serve it; stay silent, like a stopped process; reset it; answer with HTTP/1 or with
 * random bytes; or send a valid start of an answer so slowly that it never completes.
 */
export type Behaviour = 'serve' | 'freeze' | 'reset' | 'http' | 'noise' | 'drip';

/** The address of a listener. Port 0 means any free port. */
export type ListenAddress = { readonly path: string } | { readonly host: string; readonly port: number };

const HTTP_REPLY =
  'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: 12\r\n\r\nBad Request\n';
const NOISE_REPLY = Buffer.from([0x15, 0x03, 0xff, 0x00, 0xde, 0xad, 0xbe, 0xef, 0x0d, 0x0a]);
/** An empty HTTP/2 SETTINGS frame, of which a drip never sends the last byte. */
const SETTINGS_FRAME = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const DRIP_MS = 500;

/** One listening socket whose behaviour can change while it listens. */
export class Listener {
  behaviour: Behaviour = 'serve';
  readonly #serve: (socket: Socket) => void;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #where: ListenAddress;

  constructor(address: ListenAddress, serve: (socket: Socket) => void) {
    this.#where = address;
    this.#serve = serve;
  }

  /** `ip:port`, or the path. It is kept while closed. */
  get address(): string {
    return 'path' in this.#where ? this.#where.path : `${this.#where.host}:${this.#where.port}`;
  }

  get listening(): boolean {
    return this.#server !== null;
  }

  /** Opens the listener, on the same port if it was open before. */
  async open(): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer((socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#where, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#server = server;
    if ('host' in this.#where) this.#where = { ...this.#where, port: (server.address() as AddressInfo).port };
  }

  /** Stops listening and drops all connections. With `leaveFile`, a unix socket's file remains, as after kill -9. */
  async close(leaveFile = false): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    // Closing removes the path to which the socket was bound, so the file is moved away first.
    const aside = leaveFile && 'path' in this.#where ? this.#where.path : null;
    if (aside !== null) renameSync(aside, `${aside}.aside`);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.drop();
    await closed;
    if (aside !== null) renameSync(`${aside}.aside`, aside);
  }

  /** Drops all open connections. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (this.behaviour === 'serve') this.#serve(socket);
    else misbehave(socket, this.behaviour, 'path' in this.#where);
  }
}

function misbehave(socket: Socket, behaviour: Exclude<Behaviour, 'serve'>, unix: boolean): void {
  switch (behaviour) {
    case 'freeze':
      return; // The kernel accepted the connection, and nothing reads from it.
    case 'reset':
      if (unix)
        socket.destroy(); // A unix socket has no reset.
      else socket.resetAndDestroy();
      return;
    case 'http':
      socket.once('data', () => socket.end(HTTP_REPLY));
      return;
    case 'noise':
      socket.resume();
      socket.end(NOISE_REPLY);
      return;
    case 'drip': {
      socket.resume();
      let sent = 0;
      const timer = setInterval(() => {
        if (sent < SETTINGS_FRAME.length - 1) socket.write(SETTINGS_FRAME.subarray(sent, ++sent));
      }, DRIP_MS);
      timer.unref();
      socket.once('close', () => clearInterval(timer));
    }
  }
}
