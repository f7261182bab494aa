import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { cpuFairTimeout } from '../../../engine/cpu-fair-timeout.ts';
import { connectFailure } from '../grpc/failure.ts';
import type { HttpFailure, HttpPhase } from './failure.ts';

/** An open connection and its duration in ms, or why there is none. */
export type DialResult =
  | { readonly kind: 'open'; readonly socket: Socket; readonly ms: number }
  | { readonly kind: 'failure'; readonly failure: HttpFailure };

/** The limits of a connect. */
export type DialOptions = {
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Called with each phase. */
  readonly onPhase: (phase: HttpPhase) => void;
};

/** Connects to one path or address. */
export function dial(
  target: NetConnectOpts,
  name: string,
  { limitMs, signal, onPhase }: DialOptions,
): Promise<DialResult> {
  const startedAt = performance.now();
  onPhase('connect');
  return new Promise((resolve) => {
    let socket: Socket | undefined;
    const settle = (code: string | null): void => {
      cancelTimeout();
      signal.removeEventListener('abort', giveUp);
      const ms = Math.round(performance.now() - startedAt);
      if (code === 'connected' && socket !== undefined) {
        resolve({ kind: 'open', socket, ms });
        return;
      }
      socket?.destroy();
      const result = code === null ? ({ kind: 'no-answer', ms } as const) : ({ kind: 'error', code, ms } as const);
      const { why, detail } = connectFailure(result, name, 'path' in target);
      resolve({ kind: 'failure', failure: { why, phase: 'connect', detail, code } });
    };
    const giveUp = (): void => settle(null);
    const cancelTimeout = cpuFairTimeout(Math.max(0, limitMs), giveUp);
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      socket = connect(target);
    } catch (error) {
      return settle(String((error as NodeJS.ErrnoException).code ?? 'ERROR'));
    }
    socket.once('connect', () => settle('connected'));
    // This listener is kept, because an error before the client has its own listener would be uncaught.
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? 'ERROR'));
  });
}
