import {
  createServer as createH2,
  createSecureServer,
  type Http2SecureServer,
  type Http2Server,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** The stage at which a server misbehaves: at once, in the TLS handshake, in the gRPC call, or in the HTTP answer. */
export type Stage = 'connection' | 'handshake' | 'call' | 'http';

/** The misbehaviour. */
export type Manner = 'silent' | 'drip' | 'reset' | 'garbage' | 'half' | 'never-read' | 'endless';

export const MANNERS: readonly Manner[] = ['silent', 'drip', 'reset', 'garbage', 'half', 'never-read', 'endless'];

/** One listening server that stalls; close it. `address` is a path, or `127.0.0.1:port`. */
export type Stalled = { readonly address: string; close(): void };

const DRIP_MS = 200;
const GARBAGE = Buffer.from('15033fde\u0000\u001b[2Jadbeef\r\n\r\n'.repeat(20), 'latin1');
/** The beginning of a healthy server's first message: an HTTP/2 SETTINGS frame, and a TLS 1.3 ServerHello record. */
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const SERVER_HELLO = Buffer.from([0x16, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3, ...Array.from({ length: 111 }, (_, i) => i)]);
const HTTP_HEAD = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n');
const VALID = { connection: SETTINGS, handshake: SERVER_HELLO, call: SETTINGS, http: HTTP_HEAD } as const;

/** Listens at `path`, or on a free port of loopback, and stalls at `stage` in that `manner`. */
export async function stalled(
  stage: Stage,
  manner: Manner,
  of: { path?: string; tls?: { cert: string; key: string } } = {},
): Promise<Stalled> {
  const sockets = new Set<Socket>();
  const h2 = stage === 'call' ? callServer(manner, of.tls) : null;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    if (h2 !== null) h2.emit('connection', socket);
    else misbehave(socket, manner, VALID[stage]);
  });
  await listen(server, of.path);
  return {
    address: of.path ?? `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      h2?.close();
      server.close();
    },
  };
}

function listen(server: Server, path: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    if (path === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(path, resolve);
  });
}

/** Bytes on a bare connection; `valid` is the beginning of a healthy server's message. */
function misbehave(socket: Socket, manner: Manner, valid: Buffer): void {
  switch (manner) {
    case 'never-read':
      socket.pause();
      return void socket.write(valid.subarray(0, 5));
    case 'silent':
      return void socket.resume();
    case 'drip':
      socket.resume();
      drip(socket, valid.subarray(0, -1));
      return;
    case 'reset':
      return void socket.once('data', () =>
        'resetAndDestroy' in socket && socket.remoteAddress ? socket.resetAndDestroy() : socket.destroy(),
      );
    case 'garbage':
      socket.resume();
      return void socket.end(GARBAGE);
    case 'half':
      return void socket.once('data', () => socket.end(valid.subarray(0, 5)));
    case 'endless':
      socket.resume();
      flood(socket, GARBAGE);
      return;
  }
}

function drip(socket: Socket, bytes: Buffer): void {
  let sent = 0;
  const timer = setInterval(() => void socket.write(bytes.subarray(sent, ++sent)), DRIP_MS);
  socket.once('close', () => clearInterval(timer));
}

function flood(to: Socket | ServerHttp2Stream, bytes: Buffer): void {
  const more = (): void => {
    while (!to.destroyed && to.write(bytes));
    to.once('drain', more);
  };
  more();
}

/** A gRPC message announces 10,000 bytes, of which not all follow. */
const MESSAGE = Buffer.concat([Buffer.from([0, 0, 0, 0x27, 0x10]), Buffer.alloc(40, 0x0a)]);

/** Speaks correct HTTP/2, takes the call, and then answers it in that manner. */
function callServer(manner: Manner, tls: { cert: string; key: string } | undefined): Http2Server | Http2SecureServer {
  const server = tls === undefined ? createH2() : createSecureServer(tls);
  server.on('sessionError', () => {});
  server.on('error', () => {});
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    const head = { ':status': 200, 'content-type': 'application/grpc' };
    switch (manner) {
      case 'silent':
        return void stream.resume();
      case 'never-read':
        return void stream.pause();
      case 'drip': {
        stream.respond(head);
        let sent = 0;
        const timer = setInterval(
          () => void stream.write(MESSAGE.subarray(sent % MESSAGE.length, (sent++ % MESSAGE.length) + 1)),
          DRIP_MS,
        );
        return void stream.once('close', () => clearInterval(timer));
      }
      case 'reset':
        stream.close(2);
        return;
      case 'garbage':
        stream.respond(head, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        return void stream.end(
          Buffer.concat([
            Buffer.from([0, 0, 0, 0, 9]),
            Buffer.from('\u000a\u00ff\u00ff\u00ff\u00ff\u001b[2J', 'latin1'),
          ]),
        );
      case 'half':
        stream.respond(head);
        stream.write(MESSAGE);
        return void setImmediate(() => stream.session?.destroy());
      case 'endless':
        stream.respond(head);
        stream.write(Buffer.from([0, 0x7f, 0xff, 0xff, 0xff]));
        flood(stream, Buffer.alloc(64 * 1024, 0x0a));
    }
  });
  return server;
}
