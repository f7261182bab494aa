import { type FailureWhy, failed } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import type { WireError } from '../../../wire/error.ts';
import type { ConnectResult } from '../connect.ts';

/**
 * How far a call came: a name that leads nowhere; no connection; a connection but no TLS, or TLS of somebody we do not trust; TLS or a plain
 * connection but no gRPC; gRPC that answered with an error or not at all.
 */
export type CallPhase = 'resolve' | 'connect' | 'tls' | 'grpc' | 'answer';

/**
 * Why a call gave no response. `code` is, by phase: the system's own (`ECONNREFUSED`), what is wrong with TLS
 * ({@link TlsFault}), or JACO's own code of the error (`token_revoked`). `grpc` is the server's status, 0 to 16, where it
 * sent one.
 */
export type CallFailure = {
  readonly why: FailureWhy;
  readonly phase: CallPhase;
  readonly detail: string;
  readonly code: string | null;
  readonly grpc: number | null;
};

/** What kept TLS from being trusted or from coming about. */
export type TlsFault =
  | 'untrusted'
  | 'self-signed'
  | 'name-mismatch'
  | 'expired'
  | 'not-yet-valid'
  | 'another'
  | 'not-tls'
  | 'closed'
  | 'other';

/** A call's failure as a probe's own. */
export function asFailed({ why, phase, detail }: CallFailure): ReturnType<typeof failed> {
  return failed(why, phase, detail);
}

/** What a bare connect that did not connect means for a call. */
export function connectFailure(
  connect: Exclude<ConnectResult, { kind: 'connected' }>,
  target: string,
  unix: boolean,
): CallFailure {
  if (connect.kind === 'no-answer') {
    const detail = `no answer to a connect to ${target} within ${connect.ms} ms`;
    return { why: 'timeout', phase: 'connect', detail: clean(detail), code: null, grpc: null };
  }
  const detail = clean(connect.detail ?? `connect to ${target}: ${connect.code}`);
  const phase = connect.detail === undefined ? 'connect' : 'resolve';
  return { why: connectFailureWhy(connect.code, unix), phase, detail, code: connect.code, grpc: null };
}

