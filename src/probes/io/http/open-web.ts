import { isIP, type Socket } from 'node:net';
import { connect as startTls } from 'node:tls';
import { cpuFairTimeout } from '../../../engine/cpu-fair-timeout.ts';
import type { FailureWhy } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import { type TlsFault, tlsFaultOf } from '../grpc/failure.ts';
import { resolveName } from '../resolve-name.ts';
import { type DialOptions, type DialResult, dial } from './dial.ts';
import type { HttpFailure, HttpPhase } from './failure.ts';
import { hostPort, targetName, type WebProxy, type WebTarget } from './target.ts';

/** Most bytes of a proxy's answer to CONNECT that are read. */
const MAX_HEAD_BYTES = 16 * 1024;

/** Resolves the name, connects, passes the proxy and does the TLS handshake, each a phase, all within `limitMs`. */
export async function openWeb(target: WebTarget, options: DialOptions): Promise<DialResult> {
  const startedAt = performance.now();
  const elapsedMs = (): number => performance.now() - startedAt;
  const remaining = (): DialOptions => ({
    ...options,
    limitMs: Math.max(0, Math.round(options.limitMs - elapsedMs())),
  });
  const connection = await connectPeer(target, remaining);
  if (connection.kind === 'failure') return connection;
  let { socket } = connection;
  if (target.proxy !== null && target.secure) {
    const proxyFailure = await openTunnel(socket, target, target.proxy, remaining());
    if (proxyFailure !== null) return closeWith(socket, proxyFailure);
  }
  if (target.secure) {
    options.onPhase('tls');
    const secured = await secureSocket(socket, target.host, target.ca, remaining());
    if ('failure' in secured)
      return closeWith(socket, {
        ...secured.failure,
        detail: clean(`${targetName(target)}: ${secured.failure.detail}`),
      });
    socket = secured.socket;
  }
  return { kind: 'open', socket, ms: Math.round(elapsedMs()) };
}

function closeWith(socket: Socket, failure: HttpFailure): DialResult {
  socket.destroy();
  return { kind: 'failure', failure };
}

/** Connects to the server, or to its proxy. Any failure there has the phase `proxy`. */
async function connectPeer(target: WebTarget, remaining: () => DialOptions): Promise<DialResult> {
  const { proxy } = target;
  const peer = proxy ?? target;
  const asProxy = (failure: HttpFailure): HttpFailure => {
    if (proxy === null) return failure;
    const detail = clean(`the proxy ${hostPort(proxy)}: ${failure.detail}`);
    return { ...failure, phase: 'proxy', detail };
  };
  const { onPhase, limitMs, signal } = remaining();
  const reportPhase = (phase: HttpPhase): void => onPhase(proxy === null ? phase : 'proxy');
  reportPhase('dns');
  const names = await resolveHost(peer.host, limitMs, signal);
  if (names.kind === 'failure') return { kind: 'failure', failure: asProxy(names.failure) };
  let last: DialResult | null = null;
  for (const [index, address] of names.addresses.entries()) {
    const options = remaining();
    // A silent address leaves time for the next one.
    const limit = Math.round(options.limitMs / (names.addresses.length - index));
    const name = address === peer.host ? hostPort(peer) : `${hostPort(peer)} (${address})`;
    last = await dial({ host: address, port: peer.port }, name, { ...options, limitMs: limit, onPhase: reportPhase });
    if (last.kind === 'open') break;
  }
  if (last === null)
    return { kind: 'failure', failure: asProxy(failed('absent', 'dns', `${peer.host}: no address`, 'ENODATA')) };
  if (last.kind === 'failure') return { kind: 'failure', failure: asProxy(last.failure) };
  if (proxy?.secure !== true) return last;
  const secured = await secureSocket(last.socket, proxy.host, null, remaining());
  return 'failure' in secured ? closeWith(last.socket, asProxy(secured.failure)) : { ...last, socket: secured.socket };
}

/** Most addresses that are tried. */
const MAX_ADDRESSES = 3;

async function resolveHost(
  host: string,
  limitMs: number,
  signal: AbortSignal,
): Promise<{ kind: 'addresses'; addresses: readonly string[] } | { kind: 'failure'; failure: HttpFailure }> {
  // No name below .invalid exists (RFC 6761), so no name server is asked.
  if (/(?:^|\.)invalid\.?$/i.test(host))
    return { kind: 'failure', failure: failed('absent', 'dns', `${host}: no such name`, 'ENOTFOUND') };
  const resolution = await resolveName(host, { limitMs, signal });
  if (resolution.kind === 'addresses')
    return { kind: 'addresses', addresses: resolution.addresses.slice(0, MAX_ADDRESSES) };
  return {
    kind: 'failure',
    failure: failed(resolution.why, 'dns', resolution.detail, resolution.why === 'timeout' ? null : resolution.code),
  };
}

function failed(why: FailureWhy, phase: HttpPhase, detail: string, code: string | null): HttpFailure {
  return { why, phase, detail: clean(detail), code };
}

