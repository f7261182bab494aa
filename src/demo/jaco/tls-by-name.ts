import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { KeyPair } from '../key-pair.ts';

/** A fatal alert, internal_error, with which the proxy ends a handshake for a name without a certificate. */
const INTERNAL_ERROR = Buffer.from('15030300020250', 'hex');

/**
 * Does the TLS handshake of a connection with the certificate for the name in the client's hello, like the proxy.
 * Without a certificate it sends alert 80 (docs/jaco-daemon/ingress.md#certificate-state).
 */
export function serveTlsByName(socket: Socket, certificates: ReadonlyMap<string, KeyPair>): void {
  socket.once('data', (hello) => {
    const pair = [...certificates].find(([name]) => hello.includes(serverName(name)))?.[1];
    if (pair === undefined) {
      socket.end(INTERNAL_ERROR);
      return;
    }
    // The TLS socket reads it again.
    socket.pause();
    socket.unshift(hello);
    const secured = new TLSSocket(socket, { isServer: true, secureContext: contextOf(pair) });
    secured.on('error', () => socket.destroy());
  });
}

const contexts = new WeakMap<KeyPair, SecureContext>();

function contextOf(pair: KeyPair): SecureContext {
  const context = contexts.get(pair) ?? createSecureContext(pair);
  contexts.set(pair, context);
  return context;
}

/** A name as in a hello: after its type and length (RFC 6066, section 3). */
function serverName(name: string): Buffer {
  const bytes = Buffer.from(name, 'latin1');
  return Buffer.concat([Buffer.from([0, bytes.length >> 8, bytes.length & 255]), bytes]);
}
