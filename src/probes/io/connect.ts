import { connect as dial, type Socket } from 'node:net';
import { cpuFairTimeout } from '../../engine/cpu-fair-timeout.ts';
import { resolveName } from './resolve.ts';

/** A place to connect to: a unix socket's path, or a host name or address and a port. */
export type ConnectTarget = { readonly path: string } | { readonly host: string; readonly port: number };

/**
 * What a bare connect met. `ms` is how long it took; `code` is the system's own, or the resolver's for a name that leads
 * nowhere, with its words in `detail`; `at` is the address that took the connection, where it was TCP.
 */
export type ConnectResult =
  | { readonly kind: 'connected'; readonly ms: number; readonly at?: string }
  | { readonly kind: 'no-answer'; readonly ms: number }
  | { readonly kind: 'error'; readonly code: string; readonly ms: number; readonly detail?: string };

type Attempt = { kind: 'connected'; at?: string } | { kind: 'no-answer' } | { kind: 'error'; code: string };

/** Ways there and back that TCP, TLS and one call take together, and ms that they may add, at most. */
const ROUND_TRIPS = 4;
const MAX_ADDED_MS = 2_500;

/** What a slow way (a satellite, a crowded phone) adds to a limit that is meant for the daemon, in ms. */
export function routeDelayMs({ ms }: Pick<ConnectResult, 'ms'>): number {
  return Math.min(ROUND_TRIPS * ms, MAX_ADDED_MS);
}

/**
 * Connects, says nothing and hangs up: the one thing that tells dead, filtered and frozen apart, which gRPC's errors do
 * not (docs/jaco-daemon/errors.md#transport-failures). A name is looked up first, and all its addresses are tried at
 * once. Never throws; gives `no-answer` at `limitMs` or when the signal ends it.
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
/** As systemd's IPAddressDeny=, a filter of what goes out, a route of kind prohibit, or no route at all have it. */
const LOCAL_NETWORK: readonly string[] = ['ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EPERM'];

/**
 * Whether a code of socket(2) or connect(2) tells of this process alone: no descriptor or memory is left for it, or it may
 * make no such socket. Nobody was asked then, and nothing is known of anybody.
 */
export function isLocalShortage(code: string | null): boolean {
  return code !== null && LOCAL_SHORTAGES.includes(code);
}

/** Whether a code of a TCP connect(2) tells of this machine alone, which let nothing out. */
export function isLocalFailure(code: string | null): boolean {
  return code !== null && (isLocalShortage(code) || LOCAL_NETWORK.includes(code));
}

/**
 * What tells most of connects that all failed: a host's own word, else its silence, else what this machine says of itself.
 * Of a name with an IPv6 address the latter is all that comes for that one where there is no IPv6.
 */
export function decisiveFailure<M extends { kind: 'no-answer' } | { kind: 'error'; code: string }>(
  results: readonly M[],
): M | undefined {
  const hostError = results.find((result) => result.kind === 'error' && !isLocalFailure(result.code));
  return hostError ?? results.find((result) => result.kind === 'no-answer') ?? results[0];
}

/** The first that connects. */
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
