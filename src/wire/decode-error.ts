import { clean, MAX_QUOTED } from '../engine/text.ts';
import { Error as JacoError, RpcStatus } from './jaco.ts';

/** The form of an error: a decoded jaco.v1.Error, a status line of the server, or an error below gRPC. */
export type WireErrorForm = 'typed' | 'plain' | 'transport';

/**
 * One failed call, safe to print. `code` is JACO's error code (`no_leader`), an unknown one unchanged, null for none;
 * `message` is the prose without the code; `grpc` is the numeric gRPC status, 0 to 16
 * (docs/jaco-daemon/errors.md#error-forms).
 */
export type WireError = { code: string | null; message: string; grpc: number; form: WireErrorForm };

const UNKNOWN = 2;
const DETAILS_TRAILER = 'grpc-status-details-bin';
const ERROR_TYPE = '/jaco.v1.Error';

/** Longest trailer that is decoded, in bytes: the largest real one is below 200. */
const MAX_TRAILER = 64 * 1024;

/**
 * Decodes what grpc-js throws, in both forms of docs/jaco-daemon/errors.md#error-forms: form A carries a jaco.v1.Error
 * in a trailer ('typed'), form B only `code: prose` in the status line ('plain'). Everything else, such as a refused
 * dial, is 'transport'. Accepts any value and never throws.
 */
export function decodeError(err: unknown): WireError {
  const grpc = grpcCode(property(err, 'code'));
  const details = property(err, 'details');
  if (typeof details !== 'string') return { code: null, message: clean(errorMessage(err)), grpc, form: 'transport' };
  const metadata = property(err, 'metadata');
  const typed = typedError(metadata);
  if (typed !== null) return { ...typed, message: typed.message || clean(details), grpc, form: 'typed' };

  // Bounded before matching; no code is that long.
  const [, code, prose] = /^([a-z][a-z0-9_]*)(?::\s+(.*)|$)/s.exec(details.slice(0, MAX_QUOTED * 4)) ?? [];
  if (code !== undefined && code.length <= MAX_QUOTED) {
    return { code, message: clean(prose ?? code), grpc, form: 'plain' };
  }
  // A status of grpc-js has no metadata; one of a server has at least its content-type
  // (docs/jaco-daemon/errors.md#error-forms).
  const fromServer = hasEntries(metadata) && !details.startsWith('Received HTTP status code');
  return { code: null, message: clean(details), grpc, form: fromServer ? 'plain' : 'transport' };
}

function typedError(metadata: unknown): { code: string | null; message: string } | null {
  for (const value of entries(metadata, DETAILS_TRAILER)) {
    if (!(value instanceof Uint8Array) || value.length > MAX_TRAILER) continue;
    try {
      const any = RpcStatus.decode(value).details.find((detail) => detail.typeUrl.endsWith(ERROR_TYPE));
      if (any === undefined) continue;
      const error = JacoError.decode(any.value);
      if (error.code === '' && error.message === '') continue;
      return { code: clean(error.code) || null, message: clean(error.message) };
    } catch {
      // Not a status: the status line still has the error.
    }
  }
  return null;
}

function grpcCode(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 16 ? value : UNKNOWN;
}

/** The message of an error that is not of gRPC. */
function errorMessage(err: unknown): string {
  const message = property(err, 'message');
  return typeof message === 'string' ? message : typeof err === 'string' ? err : '';
}

function property(from: unknown, key: string): unknown {
  try {
    return from !== null && typeof from === 'object' ? (from as Record<string, unknown>)[key] : undefined;
  } catch {
    return undefined; // a getter that throws
  }
}

function entries(metadata: unknown, key: string): readonly unknown[] {
  const values = call(metadata, 'get', key);
  return Array.isArray(values) ? values : [];
}

function hasEntries(metadata: unknown): boolean {
  const map = call(metadata, 'getMap');
  return map !== null && typeof map === 'object' && Object.keys(map).length > 0;
}

function call(on: unknown, method: string, ...args: unknown[]): unknown {
  const callable = property(on, method);
  if (typeof callable !== 'function') return undefined;
  try {
    return callable.apply(on, args);
  } catch {
    return undefined;
  }
}
