import { type FailureWhy, failed } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import type { WireError } from '../../../wire/decode-error.ts';
import type { ConnectResult } from '../try-connect.ts';

/**
 * The phase in which a call failed: name resolution; the connect; TLS, or a certificate that is not trusted; gRPC on an
 * open connection; the answer, which was an error or did not come.
 */
export type CallPhase = 'resolve' | 'connect' | 'tls' | 'grpc' | 'answer';

/**
 * Why a call gave no response. `code` is, by phase: the error code of the system (`ECONNREFUSED`), the {@link
 * TlsFault}, or JACO's error code (`token_revoked`). `grpc` is the status that the server sent, 0 to 16, if any.
 */
export type CallFailure = {
  readonly why: FailureWhy;
  readonly phase: CallPhase;
  readonly detail: string;
  readonly code: string | null;
  readonly grpc: number | null;
};

/** Why a TLS handshake failed or its certificate is not trusted. */
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

/** The failure of a call as the result of a probe. */
export function asFailed({ why, phase, detail }: CallFailure): ReturnType<typeof failed> {
  return failed(why, phase, detail);
}

/** The failure of a call whose bare connect failed. */
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
  // A unix listener with a full queue is still there, but has stopped accepting.
  if (unix && code === 'EAGAIN') return 'silent';
  if (unix && (code === 'EACCES' || code === 'EPERM')) return 'denied';
  const unreachable = ['ENOENT', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ETIMEDOUT', 'EADDRNOTAVAIL'];
  // Over TCP, EACCES and EPERM come from a packet filter, not from a missing right.
  return unreachable.includes(code) || code === 'EACCES' || code === 'EPERM' ? 'absent' : 'unreadable';
}

// grpc-js wraps the error of the connection: "No connection established. Last error: <X>. Resolution note: "
// (docs/jaco-daemon/errors.md#transport-failures).
const LAST_ERROR = /Last error: ([\s\S]*?)\.? ?Resolution note:/;

/** The error of a call that reached another daemon than the first one. */
export const CERTIFICATE_CHANGED = 'a different certificate than at the first connection';

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

/**
 * What Node 24 and later add to the error of a certificate: it is an option of Node, so a reader of the doctor cannot
 * follow it.
 */
const NODE_ADVICE = /; if the root CA is installed locally, try running Node\.js with --use-system-ca/;

/** The TLS fault by the error text of Node or OpenSSL; undefined for an unknown text. */
export function tlsFaultOf(text: string): TlsFault | undefined {
  return TLS_FAULTS.find(([pattern]) => pattern.test(text))?.[1];
}

/**
 * The progress of TLS: none is used, not yet done, up, or unknown, because Node does not report a handshake without
 * verification.
 */
export type TlsProgress = 'plain' | 'not-yet' | 'up' | 'untold';

/** Classifies the error of a call. */
export function callFailure(error: WireError, tls: TlsProgress): CallFailure {
  const text = (LAST_ERROR.exec(error.message)?.[1] ?? error.message).replace(NODE_ADVICE, '');
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
  // An error about parsing or size means that an answer came and could not be read.
  const phase = /pars|decod|deseriali|larger than max|buffer/i.test(text) ? 'answer' : 'grpc';
  return {
    why: 'unreadable',
    phase,
    detail: withoutTime(detail),
    code: http === undefined ? null : `HTTP ${http}`,
    grpc: null,
  };
}

/** Texts of grpc-js for a connection or a call that ended without a status. */
const HUNG_UP =
  /^Failed to connect|Connection dropped|RST_STREAM with code|Call ended without gRPC status|read ECONNRESET|socket hang up/;

/** An error that the server sent. */
function serverFailure(error: WireError): CallFailure {
  const { code, message, grpc } = error;
  const why = grpc === 12 ? 'unreadable' : grpc === 16 || grpc === 7 ? 'denied' : 'refused';
  const detail = clean(code === null || message.startsWith(code) ? message : `${code}: ${message}`);
  return { why, phase: 'answer', detail, code, grpc };
}

/** Connected, but no answer came. */
export function silentFailure(tls: TlsProgress, opened: boolean): CallFailure {
  const phase = opened ? 'answer' : tls === 'not-yet' ? 'tls' : 'grpc';
  const missingHandshake = tls === 'untold' ? 'no TLS handshake or no HTTP/2 settings' : 'no HTTP/2 settings';
  const missing = { answer: 'no answer to the call', tls: 'no TLS handshake', grpc: missingHandshake }[phase];
  return { why: 'silent', phase, detail: `connected, then ${missing}`, code: null, grpc: null };
}

/** Removes the time that grpc-js adds, which differs in each run. */
function withoutTime(detail: string): string {
  return detail.replace(/ \(\d{4}-\d\d-\d\dT[^)]*\)/, '');
}
