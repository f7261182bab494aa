import { type FailureWhy, failed } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';

/**
 * The phase in which a request failed: name resolution; the proxy; the connect; TLS, or a certificate that is not
 * trusted; the request not yet written; written without a byte of an answer; an answer without its body; a body without
 * its end.
 */
export type HttpPhase = 'dns' | 'proxy' | 'connect' | 'tls' | 'request' | 'first-byte' | 'head' | 'body';

/**
 * Why a request gave no answer. `code` is an error code of the system (`ECONNREFUSED`, `ECONNRESET`), `closed` if the
 * peer closed the connection, `not-http` if it speaks another protocol, `too-large` for too large a head, the status of
 * a proxy (`407`), or a TLS fault (`expired`); null for a deadline.
 */
export type HttpFailure = {
  readonly why: FailureWhy;
  readonly phase: HttpPhase;
  readonly detail: string;
  readonly code: string | null;
};

/** The failure of a request as the result of a probe. */
export function httpFailed({ why, phase, detail }: HttpFailure): ReturnType<typeof failed> {
  return failed(why, phase, detail);
}

/** The phases with an open connection. */
export type ExchangePhase = 'request' | 'first-byte' | 'head' | 'body';

const MISSING: { readonly [P in ExchangePhase]: string } = {
  request: 'the request could not be written',
  'first-byte': 'no answer',
  head: 'the answer stopped before its body',
  body: 'the body of the answer did not end',
};

/** The time expired in this phase. A server that has sent something is slow, not silent. */
export function timeoutFailure(phase: ExchangePhase, target: string, limitMs: number): HttpFailure {
  const hasStarted = phase === 'head' || phase === 'body';
  const detail = clean(`${target}: connected, then ${MISSING[phase]} within ${limitMs} ms`);
  return { why: hasStarted ? 'timeout' : 'silent', phase, detail, code: null };
}

/** Classifies an error of the client or the socket. */
export function exchangeFailure(phase: ExchangePhase, target: string, error: unknown): HttpFailure {
  const { code: errorCode, message } = error as { code?: unknown; message?: unknown };
  // The client could not parse the received bytes as HTTP.
  const code = codeOf(String(errorCode ?? '')) ?? (phase === 'head' ? 'not-http' : null);
  const reason =
    code === 'closed' ? 'the other side closed the connection' : (code ?? clean(String(message ?? error), 200));
  const detail = clean(`${target}: connected, then ${MISSING[phase]}: ${reason}`);
  return { why: 'unreadable', phase, detail, code };
}

function codeOf(code: string): string | null {
  if (/^HPE_|CONTENT_LENGTH_MISMATCH/.test(code)) return 'not-http';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'too-large';
  // The connection closed before the answer was complete.
  if (code === 'UND_ERR_SOCKET') return 'closed';
  return /^E[A-Z]+$/.test(code) ? code : null;
}
