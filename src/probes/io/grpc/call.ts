import type { Client, Metadata } from '@grpc/grpc-js';
import { cpuFairTimeout } from '../../../engine/cpu-fair-timeout.ts';
import { clean } from '../../../engine/text.ts';
import { type ConnectResult, type ConnectTarget, routeDelayMs, tryConnect } from '../try-connect.ts';
import { channelParameters, connectTargetOf, type Endpoint } from './channel.ts';
import { type CallFailure, callFailure, connectFailure, silentFailure, type TlsProgress } from './failure.ts';

/** The result of a call and of the bare connect before it. `ms` counts from the first connect. */
export type CallResult<T> = { readonly connect: ConnectResult; readonly ms: number } & (
  | { readonly kind: 'response'; readonly response: T }
  | { readonly kind: 'failure'; readonly failure: CallFailure }
);

/** The limits and the token of a call. */
export type CallOptions = {
  /** Time for the call, in ms, counted from the connection. The delay of a slow network is added. */
  readonly limitMs: number;
  /** Time for the connect, in ms. It alone detects a host that drops packets. */
  readonly connectMs?: number;
  /** Ends the call and closes its channel. */
  readonly signal: AbortSignal;
  /** Operator token, for calls over TCP that need one. */
  readonly token?: string;
};

/** Time for a connect, in ms, unless a caller says otherwise. */
const CONNECT_MS = 1500;

/** Starts one call on an open client and returns what cancels it. Calls `settle` with the result. */
export type StartCall<T> = (
  client: Client,
  metadata: Metadata,
  deadline: Date,
  settle: (error: unknown, answer: T | undefined) => void,
) => { cancel: () => void };

/** Connects, opens a channel, calls `start`, and always closes the channel. */
export async function call<T>(endpoint: Endpoint, options: CallOptions, start: StartCall<T>): Promise<CallResult<T>> {
  const { limitMs, connectMs = CONNECT_MS, signal, token = '' } = options;
  const name = endpoint.kind === 'unix' ? endpoint.path : endpoint.address;
  const target = connectTargetOf(endpoint);
  // An error of grpc-js would quote such a token.
  if (target === null || !/^[\x21-\x7e ]*$/.test(token)) {
    const detail =
      target === null
        ? `not an address to dial: ${clean(name, 253)}`
        : 'the token has characters that are not allowed in a header';
    const failure: CallFailure = { why: 'unreadable', phase: 'connect', detail, code: null, grpc: null };
    return { kind: 'failure', failure, connect: { kind: 'error', code: 'EINVAL', ms: 0 }, ms: 0 };
  }
  const startedAt = performance.now();
  // The modules load during the connect, so that their load time does not count for the daemon.
  const [connect, modules] = await Promise.all([
    tryConnect(target, Math.min(connectMs, limitMs), signal),
    loadModules(),
  ]);
  const ms = (): number => Math.round(performance.now() - startedAt);
  if (connect.kind !== 'connected')
    return { kind: 'failure', failure: connectFailure(connect, name, endpoint.kind === 'unix'), connect, ms: ms() };
  // The address that accepted the connection, so that the name is not resolved again.
  const dialled = 'path' in target ? target : { host: connect.at ?? target.host, port: target.port };
  const result = await exchange(
    modules,
    endpoint,
    dialled,
    { ...options, limitMs: limitMs + (endpoint.kind === 'unix' ? 0 : routeDelayMs(connect)) },
    start,
  );
  return { ...result, connect, ms: ms() };
}

type Modules = {
  readonly grpc: typeof import('@grpc/grpc-js');
  readonly decodeError: typeof import('../../../wire/decode-error.ts').decodeError;
};

async function loadModules(): Promise<Modules> {
  const [grpc, { decodeError }] = await Promise.all([import('@grpc/grpc-js'), import('../../../wire/decode-error.ts')]);
  // With GRPC_TRACE set, its log would print into the report.
  grpc.setLogVerbosity(grpc.logVerbosity.NONE);
  return { grpc, decodeError };
}

/** connectivityState.READY of grpc-js: the channel is open. */
const READY = 2;
/** The deadline of grpc-js, as a multiple of the limit. */
const GRPC_DEADLINE_FACTOR = 10;

type CallAnswer<T> = { kind: 'response'; response: T } | { kind: 'failure'; failure: CallFailure };

function exchange<T>(
  { grpc, decodeError }: Modules,
  endpoint: Endpoint,
  target: ConnectTarget,
  options: CallOptions,
  start: StartCall<T>,
): Promise<CallAnswer<T>> {
  return new Promise((resolve) => {
    let tls: TlsProgress =
      endpoint.kind === 'unix' ? 'plain' : endpoint.trust.kind === 'unverified' ? 'untold' : 'not-yet';
    let client: Client | undefined;
    let call: { cancel: () => void } | undefined;
    let isSettled = false;
    const settle = (reply: CallAnswer<T>): void => {
      if (isSettled) return;
      isSettled = true;
      cancelTimeout();
      options.signal.removeEventListener('abort', giveUp);
      resolve(reply);
      call?.cancel();
      client?.close();
    };
    const fail = (error: unknown): void => settle({ kind: 'failure', failure: callFailure(decodeError(error), tls) });
    const giveUp = (): void =>
      settle({
        kind: 'failure',
        failure: silentFailure(tls, client?.getChannel().getConnectivityState(false) === READY),
      });
    // The deadline of grpc-js is only a fallback: it ignores how busy this host is.
    const cancelTimeout = cpuFairTimeout(options.limitMs, giveUp);
    options.signal.addEventListener('abort', giveUp, { once: true });
    try {
      const channel = channelParameters(grpc, endpoint, target, () => {
        tls = 'up';
      });
      client = new grpc.Client(channel.target, channel.credentials, channel.options);
      const metadata = new grpc.Metadata();
      if (options.token !== undefined) metadata.set('authorization', `Bearer ${options.token}`);
      call = start(client, metadata, new Date(Date.now() + options.limitMs * GRPC_DEADLINE_FACTOR), (error, answer) =>
        error || answer === undefined ? fail(error) : settle({ kind: 'response', response: answer }),
      );
    } catch (error) {
      // A CA file that holds no certificate.
      const detail = `the call could not be made: ${decodeError(error).message}`;
      settle({ kind: 'failure', failure: { why: 'unreadable', phase: 'tls', detail, code: 'other', grpc: null } });
    }
  });
}
