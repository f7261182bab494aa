import { cpuFairTimeout } from '../../../engine/cpu-fair-timeout.ts';
import type { DnsFailure, DnsReply, DnsResult, QueryOptions } from './message.ts';

/** The callbacks of an exchange. The first that settles it wins. */
export type DnsExchange = {
  /** A reply. If `ignoresStrays`, an answer to another question is counted and ignored; else it is garbled. */
  readonly received: (message: DnsReply, ignoresStrays: boolean) => void;
  readonly failed: (why: DnsFailure['why'], error: { readonly code?: string | undefined } | null) => void;
};

/**
 * Runs one exchange until it settles, its limit expires or its signal aborts. `start` returns what closes its socket.
 */
export function runDnsExchange(
  { limitMs, signal }: QueryOptions,
  start: (exchange: DnsExchange) => () => void,
): Promise<DnsResult> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let close: (() => void) | null = null;
    let settled: DnsResult | null = null;
    let strays = 0;
    const ms = (): number => Math.round(performance.now() - startedAt);
    const settle = (result: DnsResult): void => {
      if (settled !== null) return;
      settled = result;
      cancelTimeout();
      signal.removeEventListener('abort', giveUp);
      close?.();
      resolve(result);
    };
    const failed: DnsExchange['failed'] = (why, error) =>
      settle({ kind: 'failure', why, code: error === null ? null : (error.code ?? 'ERROR'), strays, ms: ms() });
    const giveUp = (): void => failed('silent', null);
    const cancelTimeout = cpuFairTimeout(limitMs, giveUp);
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    close = start({
      received(message, ignoresStrays) {
        if (message === 'stray' && ignoresStrays) strays += 1;
        else if (message === 'stray' || message === 'garbled') failed('garbled', null);
        else settle({ kind: 'answer', ...message, ms: ms() });
      },
      failed,
    });
    if (settled !== null) close();
  });
}

/** Why a socket's error ends an exchange. */
export function failureWhy({ code }: NodeJS.ErrnoException): DnsFailure['why'] {
  if (code === 'ECONNREFUSED') return 'refused';
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'closed' : 'unreachable';
}
