import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect as dialTls, type TLSSocket } from 'node:tls';
import { cpuFairTimeout } from '../../engine/cpu-fair-timeout.ts';
import { clean } from '../../engine/text.ts';
import { type TlsFault, tlsFaultOf } from './grpc/failure.ts';
import { secureContextOf } from './secure-context.ts';

/** The leaf certificate of a TLS server. Times in ms since the epoch; null if they cannot be read. */
export type Leaf = {
  /** Common names. */
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
  readonly notBeforeMs: number | null;
  readonly notAfterMs: number | null;
  /** SHA-256 of the certificate, `AB:CD:…`. */
  readonly fingerprint: string;
  /** Signed with its own key. */
  readonly selfSigned: boolean;
  /** Its authority key id, which distinguishes two CAs of the same name. */
  readonly authority: string | null;
  /** Signed by the given CA; null without one. */
  readonly signedByCa: boolean | null;
  /** Whether it covers the name or address that was dialled. */
  readonly covers: boolean;
};

/** The result of one handshake. `ms` counts from the connect. */
export type Handshake =
  | { readonly kind: 'hello'; readonly leaf: Leaf; readonly protocol: string; readonly ms: number }
  /** Connected, but the handshake failed. `silent`: it never completed. */
  | { readonly kind: 'no-tls'; readonly fault: TlsFault | 'silent'; readonly detail: string; readonly ms: number }
  /** Not connected. `code` is the error code of the system, null for no answer. */
  | { readonly kind: 'no-connection'; readonly code: string | null; readonly detail: string; readonly ms: number };

export type HandshakeOptions = {
  /** Time for connect and handshake together, in ms. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** The CA to compare with; null for none. */
  readonly ca: string | null;
  /** The address as the user wrote it, which the certificate should cover. */
  readonly name: string;
};

/**
 * Sent as the TLS server name for an address, because TLS allows only names and Node warns (DEP0123) about an address.
 * jacod, the only server that is asked by address, ignores it.
 */
export const SERVER_NAME_FOR_ADDRESS = 'jacod';

/**
 * Does a handshake without verification, reads the leaf certificate and closes. Sends no data. Never throws; ends at
 * its limit or with the signal.
 */
export function tlsHandshake(
  target: { readonly host: string; readonly port: number },
  options: HandshakeOptions,
): Promise<Handshake> {
  const { limitMs, signal, name } = options;
  const startedAt = performance.now();
  // A trailing dot marks a complete name and is in no certificate.
  const host = name.replace(/\.$/, '');
  return new Promise((resolve) => {
    let socket: TLSSocket | undefined;
    let connected = false;
    const settle = (handshake: DistributiveOmit<Handshake, 'ms'>): void => {
      cancelTimeout();
      signal.removeEventListener('abort', giveUp);
      socket?.destroy();
      resolve({ ...handshake, ms: Math.round(performance.now() - startedAt) });
    };
    const giveUp = (): void => {
      const within = `within ${Math.round(performance.now() - startedAt)} ms`;
      if (connected) settle({ kind: 'no-tls', fault: 'silent', detail: `connected, then no TLS handshake ${within}` });
      else settle({ kind: 'no-connection', code: null, detail: `no answer to a connect ${within}` });
    };
    const cancelTimeout = cpuFairTimeout(limitMs, giveUp);
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    socket = dialTls({
      ...target,
      secureContext: secureContextOf(null),
      servername: isIP(host) === 0 ? host : SERVER_NAME_FOR_ADDRESS,
      ALPNProtocols: ['h2'],
      rejectUnauthorized: false,
    });
    socket.once('connect', () => {
      connected = true;
    });
    socket.once('secureConnect', () => {
      const certificate = socket?.getPeerX509Certificate();
      if (certificate === undefined)
        return settle({ kind: 'no-tls', fault: 'other', detail: 'the server sent no certificate' });
      settle({
        kind: 'hello',
        leaf: parseLeaf(certificate, { ...options, name: host }),
        protocol: socket?.getProtocol() ?? 'unknown',
      });
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const detail = clean(error.message);
      if (!connected) return settle({ kind: 'no-connection', code: error.code ?? 'ERROR', detail });
      settle({
        kind: 'no-tls',
        fault: tlsFaultOf(error.message) ?? (/ECONNRESET|EPIPE/.test(String(error.code)) ? 'closed' : 'other'),
        detail,
      });
    });
    socket.once('close', () =>
      settle({ kind: 'no-tls', fault: 'closed', detail: 'the server closed the connection during the handshake' }),
    );
  });
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

function parseLeaf(certificate: X509Certificate, { ca, name }: HandshakeOptions): Leaf {
  const names = (certificate.subjectAltName ?? '').split(', ').slice(0, 200);
  const namesOfType = (kind: string): string[] =>
    names.flatMap((one) => (one.startsWith(kind) ? [clean(one.slice(kind.length).replace(/^"|"$/g, ''), 253)] : []));
  return {
    subject: commonName(certificate.subject),
    issuer: commonName(certificate.issuer),
    dnsNames: namesOfType('DNS:'),
    addresses: namesOfType('IP Address:').filter((one) => isIP(one) !== 0),
    notBeforeMs: parseOpensslTime(certificate.validFrom),
    notAfterMs: parseOpensslTime(certificate.validTo),
    fingerprint: certificate.fingerprint256,
    selfSigned: isSelfSigned(certificate),
    authority: authorityKeyId(certificate.raw),
    signedByCa: ca === null ? null : parseCertificates(ca).some((signer) => isSignedBy(certificate, signer)),
    covers: isIP(name) === 0 ? certificate.checkHost(name) !== undefined : certificate.checkIP(name) !== undefined,
  };
}

/** The readable certificates of a PEM text; a CA file may hold several. */
export function parseCertificates(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

function isSignedBy(certificate: X509Certificate, signer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(signer) && certificate.verify(signer.publicKey);
  } catch {
    return false;
  }
}

/** By name and key: the bootstrap certificate of jacod may not sign, so OpenSSL does not report it as its issuer. */
function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey);
}

function commonName(name: string): string | null {
  const match = /(?:^|\n)CN=(.*)/.exec(name)?.[1];
  return match === undefined ? null : clean(match, 253);
}

/** Parses `Nov 24 11:02:11 2026 GMT`, the format of OpenSSL. */
function parseOpensslTime(text: string): number | null {
  const ms = Date.parse(text);
  return Number.isFinite(ms) ? ms : null;
}

// The extension authorityKeyIdentifier (2.5.29.35) with only a key id, as Go writes it.
const AUTHORITY_KEY_ID = Buffer.from('0603551d23', 'hex');

/** The key id of the issuer, in hex. Node does not parse that extension. */
function authorityKeyId(der: Buffer): string | null {
  const at = der.indexOf(AUTHORITY_KEY_ID);
  if (at < 0) return null;
  const [octets, , sequence, , keyId, length = 0] = der.subarray(
    at + AUTHORITY_KEY_ID.length,
    at + AUTHORITY_KEY_ID.length + 6,
  );
  if (octets !== 0x04 || sequence !== 0x30 || keyId !== 0x80 || length > 64) return null;
  const from = at + AUTHORITY_KEY_ID.length + 6;
  return der.length < from + length ? null : der.subarray(from, from + length).toString('hex');
}
