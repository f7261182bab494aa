import { renameSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/**
 * What happens to a connection: it is served; nobody says anything (a stopped process); it is reset; the other side
 * speaks HTTP/1 or noise; or bytes of a valid beginning come so slowly that it never becomes an answer.
 */
export type Manner = 'serve' | 'freeze' | 'reset' | 'http' | 'noise' | 'drip';

/** Where a listener listens. Port 0 takes a free one. */
export type Where = { readonly path: string } | { readonly host: string; readonly port: number };

const HTTP =
  'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: 12\r\n\r\nBad Request\n';
const NOISE = Buffer.from([0x15, 0x03, 0xff, 0x00, 0xde, 0xad, 0xbe, 0xef, 0x0d, 0x0a]);
/** An empty HTTP/2 SETTINGS frame, of which a drip never sends the last byte. */
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const DRIP_MS = 500;

/** One listening socket whose manner can be changed while it listens. */
export class Listener {
  manner: Manner = 'serve';
  readonly #serve: (socket: Socket) => void;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #where: Where;

  constructor(where: Where, serve: (socket: Socket) => void) {
    this.#where = where;
    this.#serve = serve;
  }

  /** `ip:port`, or the path. Kept while closed. */
  get address(): string {
    return 'path' in this.#where ? this.#where.path : `${this.#where.host}:${this.#where.port}`;
  }

  get listening(): boolean {
    return this.#server !== null;
  }

  /** Listens, again on the same port if it did before. */
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

  /** Stops listening and drops all connections. A unix socket's file stays behind with `leaveFile`, as after kill -9. */
  async close(leaveFile = false): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    // Closing unlinks the path the socket was bound to, so the file is moved out of the way for that moment.
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
    if (this.manner === 'serve') this.#serve(socket);
    else misbehave(socket, this.manner, 'path' in this.#where);
  }
}

function misbehave(socket: Socket, manner: Exclude<Manner, 'serve'>, unix: boolean): void {
  switch (manner) {
    case 'freeze':
      return; // never read: the kernel accepted, nobody is there
    case 'reset':
      if (unix)
        socket.destroy(); // a unix socket knows no reset
      else socket.resetAndDestroy();
      return;
    case 'http':
      socket.once('data', () => socket.end(HTTP));
      return;
    case 'noise':
      socket.resume();
      socket.end(NOISE);
      return;
    case 'drip': {
      socket.resume();
      let sent = 0;
      const timer = setInterval(() => {
        if (sent < SETTINGS.length - 1) socket.write(SETTINGS.subarray(sent, ++sent));
      }, DRIP_MS);
      timer.unref();
      socket.once('close', () => clearInterval(timer));
    }
  }
}
