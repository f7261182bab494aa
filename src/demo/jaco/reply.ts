import { Metadata, status } from '@grpc/grpc-js';
import { Error as JacoError, RpcStatus } from '../../wire/jaco.ts';

/**
 * The answer of the stand-in to one call: encoded messages, or a refusal in one of the two forms of
 * docs/jaco-daemon/errors.md#error-forms.
 */
export type GrpcReply = { readonly messages: readonly Uint8Array[] } | GrpcRefusal;

/**
 * A refused call: the numeric status, the status line, and for form A the bytes of the trailer grpc-status-details-bin.
 */
export type GrpcRefusal = { readonly grpc: status; readonly line: string; readonly trailer: Buffer | null };

/** Form A: the status line is the bare code, and a jaco.v1.Error has the prose. */
export function typed(grpc: status, code: string, message: string): GrpcRefusal {
  const value = Buffer.from(JacoError.encode({ code, message, details: {} }).finish());
  const details = [{ typeUrl: 'type.googleapis.com/jaco.v1.Error', value }];
  return { grpc, line: code, trailer: Buffer.from(RpcStatus.encode({ code: grpc, message: code, details }).finish()) };
}

/** Form B: only the status line, `code: prose` or plain prose. */
export function plain(grpc: status, line: string): GrpcRefusal {
  return { grpc, line, trailer: null };
}

/** The header a Go server sends; grpc-js would send `application/grpc+proto`. */
export function goHeaders(): Metadata {
  const metadata = new Metadata();
  metadata.set('content-type', 'application/grpc');
  return metadata;
}

/** Trailers of an answer that consists of trailers only. */
export function refusalTrailers(refusal: GrpcRefusal): Metadata {
  const metadata = goHeaders();
  if (refusal.trailer !== null) metadata.set('grpc-status-details-bin', refusal.trailer);
  return metadata;
}

/**
 * The refusals of daemons before any handler runs (docs/jaco-daemon/control.md#rpcs,
 * docs/jaco-daemon/control.md#server-options, docs/jaco-daemon/errors.md#error-codes).
 */
export const refusals = {
  uninitialized: plain(
    status.UNAVAILABLE,
    'cluster_uninitialized: daemon has no raft state — run `jaco cluster init` or `jaco node join`',
  ),
  unknownService: (service: string) => plain(status.UNIMPLEMENTED, `unknown service ${service}`),
  unknownMethod: (method: string, service: string) =>
    plain(status.UNIMPLEMENTED, `unknown method ${method} for service ${service}`),
  notImplemented: (method: string) => plain(status.UNIMPLEMENTED, `method ${method} not implemented`),
  missingHeader: typed(status.UNAUTHENTICATED, 'token_invalid', 'missing authorization header'),
  notBearer: typed(status.UNAUTHENTICATED, 'token_invalid', 'authorization header must use Bearer scheme'),
  unknownToken: typed(status.UNAUTHENTICATED, 'token_invalid', 'unknown token'),
  revokedToken: typed(status.UNAUTHENTICATED, 'token_revoked', 'token has been revoked'),
};
