import { connect as dial, type Socket } from 'node:net';
import { cpuFairTimeout } from '../../engine/cpu-fair-timeout.ts';
import { resolveName } from './resolve.ts';

/** A place to connect to: a unix socket's path, or a host name or address and a port. */
export type ConnectTarget = { readonly path: string } | { readonly host: string; readonly port: number };

/**
 * What a bare connect met. `ms` is how long it took; `code` is the system's own, or the resolver's for a name that leads
 * nowhere, with its words in `detail`; `at` is the address that took the connection, where it was TCP.
 */
export type Connect =
  | { readonly kind: 'connected'; readonly ms: number; readonly at?: string }
  | { readonly kind: 'no-answer'; readonly ms: number }
  | { readonly kind: 'error'; readonly code: string; readonly ms: number; readonly detail?: string };

type Met = { kind: 'connected'; at?: string } | { kind: 'no-answer' } | { kind: 'error'; code: string };

/** Ways there and back that TCP, TLS and one call take together, and ms that they may add, at most. */
const TRIPS = 4;
const MOST_ADDED_MS = 2_500;

/** What a slow way (a satellite, a crowded phone) adds to a limit that is meant for the daemon, in ms. */
export function routeError({ ms }: Pick<Connect, 'ms'>): number {
  return Math.min(TRIPS * ms, MOST_ADDED_MS);
}

/**
 * Connects, says nothing and hangs up: the one thing that tells dead, filtered and frozen apart, which gRPC's errors do
 * not (live C1.6). A name is looked up first, and all its addresses are tried at once. Never throws; gives `no-answer` at
 * `limitMs` or when the signal ends it.
 */
export async function tryConnect(place: ConnectTarget, limitMs: number, signal: AbortSignal): Promise<Connect> {
  const started = performance.now();
  const ms = (): number => Math.round(performance.now() - started);
  if ('path' in place) return { ...(await once(place, limitMs, signal)), ms: ms() };
  const found = await resolveName(place.host, { limitMs, signal });
  if (found.kind === 'error') return { kind: 'error', code: found.code, detail: found.detail, ms: ms() };
  const left = Math.max(0, limitMs - ms());
  const met = await firstOf(found.addresses.map((host) => once({ host, port: place.port }, left, signal)));
  return { ...met, ms: ms() };
}

const OWN_LACKS: readonly string[] = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EAFNOSUPPORT'];
/** As systemd's IPAddressDeny=, a filter of what goes out, a route of kind prohibit, or no route at all have it. */
const OWN_NETWORK: readonly string[] = ['ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EPERM'];

/**
 * Whether a code of socket(2) or connect(2) tells of this process alone: no descriptor or memory is left for it, or it may
 * make no such socket. Nobody was asked then, and nothing is known of anybody.
 */
export function isLocalShortage(code: string | null): boolean {
  return code !== null && OWN_LACKS.includes(code);
}

/** Whether a code of a TCP connect(2) tells of this machine alone, which let nothing out. */
export function isLocalTrouble(code: string | null): boolean {
  return code !== null && (isLocalShortage(code) || OWN_NETWORK.includes(code));
}

/**
 * What tells most of connects that all failed: a host's own word, else its silence, else what this machine says of itself.
 * Of a name with an IPv6 address the latter is all that comes for that one where there is no IPv6.
 */
export function mostTelling<M extends { kind: 'no-answer' } | { kind: 'error'; code: string }>(
  all: readonly M[],
): M | undefined {
  const word = all.find((met) => met.kind === 'error' && !isLocalTrouble(met.code));
  return word ?? all.find((met) => met.kind === 'no-answer') ?? all[0];
}

/** The first that connects. */
async function firstOf(tries: readonly Promise<Met>[]): Promise<Met> {
  const connected = tries.map(async (one) => {
    const met = await one;
    if (met.kind !== 'connected') throw met;
    return met;
  });
  return Promise.any(connected).catch(async () => {
    const all = await Promise.all(tries);
    return mostTelling(all.filter((met) => met.kind !== 'connected')) ?? { kind: 'no-answer' };
  });
}

function once(place: ConnectTarget, limitMs: number, signal: AbortSignal): Promise<Met> {
  return new Promise((resolve) => {
    let socket: Socket | undefined;
    const settle = (met: Met): void => {
      cancelTimeout();
      signal.removeEventListener('abort', giveUp);
      socket?.destroy();
      resolve(met);
    };
    const giveUp = (): void => settle({ kind: 'no-answer' });
    const failWith = (error: unknown): void =>
      settle({ kind: 'error', code: String((error as NodeJS.ErrnoException).code ?? 'ERROR') });
    const cancelTimeout = cpuFairTimeout(limitMs, giveUp);
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      socket = dial(place);
    } catch (error) {
      return failWith(error);
    }
    socket.once('connect', () => settle({ kind: 'connected', ...('host' in place ? { at: place.host } : {}) }));
    socket.on('error', failWith);
  });
}