/** Sends CONNECT to a proxy; null on success. */
function openTunnel(
  socket: Socket,
  target: WebTarget,
  proxy: WebProxy,
  { limitMs, signal }: DialOptions,
): Promise<HttpFailure | null> {
  const address = hostPort(target);
  const name = `the proxy ${hostPort(proxy)}`;
  return new Promise((resolve) => {
    let head = '';
    const settle = (failure: HttpFailure | null): void => {
      cancelTimeout();
      signal.removeEventListener('abort', giveUp);
      socket.off('data', onData);
      socket.off('close', onClose);
      socket.pause();
      resolve(failure);
    };
    const fail = (why: FailureWhy, detail: string, code: string | null): void =>
      settle(failed(why, 'proxy', `${name}: ${detail}`, code));
    const giveUp = (): void => fail('silent', `no answer to CONNECT ${address} within ${limitMs} ms`, null);
    const onClose = (): void => fail('unreadable', `closed the connection when asked for ${address}`, 'closed');
    const onData = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
      const wants = status === '407' ? ' (it asks for other credentials)' : '';
      if (status === undefined && head.length >= 12) fail('unreadable', 'is not an HTTP proxy', 'not-http');
      else if (!head.includes('\r\n\r\n') && head.length <= MAX_HEAD_BYTES) return;
      else if (status === '200') settle(null);
      else fail('refused', `answered ${status} to CONNECT ${address}${wants}`, status ?? 'not-http');
    };
    const cancelTimeout = cpuFairTimeout(limitMs, giveUp);
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('data', onData);
    socket.once('close', onClose);
    const credentials = proxy.authorization === null ? '' : `Proxy-Authorization: ${proxy.authorization.reveal()}\r\n`;
    socket.write(`CONNECT ${address} HTTP/1.1\r\nHost: ${address}\r\n${credentials}\r\n`);
  });
}

const TLS_FAULT_TEXT: { readonly [F in TlsFault]: string } = {
  untrusted: 'the certificate is issued by an authority that is not trusted here',
  'self-signed': 'the certificate, or the root of its chain, is self-signed and not trusted here',
  'name-mismatch': 'the certificate is for another name',
  expired: 'the certificate has expired',
  'not-yet-valid': 'the certificate is not valid yet; the clock of this host may be wrong',
  another: 'the certificate is a different one than at the first connection',
  'not-tls': 'the server there does not speak TLS',
  closed: 'the other side closed the connection during the TLS handshake',
  other: 'the TLS handshake failed',
};

/** Does the TLS handshake on an open connection. Nothing is sent to a server that is not trusted. */
function secureSocket(
  socket: Socket,
  host: string,
  ca: WebTarget['ca'],
  { limitMs, signal }: DialOptions,
): Promise<{ socket: Socket } | { failure: HttpFailure }> {
  return new Promise((resolve) => {
    const settle = (result: { socket: Socket } | { failure: HttpFailure }): void => {
      cancelTimeout();
      signal.removeEventListener('abort', giveUp);
      if ('failure' in result) tls.destroy();
      resolve(result);
    };
    const fail = (fault: TlsFault, suffix = ''): void =>
      settle({ failure: failed('unreadable', 'tls', `${TLS_FAULT_TEXT[fault]}${suffix}`, fault) });
    const giveUp = (): void =>
      settle({
        failure: failed('silent', 'tls', `connected, then no TLS handshake within ${limitMs} ms`, null),
      });
    const cancelTimeout = cpuFairTimeout(limitMs, giveUp);
    const tls = startTls({
      socket,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === null ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }),
      ALPNProtocols: ['http/1.1'],
      // Checked below, so that the failure can name the certificate.
      rejectUnauthorized: false,
    });
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    tls.once('secureConnect', () => {
      if (tls.authorized) return settle({ socket: tls });
      const reason = String(tls.authorizationError);
      const fault = tlsFaultOf(`${reason} ${reason.replaceAll('_', ' ').toLowerCase()}`) ?? 'untrusted';
      const leaf = tls.getPeerX509Certificate();
      const issuer = /(?:^|\n)(?:CN|O)=(.*)/.exec(leaf?.issuer ?? '')?.[1];
      const until = fault === 'expired' && leaf !== undefined ? `, expired at ${leaf.validTo}` : '';
      fail(fault, ` (issued by ${clean(issuer ?? 'an unnamed authority', 100)}${until})`);
    });
    // This listener is kept, like the one in dial().
    tls.on('error', (error: NodeJS.ErrnoException) => {
      const reset = /ECONNRESET|EPIPE/.test(String(error.code));
      const fault = reset ? 'closed' : (tlsFaultOf(error.message) ?? 'other');
      // A line of OpenSSL: a number, a code, a source position, and the reason.
      const reason = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(error.message)?.[1] ?? error.message;
      fail(fault, reset || fault === 'not-tls' ? '' : `: ${clean(reason, 160)}`);
    });
    tls.once('close', () => fail('closed'));
  });
}
