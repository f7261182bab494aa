import { type FailureWhy, failed } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';

/**
 * How far a request came: the name leads nowhere; the proxy does not let it through; no connection; no TLS, or TLS of
 * somebody we do not trust; connected, and the request not yet written; written, and no byte of an answer; an answer that
 * began and never came to its body; a body that never ended.
 */
export type HttpPhase = 'dns' | 'proxy' | 'connect' | 'tls' | 'request' | 'first-byte' | 'head' | 'body';

/**
 * Why a request gave no answer. `code` is the system's own (`ECONNREFUSED`, `ECONNRESET`), `closed` where the other side
 * hung up, `not-http` where it says something else, `too-large` for a head beyond all measure, a proxy's status (`407`), or
 * what is wrong with TLS (`expired`); null for a deadline.
 */
export type HttpFailure = {
  readonly why: FailureWhy;
  readonly phase: HttpPhase;
  readonly detail: string;
  readonly code: string | null;
};

/** A request's failure as a probe's own. */
export function httpFailed({ why, phase, detail }: HttpFailure): ReturnType<typeof failed> {
  return failed(why, phase, detail);
}

/** The phases in which a connection is open already. */
export type ExchangePhase = 'request' | 'first-byte' | 'head' | 'body';

const MISSING: { readonly [P in ExchangePhase]: string } = {
  request: 'the request could not be written',
  'first-byte': 'no byte of an answer',
  head: 'an answer that began and never came to its body',
  body: 'a body that never ended',
};

/** The time ran out in this phase. Who has said something is slow, not silent. */
export function timeoutFailure(phase: ExchangePhase, target: string, limitMs: number): HttpFailure {
  const hasStarted = phase === 'head' || phase === 'body';
  const detail = clean(`${target}: connected, then ${MISSING[phase]} within ${limitMs} ms`);
  return { why: hasStarted ? 'timeout' : 'silent', phase, detail, code: null };
}

/** Reads what the client or the socket says went wrong. */
export function exchangeFailure(phase: ExchangePhase, target: string, error: unknown): HttpFailure {
  const { code: errorCode, message } = error as { code?: unknown; message?: unknown };
  // Bytes came that the client makes no answer of, whatever it calls that.
  const code = codeOf(String(errorCode ?? '')) ?? (phase === 'head' ? 'not-http' : null);
  const reason = code === 'closed' ? 'the other side hung up' : (code ?? clean(String(message ?? error), 200));
  const detail = clean(`${target}: connected, then ${MISSING[phase]}: ${reason}`);
  return { why: 'unreadable', phase, detail, code };
}

function codeOf(code: string): string | null {
  if (/^HPE_|CONTENT_LENGTH_MISMATCH/.test(code)) return 'not-http';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'too-large';
  // Its words for a connection that ended before the answer did.
  if (code === 'UND_ERR_SOCKET') return 'closed';
  return /^E[A-Z]+$/.test(code) ? code : null;
}