function connectFailureWhy(code: string, unix: boolean): FailureWhy {
  if (code === 'ETIMEOUT') return 'timeout';
  if (code === 'ECONNREFUSED') return 'refused';
  // A unix listener whose queue is full takes no more connections: it has stopped accepting, not gone away.
  if (unix && code === 'EAGAIN') return 'silent';
  if (unix && (code === 'EACCES' || code === 'EPERM')) return 'denied';
  const unreachable = ['ENOENT', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ETIMEDOUT', 'EADDRNOTAVAIL'];
  // A packet filter's refusal reads as a missing right (EACCES, EPERM) over TCP, which it is not.
  return unreachable.includes(code) || code === 'EACCES' || code === 'EPERM' ? 'absent' : 'unreadable';
}

// grpc-js wraps the connection's own error: "No connection established. Last error: <X>. Resolution note: "
// (docs/jaco-daemon/errors.md#transport-failures).
const LAST_ERROR = /Last error: ([\s\S]*?)\.? ?Resolution note:/;

/** What a call is refused with that meets another daemon than the first look did. */
export const CERTIFICATE_CHANGED = 'another certificate than at the first look';

const TLS_FAULTS: readonly (readonly [RegExp, TlsFault])[] = [
  [new RegExp(CERTIFICATE_CHANGED), 'another'],
  [/ALTNAME_INVALID|does not match certificate's altnames/, 'name-mismatch'],
  [/certificate has expired|CERT_HAS_EXPIRED/, 'expired'],
  [/not yet valid/, 'not-yet-valid'],
  [/self[- ]signed/, 'self-signed'],
  [/unable to (verify|get)|unable to find|certificate signature failure|CERT_/, 'untrusted'],
  [/wrong version number|unknown protocol|http request|packet length too long|not enough data/i, 'not-tls'],
  [/before secure TLS connection/, 'closed'],
  [/SSL routines|ssl3_|tlsv1|EPROTO/, 'other'],
];

/** What is wrong with TLS by the words of Node's or OpenSSL's error; undefined where they tell of nothing known. */
export function tlsFaultOf(text: string): TlsFault | undefined {
  return TLS_FAULTS.find(([pattern]) => pattern.test(text))?.[1];
}

/**
 * How far a call's TLS has come: it has none; not yet; it is up; or it cannot be told, since Node says nothing of a handshake
 * that trusts anybody.
 */
export type TlsProgress = 'plain' | 'not-yet' | 'up' | 'untold';

/** Reads a call's error. */
export function callFailure(error: WireError, tls: TlsProgress): CallFailure {
  const text = LAST_ERROR.exec(error.message)?.[1] ?? error.message;
  const detail = clean(text.replace(/^Error:\s*/, ''));
  if (error.grpc === 4) return silentFailure(tls, /remote_addr=/.test(error.message));
  if (error.form !== 'transport') return serverFailure(error);

  const systemCode = /\bconnect (E[A-Z]+)/.exec(text)?.[1];
  if (systemCode !== undefined)
    return {
      why: connectFailureWhy(systemCode, text.includes('/')),
      phase: 'connect',
      detail,
      code: systemCode,
      grpc: null,
    };
  const fault = tls === 'plain' ? undefined : tlsFaultOf(text);
  if (fault !== undefined) return { why: 'unreadable', phase: 'tls', detail, code: fault, grpc: null };
  if (tls === 'not-yet')
    return {
      why: 'unreadable',
      phase: 'tls',
      detail,
      code: /reset|ECONNRESET|closed/i.test(text) ? 'closed' : 'other',
      grpc: null,
    };
  if (HUNG_UP.test(text))
    return { why: 'hung-up', phase: 'grpc', detail: `hung up: ${withoutTime(detail)}`, code: null, grpc: null };
  const http = /HTTP status code (\d+)/.exec(text)?.[1];
  // Parsing a message or its size is where an answer was there and could not be read.
  const phase = /pars|decod|deseriali|larger than max|buffer/i.test(text) ? 'answer' : 'grpc';
  return {
    why: 'unreadable',
    phase,
    detail: withoutTime(detail),
    code: http === undefined ? null : `HTTP ${http}`,
    grpc: null,
  };
}

/** How grpc-js words a connection that ended, or a call that was let go, without a status. */
const HUNG_UP =
  /^Failed to connect|Connection dropped|RST_STREAM with code|Call ended without gRPC status|read ECONNRESET|socket hang up/;

/** An error that the server itself sent. */
function serverFailure(error: WireError): CallFailure {
  const { code, message, grpc } = error;
  const why = grpc === 12 ? 'unreadable' : grpc === 16 || grpc === 7 ? 'denied' : 'refused';
  const detail = clean(code === null || message.startsWith(code) ? message : `${code}: ${message}`);
  return { why, phase: 'answer', detail, code, grpc };
}

/** Connected, and nothing came. Without an open channel it is not known how far the other side would have come. */
export function silentFailure(tls: TlsProgress, opened: boolean): CallFailure {
  const phase = opened ? 'answer' : tls === 'not-yet' ? 'tls' : 'grpc';
  const missingHandshake = tls === 'untold' ? 'no TLS handshake or no HTTP/2 settings' : 'no HTTP/2 settings';
  const missing = { answer: 'no answer to the call', tls: 'no TLS handshake', grpc: missingHandshake }[phase];
  return { why: 'silent', phase, detail: `connected, then ${missing}`, code: null, grpc: null };
}

/** Without the time that grpc-js adds, which would differ at each run. */
function withoutTime(detail: string): string {
  return detail.replace(/ \(\d{4}-\d\d-\d\dT[^)]*\)/, '');
}
