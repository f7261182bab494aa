import { connect, type Socket } from 'node:net';
import { connectFailure } from './grpc-failure.ts';
import type { HttpFailure } from './http-failure.ts';

/** Where an HTTP server is asked: at its unix socket. */
export type HttpPlace = { readonly kind: 'unix'; readonly path: string };

/** An open connection and how long it took, in ms, or why there is none. */
export type Opened =
  | { readonly kind: 'open'; readonly socket: Socket; readonly ms: number }
  | { readonly kind: 'failure'; readonly failure: HttpFailure };

/** A place in words. */
export function placeName(place: HttpPlace): string {
  return place.path;
}

/** Opens a connection within `limitMs`. The socket is the caller's to end; a failed one is ended here. */
export function open(place: HttpPlace, limitMs: number, signal: AbortSignal): Promise<Opened> {
  const begun = performance.now();
  return new Promise((resolve) => {
    let socket: Socket | undefined;
    const settle = (code: string | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      const ms = Math.round(performance.now() - begun);
      if (code === 'connected' && socket !== undefined) {
        resolve({ kind: 'open', socket, ms });
        return;
      }
      socket?.destroy();
      const met = code === null ? ({ kind: 'no-answer', ms } as const) : ({ kind: 'error', code, ms } as const);
      const { why, detail } = connectFailure(met, placeName(place), true);
      resolve({ kind: 'failure', failure: { why, phase: 'connect', detail, code } });
    };
    const giveUp = (): void => settle(null);
    const timer = setTimeout(giveUp, limitMs);
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      socket = connect({ path: place.path });
    } catch (error) {
      return settle(String((error as NodeJS.ErrnoException).code ?? 'ERROR'));
    }
    socket.once('connect', () => settle('connected'));
    // Stays: an error that comes before the client listens would otherwise be nobody's.
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? 'ERROR'));
  });
}
