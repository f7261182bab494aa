import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { connectFailure } from './grpc-failure.ts';
import type { HttpFailure, HttpPhase } from './http-failure.ts';

/** Where an HTTP server is asked: at its unix socket, or at an address of the web. */
export type HttpPlace = { readonly kind: 'unix'; readonly path: string } | WebPlace;

/** A server by name or address, reached directly or through a proxy. */
export type WebPlace = {
  readonly kind: 'web';
  readonly secure: boolean;
  /** A name or an address, an IPv6 one without brackets. */
  readonly host: string;
  readonly port: number;
  readonly proxy: WebProxy | null;
  /** PEM of the only CAs that are trusted; null for those that Node trusts. */
  readonly ca: string | null;
};

/** A proxy; `authorization` is what its header says, which only it may see. */
export type WebProxy = {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly authorization: { readonly reveal: () => string } | null;
};

/** An open connection and how long it took, in ms, or why there is none. */
export type Opened =
  | { readonly kind: 'open'; readonly socket: Socket; readonly ms: number }
  | { readonly kind: 'failure'; readonly failure: HttpFailure };

/** How a connection is opened. */
export type OpenOptions = {
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Told how far it came. */
  readonly tell: (phase: HttpPhase) => void;
};

/** A place in words, without what a URL may hide. */
export function placeName(place: HttpPlace): string {
  if (place.kind === 'unix') return place.path;
  const usual = place.port === (place.secure ? 443 : 80);
  return `${place.secure ? 'https' : 'http'}://${hostPort(place, usual)}`;
}

/** `host:port` as a URL has it. */
export function hostPort({ host, port }: { host: string; port: number }, withoutPort = false): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return withoutPort ? name : `${name}:${port}`;
}

/** Opens a connection within `limitMs`. The socket is the caller's to end; a failed one is ended here. */
export async function open(place: HttpPlace, options: OpenOptions): Promise<Opened> {
  if (place.kind === 'web') return (await import('./http-web.ts')).openWeb(place, options);
  return dial({ path: place.path }, placeName(place), options);
}

/** Connects to one path or address. */
export function dial(to: NetConnectOpts, name: string, { limitMs, signal, tell }: OpenOptions): Promise<Opened> {
  const begun = performance.now();
  tell('connect');
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
      const { why, detail } = connectFailure(met, name, 'path' in to);
      resolve({ kind: 'failure', failure: { why, phase: 'connect', detail, code } });
    };
    const giveUp = (): void => settle(null);
    const timer = setTimeout(giveUp, Math.max(0, limitMs));
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      socket = connect(to);
    } catch (error) {
      return settle(String((error as NodeJS.ErrnoException).code ?? 'ERROR'));
    }
    socket.once('connect', () => settle('connected'));
    // Stays: an error that comes before the client listens would otherwise be nobody's.
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? 'ERROR'));
  });
}
