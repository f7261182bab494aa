import { connect as dial, type Socket } from 'node:net';

/** A place to connect to: a unix socket's path, or a host and port. */
export type Place = { readonly path: string } | { readonly host: string; readonly port: number };

/** What a bare connect met. `ms` is how long it took; `code` is the system's own. */
export type Connect =
  | { readonly kind: 'connected'; readonly ms: number }
  | { readonly kind: 'no-answer'; readonly ms: number }
  | { readonly kind: 'error'; readonly code: string; readonly ms: number };

/**
 * Connects, says nothing and hangs up: the one thing that tells dead, filtered and frozen apart, which gRPC's errors do
 * not (live C1.6). Never throws; gives `no-answer` at `limitMs` or when the signal ends it.
 */
export function tryConnect(place: Place, limitMs: number, signal: AbortSignal): Promise<Connect> {
  const started = performance.now();
  return new Promise((resolve) => {
    let socket: Socket | undefined;
    const settle = (outcome: { kind: 'connected' | 'no-answer' } | { kind: 'error'; code: string }): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      socket?.destroy();
      resolve({ ...outcome, ms: Math.round(performance.now() - started) });
    };
    const giveUp = (): void => settle({ kind: 'no-answer' });
    const timer = setTimeout(giveUp, limitMs);
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      socket = dial(place);
    } catch (error) {
      return settle({ kind: 'error', code: String((error as NodeJS.ErrnoException).code ?? 'ERROR') });
    }
    socket.once('connect', () => settle({ kind: 'connected' }));
    socket.on('error', (error: NodeJS.ErrnoException) => settle({ kind: 'error', code: error.code ?? 'ERROR' }));
  });
}
