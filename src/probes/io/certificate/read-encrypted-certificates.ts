import { connect, type DetailedPeerCertificate } from 'node:tls';
import { cpuFairTimeout } from '../../../engine/cpu-fair-timeout.ts';
import type { ServerCertificates, ServerCertificatesOptions, TlsAddress } from './server-certificates.ts';

/** Most certificates of one chain. */
const MAX_CERTIFICATES = 10;

/**
 * The certificates of a server that supports only TLS 1.3, where they are encrypted. Node sorts them, beginning with
 * the leaf. Null if the handshake fails.
 */
export function readEncryptedCertificates(
  target: TlsAddress,
  { serverName, limitMs, signal }: ServerCertificatesOptions,
): Promise<Extract<ServerCertificates, { kind: 'certificates' }> | null> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ ...target, servername: serverName, minVersion: 'TLSv1.3', rejectUnauthorized: false });
    const settle = (list: readonly Buffer[] | null): void => {
      cancelTimeout();
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      const ms = Math.round(performance.now() - startedAt);
      resolve(list === null ? null : { kind: 'certificates', list, ms });
    };
    const giveUp = (): void => settle(null);
    const cancelTimeout = cpuFairTimeout(limitMs, giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    socket.once('secureConnect', () => settle(chainOf(socket.getPeerCertificate(true))));
    socket.on('error', giveUp);
    socket.once('close', giveUp);
  });
}

function chainOf(leaf: DetailedPeerCertificate): readonly Buffer[] {
  const list: Buffer[] = [];
  let at: DetailedPeerCertificate | undefined = leaf;
  while (at?.raw !== undefined && list.length < MAX_CERTIFICATES) {
    list.push(at.raw);
    // A root certificate is its own issuer.
    at = at.issuerCertificate === at ? undefined : at.issuerCertificate;
  }
  return list;
}
