import { tcpTarget } from '../../io/grpc/grpc.ts';
import { type Handshake, tlsHandshake } from '../../io/tls.ts';
import { routeDelayMs, tryConnect } from '../../io/try-connect.ts';

/** What an operator port shows of itself. */
export type TlsTarget = {
  /** The member, or the address where its name is not known. */
  readonly subject: string;
  readonly address: string;
  /** Whether it is the daemon that is looked at, and not another member. */
  readonly own: boolean;
  /** Whether the address is only what the cluster lists, and is dialled from outside, where another machine may have it. */
  readonly hearsay: boolean;
  readonly hello: Handshake;
  /** Why a verified call was refused although the leaf looks right; null where none was. */
  readonly refused: string | null;
};

const HANDSHAKE_MS = 1_500;

/** Shakes hands with `host:port`; `ca` is PEM to compare with, or null. */
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
