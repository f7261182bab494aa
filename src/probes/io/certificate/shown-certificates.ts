import { connect, type Socket } from 'node:net';
import { cpuFairTimeout } from '../../../engine/cpu-fair-timeout.ts';
import { clientHello } from './client-hello.ts';
import { readServerFlight } from './server-flight.ts';

/**
 * What a TLS server shows for one name. `ms` counts from the connect.
 * `certificates`: DER, in the order in which they came; empty if the server has none. `alert`: it ended the handshake with this
 * number. `not-tls`: it speaks another protocol. `closed`: it closed or reset the connection in the handshake. `silent`: it
 * accepted, and its certificate did not come in time; `began` if some bytes did. `no-connection`: nothing accepted; `code` is the error code of the system,
 * null if no answer came in time.
 */
export type Shown =
  | { readonly kind: 'certificates'; readonly list: readonly Buffer[]; readonly ms: number }
  | { readonly kind: 'alert'; readonly code: number; readonly ms: number }
  | { readonly kind: 'not-tls'; readonly http: boolean; readonly ms: number }
  | { readonly kind: 'closed'; readonly reset: boolean; readonly ms: number }
  | { readonly kind: 'silent'; readonly began: boolean; readonly ms: number }
  | { readonly kind: 'no-connection'; readonly code: string | null; readonly ms: number };

/** Where a TLS server listens; `host` is an address. */
export type TlsAddress = { readonly host: string; readonly port: number };

export type ShownOptions = {
  /** Sent as server name (SNI). */
  readonly serverName: string;
  /** Time for the connect, and again for the handshake, in ms. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
};

/** A chain with the largest common keys has 10 KB. */
const MAX_BYTES = 256 * 1024;

/**
 * Connects to an address, says hello for a name, reads the certificates and closes. Nothing is verified and no request is
 * sent: the handshake is not completed, so no application learns of it. A server that knows only TLS 1.3 is asked again in
 * that version. Never throws.
 */
export async function shownCertificates(target: TlsAddress, options: ShownOptions): Promise<Shown> {
  const shown = await sayHello(target, options);
  if (shown.kind !== 'alert' || shown.code !== PROTOCOL_VERSION) return shown;
  const { encryptedCertificates } = await import('./encrypted-certificates.ts');
  return (await encryptedCertificates(target, options)) ?? shown;
}

/** The alert of a server that speaks no version of the hello. */
const PROTOCOL_VERSION = 70;

function sayHello(target: TlsAddress, { serverName, limitMs, signal }: ShownOptions): Promise<Shown> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let socket: Socket | undefined;
    let connected = false;
    let bytes = Buffer.alloc(0);
    let cancelTimeout = (): void => {};
    const settle = (shown: DistributiveOmit<Shown, 'ms'>): void => {
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
