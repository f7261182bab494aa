import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import type { Client } from 'undici';
import { cpuFairTimeout } from '../../../engine/cpu-fair-timeout.ts';
import { clean } from '../../../engine/text.ts';
import { open } from './connect.ts';
import { type ExchangePhase, exchangeFailure, type HttpFailure, type HttpPhase, timeoutFailure } from './failure.ts';
import { type HttpTarget, hostPort, targetName } from './target.ts';

export { type HttpFailure, type HttpPhase, httpFailed } from './failure.ts';
export { type HttpTarget, hostPort, type UnixTarget, type WebProxy, type WebTarget } from './target.ts';

/** An answer, whatever its status: 404 and 500 are answers, and so is a redirect, which is not followed. */
export type HttpAnswer = {
  readonly kind: 'answer';
  readonly status: number;
  /** By lower-case name; values bounded and cleaned. */
  readonly headers: { readonly [name: string]: string };
  /** `maxBytes` of it at most; `cut` where there was more. */
  readonly body: Buffer;
  readonly cut: boolean;
  /** From the first connect to the last byte. */
  readonly ms: number;
};

export type HttpResult = HttpAnswer | { readonly kind: 'failure'; readonly failure: HttpFailure; readonly ms: number };

/** How long and for whom a request is made. */
export type GetOptions = {
  /** Time for all of it, in ms, from the first connect to the last byte; loading the client is no part of it. */
  readonly limitMs: number;
  /** Ends it and its connection at once. */
  readonly signal: AbortSignal;
  /** Bytes of the body kept, at most: 1 MiB unless given. A body is ended where it is longer. */
  readonly maxBytes?: number;
  readonly headers?: { readonly [name: string]: string };
  /** Told how far it came, so that whoever ends it can say so. */
  readonly onPhase?: (phase: HttpPhase) => void;
};

const MAX_BYTES = 1024 * 1024;

/**
 * One GET on a connection of its own, which is closed whatever comes. Never throws, follows nothing, retries nothing and
 * leaves nothing behind that keeps the process.
 */
export async function get(target: HttpTarget, path: string, options: GetOptions): Promise<HttpResult> {
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

/** The client alone: the package as a whole loads three times as long. */
async function loadClient(): Promise<typeof Client> {
  // Its parser is WebAssembly that V8 would optimize after a few answers: 35 MB for a moment, and nothing gained in a short run.
  setFlagsFromString('--wasm-tiering-budget=1000000000');
  return (await import('undici/lib/dispatcher/client.js')).default;
}

/** A request line and its headers; a proxy is told the whole address of what is asked for in clear. */
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
    // A handshake, or a proxy, may have been on this connection before.
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
        // The client does not go on by itself when it is called back at once.
        connect: (_, callback) => queueMicrotask(() => callback(null, socket)),
        // Time is the caller's alone.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      // It would open a connection that ended anew, and the reason would be lost: one GET is one connection.
      client.once('disconnect', (_origin, _targets, error) =>
        fail(exchangeFailure(phase(), targetName(target), error)),
      );
      if (socket.destroyed) return fail(exchangeFailure('request', targetName(target), { code: 'UND_ERR_SOCKET' }));
      client.dispatch(
        { method: 'GET', path, headers },
        {
          // Marks this as a handler of the present kind.
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
      // A path or a header that no request can carry.
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
