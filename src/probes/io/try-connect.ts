import { connect as dial, type Socket } from 'node:net';
import { cpuFairTimeout } from '../../engine/cpu-fair-timeout.ts';
import { formatDuration } from '../../engine/format.ts';
import { resolveName } from './resolve-name.ts';

/** The target of a connect: the path of a unix socket, or a host name or address and a port. */
export type ConnectTarget = { readonly path: string } | { readonly host: string; readonly port: number };

/**
 * The result of a bare connect. `ms` is its duration. `code` is the error code of the system, or that of the resolver,
 * with its message in `detail`. `at` is the address that accepted a TCP connection.
 */
export type ConnectResult =
  | { readonly kind: 'connected'; readonly ms: number; readonly at?: string }
  | { readonly kind: 'no-answer'; readonly ms: number }
  | { readonly kind: 'error'; readonly code: string; readonly ms: number; readonly detail?: string };

/** The words for the error codes of a TCP connect; another code is printed alone. */
const CONNECT_ERRORS: { readonly [code: string]: string } = {
  ECONNREFUSED: 'refused the connection',
  EHOSTUNREACH: 'is unreachable: there is no route to the host',
  ENETUNREACH: 'is unreachable: there is no route to the network',
  ETIMEDOUT: 'did not answer: the connection timed out',
};

/** A connect that failed, in words, with the error code of the system. */
export function describeConnect(target: string, result: Exclude<ConnectResult, { kind: 'connected' }>): string {
  if (result.kind === 'no-answer') return `${target} did not accept a connection within ${formatDuration(result.ms)}`;
  const words = CONNECT_ERRORS[result.code];
  return words === undefined ? `connect to ${target}: ${result.code}` : `${target} ${words} (${result.code})`;
}

type Attempt = { kind: 'connected'; at?: string } | { kind: 'no-answer' } | { kind: 'error'; code: string };

/** Round trips of TCP, TLS and one call together, and the most ms that they may add to a limit. */
const ROUND_TRIPS = 4;
const MAX_ADDED_MS = 2_500;

/** The ms that a slow network adds to a limit meant for the daemon. */
export function routeDelayMs({ ms }: Pick<ConnectResult, 'ms'>): number {
  return Math.min(ROUND_TRIPS * ms, MAX_ADDED_MS);
}

/**
 * Connects, sends nothing and closes. Only this distinguishes a dead, a filtered and a frozen host; errors of gRPC do
 * not (docs/jaco-daemon/errors.md#transport-failures). A name is resolved first, and all its addresses are tried at
 * once. Never throws; returns `no-answer` when `limitMs` expires or the signal aborts.
 */
export async function tryConnect(target: ConnectTarget, limitMs: number, signal: AbortSignal): Promise<ConnectResult> {
  const startedAt = performance.now();
  const ms = (): number => Math.round(performance.now() - startedAt);
  if ('path' in target) return { ...(await connectOnce(target, limitMs, signal)), ms: ms() };
  const resolution = await resolveName(target.host, { limitMs, signal });
  if (resolution.kind === 'error') return { kind: 'error', code: resolution.code, detail: resolution.detail, ms: ms() };
  const remainingMs = Math.max(0, limitMs - ms());
  const result = await firstConnected(
    resolution.addresses.map((host) => connectOnce({ host, port: target.port }, remainingMs, signal)),
  );
  return { ...result, ms: ms() };
}

const LOCAL_SHORTAGES: readonly string[] = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EAFNOSUPPORT'];
/** Codes of IPAddressDeny= of systemd, an output filter, a prohibit route, or a missing route. */
const LOCAL_NETWORK: readonly string[] = ['ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EPERM'];

/**
 * Whether a code of socket(2) or connect(2) is a problem of this process: it has no descriptor or memory left, or may
 * not create such a socket. Then nothing was sent, and nothing is known about the target.
 */
export function isLocalShortage(code: string | null): boolean {
  return code !== null && LOCAL_SHORTAGES.includes(code);
}

/** Whether a code of a TCP connect(2) is a problem of this host: nothing was sent. */
export function isLocalFailure(code: string | null): boolean {
  return code !== null && (isLocalShortage(code) || LOCAL_NETWORK.includes(code));
}

/**
 * The most informative of several failed connects: an error of the target, else its silence, else a local failure. On a
 * host without IPv6, each IPv6 address of a name gives a local failure.
 */
export function decisiveFailure<M extends { kind: 'no-answer' } | { kind: 'error'; code: string }>(
  results: readonly M[],
): M | undefined {
  const hostError = results.find((result) => result.kind === 'error' && !isLocalFailure(result.code));
  return hostError ?? results.find((result) => result.kind === 'no-answer') ?? results[0];
}

/** The first attempt that connects. */
async function firstConnected(attempts: readonly Promise<Attempt>[]): Promise<Attempt> {
  const connected = attempts.map(async (one) => {
    const result = await one;
    if (result.kind !== 'connected') throw result;
    return result;
  });
  return Promise.any(connected).catch(async () => {
    const results = await Promise.all(attempts);
    return decisiveFailure(results.filter((result) => result.kind !== 'connected')) ?? { kind: 'no-answer' };
  });
}

function connectOnce(target: ConnectTarget, limitMs: number, signal: AbortSignal): Promise<Attempt> {
  return new Promise((resolve) => {
    let socket: Socket | undefined;
    const settle = (result: Attempt): void => {
      cancelTimeout();
      signal.removeEventListener('abort', giveUp);
      socket?.destroy();
      resolve(result);
    };
    const giveUp = (): void => settle({ kind: 'no-answer' });
    const fail = (error: unknown): void =>
      settle({ kind: 'error', code: String((error as NodeJS.ErrnoException).code ?? 'ERROR') });
    const cancelTimeout = cpuFairTimeout(limitMs, giveUp);
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      socket = dial(target);
    } catch (error) {
      return fail(error);
    }
    socket.once('connect', () => settle({ kind: 'connected', ...('host' in target ? { at: target.host } : {}) }));
    socket.on('error', fail);
  });
}
