import type { ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js';
import type { KeyPair } from '../key-pair.ts';
import { type GrpcReply, goHeaders, refusalTrailers } from './reply.ts';

/** One incoming call. `authorization` is the first such header, or undefined. */
export type IncomingCall = { readonly path: string; readonly body: Buffer; readonly authorization: string | undefined };

/** A gRPC server without its own socket: the caller passes connections to it. */
export type GrpcServer = {
  /** Serves a plaintext connection. */
  servePlain(connection: Duplex): void;
  /** Does the TLS handshake on a connection with this certificate, then serves it. */
  serveTls(connection: Duplex, certificate: KeyPair): void;
  close(): void;
};

/** Two private parts of grpc-js: a Server's table of handlers, and the HTTP/2 stream of a call. */
type WithHandlers = { handlers: { get(path: string): unknown } };
type WithStream = { call: { stream: ServerHttp2Stream } };

/**
 * A real grpc-js server that passes every call to one function. grpc-js answers unknown paths itself, with other texts
 * than grpc-go, and has no hook for them. So its table of handlers is changed to have one for each path.
 */
export function grpcServer(answer: (call: IncomingCall) => Promise<GrpcReply>): GrpcServer {
  const server = new Server({ 'grpc.max_receive_message_length': 4 * 1024 * 1024 });
  const identity = (bytes: Buffer): Buffer => bytes;
  const handlers = (server as unknown as WithHandlers).handlers;
  // A unary answer and a stream of one message have the same bytes, so one kind of handler serves both.
  handlers.get = (path) => ({ func: handle, serialize: identity, deserialize: identity, type: 'serverStream', path });

  async function handle(call: ServerWritableStream<Buffer, Buffer>): Promise<void> {
    const authorization = call.metadata.get('authorization')[0]?.toString();
    const reply = await answer({ path: call.getPath(), body: call.request, authorization });
    if (call.cancelled) return;
    withoutDate((call as unknown as WithStream).call.stream);
    if ('messages' in reply) {
      call.sendMetadata(goHeaders());
      for (const message of reply.messages) call.write(Buffer.from(message));
      call.end();
    } else {
      call.emit('error', { code: reply.grpc, details: reply.line, metadata: refusalTrailers(reply) });
    }
  }

  const plainInjector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const tls = new Map<KeyPair, typeof plainInjector>();
  return {
    servePlain: (connection) => plainInjector.injectConnection(connection),
    serveTls(connection, pair) {
      let injector = tls.get(pair);
      if (injector === undefined) {
        // With explicit roots, grpc-js does not read those of GRPC_DEFAULT_SSL_ROOTS_FILE_PATH.
        const credentials = ServerCredentials.createSsl(Buffer.from(pair.cert), [
          { cert_chain: Buffer.from(pair.cert), private_key: Buffer.from(pair.key) },
        ]);
        injector = server.createConnectionInjector(credentials);
        tls.set(pair, injector);
      }
      injector.injectConnection(connection);
    },
    close: () => server.forceShutdown(),
  };
}

/** Node adds a date to every answer; Go's gRPC server does not. */
function withoutDate(stream: ServerHttp2Stream): void {
  const respond = stream.respond.bind(stream);
  // sendDate is documented, but absent from the types
  stream.respond = (headers, options) => respond(headers, Object.assign({}, options, { sendDate: false }));
}
