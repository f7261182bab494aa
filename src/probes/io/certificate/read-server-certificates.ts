import { connect, type Socket } from 'node:net';
import { cpuFairTimeout } from '../../../engine/cpu-fair-timeout.ts';
import { clientHello } from './client-hello.ts';
import type { ServerCertificates, ServerCertificatesOptions, TlsAddress } from './server-certificates.ts';
import { readServerFlight } from './server-flight.ts';

export type { ServerCertificates } from './server-certificates.ts';

/** A chain with the largest common keys has 10 KB. */
const MAX_BYTES = 256 * 1024;

/**
 * Connects to an address, sends a hello for a name, reads the certificates and closes. Nothing is verified and no
 * request is sent. The handshake is not completed, so no application notices it. A server that supports only TLS 1.3 is
 * asked again with that version. Never throws.
 */
export async function readServerCertificates(
  target: TlsAddress,
  options: ServerCertificatesOptions,
): Promise<ServerCertificates> {
  const shown = await sayHello(target, options);
  if (shown.kind !== 'alert' || shown.code !== PROTOCOL_VERSION) return shown;
  const { readEncryptedCertificates } = await import('./read-encrypted-certificates.ts');
  return (await readEncryptedCertificates(target, options)) ?? shown;
}

/** The alert of a server that supports no version of the hello. */
const PROTOCOL_VERSION = 70;

function sayHello(
  target: TlsAddress,
  { serverName, limitMs, signal }: ServerCertificatesOptions,
): Promise<ServerCertificates> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let socket: Socket | undefined;
    let connected = false;
    let bytes = Buffer.alloc(0);
    let cancelTimeout = (): void => {};
    const settle = (shown: DistributiveOmit<ServerCertificates, 'ms'>): void => {
      cancelTimeout();
      signal.removeEventListener('abort', giveUp);
      socket?.destroy();
      resolve({ ...shown, ms: Math.round(performance.now() - startedAt) });
    };
    const giveUp = (): void =>
      settle(connected ? { kind: 'silent', began: bytes.length > 0 } : { kind: 'no-connection', code: null });
    const fail = (error: unknown): void => {
      const code = String((error as NodeJS.ErrnoException).code ?? 'ERROR');
      settle(connected ? { kind: 'closed', reset: code === 'ECONNRESET' } : { kind: 'no-connection', code });
    };
    if (signal.aborted) return giveUp();
    cancelTimeout = cpuFairTimeout(limitMs, giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      socket = connect(target);
    } catch (error) {
      return fail(error);
    }
    socket.once('connect', () => {
      connected = true;
      cancelTimeout();
      cancelTimeout = cpuFairTimeout(limitMs, giveUp);
      socket?.write(clientHello(serverName));
    });
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const flight = readServerFlight(bytes);
      if (flight.kind === 'other' || bytes.length > MAX_BYTES)
        settle({ kind: 'not-tls', http: flight.kind === 'other' && flight.http });
      else if (flight.kind !== 'incomplete') settle(flight);
    });
    socket.on('error', fail);
    socket.once('close', () => settle({ kind: 'closed', reset: false }));
  });
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
