import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import type { Client } from 'undici';
import { cpuFairTimeout } from '../../../engine/cpu-fair-timeout.ts';
import { clean } from '../../../engine/text.ts';
import { type DialOptions, type DialResult, dial } from './dial.ts';
import { type ExchangePhase, exchangeFailure, type HttpFailure, type HttpPhase, timeoutFailure } from './failure.ts';
import { type HttpTarget, hostPort, targetName } from './target.ts';

export { type HttpFailure, type HttpPhase, httpFailed } from './failure.ts';
export { type HttpTarget, hostPort, type UnixTarget, type WebProxy, type WebTarget } from './target.ts';

/** An answer with any status, such as 404, 500 or a redirect, which is not followed. */
export type HttpAnswer = {
  readonly kind: 'answer';
  readonly status: number;
  /** By lower-case name; values bounded and cleaned. */
  readonly headers: { readonly [name: string]: string };
  /** At most `maxBytes` of it; `cut` is set if there was more. */
  readonly body: Buffer;
  readonly cut: boolean;
  /** From the first connect to the last byte. */
  readonly ms: number;
};

export type HttpResult = HttpAnswer | { readonly kind: 'failure'; readonly failure: HttpFailure; readonly ms: number };

/** The limits and the headers of a request. */
export type GetOptions = {
  /** Time in ms from the first connect to the last byte, without the time to load the client. */
  readonly limitMs: number;
  /** Ends the request and its connection at once. */
  readonly signal: AbortSignal;
  /** Most bytes of the body that are kept; 1 MiB by default. A longer body is cut. */
  readonly maxBytes?: number;
  readonly headers?: { readonly [name: string]: string };
  /** The default is GET; the answer to HEAD has no body. */
  readonly method?: 'GET' | 'HEAD';
  /** Called with each phase, so that a deadline can report it. */
  readonly onPhase?: (phase: HttpPhase) => void;
};

const MAX_BYTES = 1024 * 1024;

/**
 * One request on its own connection, which is always closed. Never throws, follows no redirect, never retries, and
 * leaves nothing that keeps the process alive.
 */
export async function httpGet(target: HttpTarget, path: string, options: GetOptions): Promise<HttpResult> {
  const startedAt = performance.now();
  const { limitMs, signal, onPhase = () => {} } = options;
  const [opened, UndiciClient] = await Promise.all([open(target, { limitMs, signal, onPhase }), loadClient()]);
  const ms = (): number => Math.round(performance.now() - startedAt);
  if (opened.kind === 'failure') return { ...opened, ms: ms() };
  onPhase('first-byte');
  const request = requestOf(target, path, options.headers ?? {});
  const result = await exchange(UndiciClient, opened.socket, target, { ...options, ...request }, limitMs - opened.ms);
  return { ...result, ms: ms() };
}

/** Loads only the client: loading the whole package takes three times as long. */
async function loadClient(): Promise<typeof Client> {
  // V8 would optimize the WebAssembly parser after a few answers, which takes 35 MB and gains nothing in a short run.
  setFlagsFromString('--wasm-tiering-budget=1000000000');
  return (await import('undici/lib/dispatcher/client.js')).default;
}

/** The path and the headers of a request. Without TLS, a proxy gets the whole address as the path. */
function requestOf(
  target: HttpTarget,
  path: string,
  headers: { readonly [name: string]: string },
): { path: string; headers: { readonly [name: string]: string } } {
  if (target.kind === 'unix') return { path, headers };
  const host = hostPort(target, target.port === (target.secure ? 443 : 80));
  if (target.secure || target.proxy === null) return { path, headers: { host, ...headers } };
  const { authorization } = target.proxy;
  const credentials = authorization === null ? {} : { 'proxy-authorization': authorization.reveal() };
  return { path: `http://${host}${path}`, headers: { host, ...credentials, ...headers } };
}

type Exchanged = Omit<HttpAnswer, 'ms'> | { readonly kind: 'failure'; readonly failure: HttpFailure };

function exchange(
  UndiciClient: typeof Client,
  socket: Socket,
  target: HttpTarget,
  {
    path,
    limitMs,
    signal,
    maxBytes = MAX_BYTES,
    headers = {},
    method = 'GET',
    onPhase = () => {},
  }: GetOptions & { readonly path: string },
  leftMs: number,
): Promise<Exchanged> {
  return new Promise((resolve) => {
    let client: Client | undefined;
    let head: Pick<HttpAnswer, 'status' | 'headers'> | null = null;
    const body: Buffer[] = [];
    let bodyBytes = 0;
    let isSettled = false;
    // A handshake or a proxy may have used this connection before.
    const fresh = target.kind === 'unix' || (!target.secure && target.proxy === null);
    const { bytesRead, bytesWritten } = fresh ? { bytesRead: 0, bytesWritten: 0 } : socket;
    const phase = (): ExchangePhase => {
      if (head !== null) return 'body';
      if (socket.bytesRead > bytesRead) return 'head';
      return socket.bytesWritten > bytesWritten ? 'first-byte' : 'request';
    };
    const settle = (result: Exchanged): void => {
      if (isSettled) return;
      isSettled = true;
      cancelTimeout();
      signal.removeEventListener('abort', giveUp);
      resolve(result);
      client?.destroy().catch(() => {});
      socket.destroy();
    };
    const fail = (failure: HttpFailure): void => settle({ kind: 'failure', failure });
    const giveUp = (): void => fail(timeoutFailure(phase(), targetName(target), limitMs));
    const answer = (cut: boolean): void => {
      if (head !== null) settle({ kind: 'answer', ...head, body: Buffer.concat(body).subarray(0, maxBytes), cut });
    };
    const cancelTimeout = cpuFairTimeout(Math.max(0, leftMs), giveUp);
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      client = new UndiciClient('http://localhost', {
        // The client does not continue if the callback is synchronous.
        connect: (_, callback) => queueMicrotask(() => callback(null, socket)),
        // The caller keeps the time.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      // The client would reopen a closed connection and lose the reason: one GET is one connection.
      client.once('disconnect', (_origin, _targets, error) =>
        fail(exchangeFailure(phase(), targetName(target), error)),
      );
      if (socket.destroyed) return fail(exchangeFailure('request', targetName(target), { code: 'UND_ERR_SOCKET' }));
      client.dispatch(
        { method, path, headers },
        {
          // Marks this as a handler of the current API.
          onRequestStart() {},
          onResponseStart(_, status, headers) {
            head = { status, headers: readHeaders(headers) };
            onPhase('body');
          },
          onResponseData(_, chunk) {
            bodyBytes += chunk.length;
            body.push(chunk);
            if (bodyBytes > maxBytes) answer(true);
          },
          onResponseEnd: () => answer(false),
          onResponseError: (_, error) => fail(exchangeFailure(phase(), targetName(target), error)),
        },
      );
    } catch (error) {
      // A path or a header that is not valid in a request.
      fail(exchangeFailure('request', targetName(target), error));
    }
  });
}

function readHeaders(headers: { readonly [name: string]: string | readonly string[] | undefined }): {
  [name: string]: string;
} {
  return Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [clean(name, 100), clean(String(text ?? ''))]),
  );
}

/** Opens a connection within `limitMs`. The caller closes the socket; a failed one is closed here. */
async function open(target: HttpTarget, options: DialOptions): Promise<DialResult> {
  if (target.kind === 'web') return (await import('./open-web.ts')).openWeb(target, options);
  return dial({ path: target.path }, targetName(target), options);
}
