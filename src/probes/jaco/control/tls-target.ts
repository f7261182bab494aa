import { tcpTarget } from '../../io/grpc/grpc.ts';
import { type Handshake, tlsHandshake } from '../../io/tls.ts';
import { routeDelayMs, tryConnect } from '../../io/try-connect.ts';

/** An operator port and its certificate. */
export type TlsTarget = {
  /** The member, or the address if its name is unknown. */
  readonly subject: string;
  readonly address: string;
  /** Whether it is the examined daemon, and not another member. */
  readonly own: boolean;
  /**
   * Whether the address comes only from the cluster's list and is asked from outside, where another machine may have
   * it.
   */
  readonly hearsay: boolean;
  readonly hello: Handshake;
  /** Why a verified call was refused although the leaf looks right; null if none was. */
  readonly refused: string | null;
};

const HANDSHAKE_MS = 1_500;

/** Does a TLS handshake with `host:port`; `ca` is PEM to compare with, or null. */
export async function handshakeWith(address: string, ca: string | null, signal: AbortSignal): Promise<Handshake> {
  const target = tcpTarget(address);
  if (target === null) return { kind: 'no-connection', code: 'EINVAL', detail: `not an address: ${address}`, ms: 0 };
  const connect = await tryConnect(target, HANDSHAKE_MS, signal);
  if (connect.kind !== 'connected') {
    const [code, detail] =
      connect.kind === 'error'
        ? [connect.code, connect.detail ?? connect.code]
        : [null, `no answer within ${connect.ms} ms`];
    return { kind: 'no-connection', code, detail, ms: connect.ms };
  }
  const at = { host: connect.at ?? target.host, port: target.port };
  return tlsHandshake(at, { limitMs: HANDSHAKE_MS + routeDelayMs(connect), signal, ca, name: target.host });
}
