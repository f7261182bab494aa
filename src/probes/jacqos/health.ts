import { get, type HttpFailure, type HttpPhase, hostPort } from '../io/http/http.ts';
import type { Named } from './environment.ts';
import { type JacqosIo, webLimitMs } from './io.ts';
import { type Reading, readOutput } from './reader/read.ts';
import { isShowable } from './reader/shape.ts';
import type { StateWord } from './reader/states.ts';
import { readAddress } from './url.ts';
import { proxyFor } from './web-proxy.ts';

/**
 * What a health address answered, as far as anything can be told of it: no body is documented
 * (docs/jacqos.md#endpoints).
 */
export type HealthAnswer = {
  readonly kind: 'answer';
  readonly status: number;
  /** Whether the body is JSON, a page, other text, or nothing. */
  readonly body: 'json' | 'page' | 'text' | 'none';
  /** The host that a redirect leads to; null for no redirect. */
  readonly redirectedTo: string | null;
  readonly ids: Pick<Reading, 'present' | 'mentioned' | 'unrecognised'>;
  readonly words: readonly StateWord[];
  readonly ms: number;
};

/** Why there is no answer, by phase; `code` as the transport gives it. */
export type HealthTrouble = {
  readonly kind: 'trouble';
  readonly why: HttpFailure['why'];
  readonly phase: HttpPhase;
  readonly code: string | null;
  readonly detail: string;
};

/** One address that was asked; `proxy` is named where one stands between. */
export type Health = Named & { readonly asked: string; readonly proxy: string | null } & (HealthAnswer | HealthTrouble);

const HEADERS = { accept: 'application/json, text/plain;q=0.9, */*;q=0.1', 'user-agent': 'jacqos-doctor' };
const MAX_BODY = 64 * 1024;

/** Asks a health address with one GET and no credentials. Never fails: whatever was met is what it gives. */
export async function askHealth(
  { source, url }: Named,
  path: string,
  { settings, env, phase }: JacqosIo & { readonly phase: (name: string) => void },
  signal: AbortSignal,
): Promise<Health> {
  const address = readAddress(url);
  if (address === null) throw new Error(`${source} was taken for an address`);
  const asked = `${address.shown}${path}`;
  const proxy = proxyFor(address, env);
  const told = proxy !== null && 'host' in proxy ? hostPort(proxy) : null;
  const trouble = (failure: Omit<HealthTrouble, 'kind'>): Health => ({
    source,
    url,
    asked,
    proxy: told,
    kind: 'trouble',
    ...failure,
  });
  if (proxy !== null && 'unusable' in proxy)
    return trouble({ why: 'withheld', phase: 'proxy', code: null, detail: proxy.unusable });
  const { secure, host, port } = address;
  const got = await get({ kind: 'web', secure, host, port, proxy, ca: settings.ca }, `${address.path}${path}`, {
    limitMs: webLimitMs(settings),
    signal,
    maxBytes: MAX_BODY,
    headers: HEADERS,
    onPhase: phase,
  });
  if (got.kind === 'failure') {
    const { why, phase: at, code, detail } = got.failure;
    return trouble({ why, phase: at, code, detail });
  }
  // A proxy that is asked in clear answers in the server's place.
  if (got.status === 407 && proxy !== null)
    return trouble({
      why: 'refused',
      phase: 'proxy',
      code: '407',
      detail: `the proxy ${told} asks for other credentials (407)`,
    });
  const text = got.body.toString('utf8');
  const body = bodyOf(text, got.headers['content-type'] ?? '');
  const reading = readOutput(body === 'page' ? '' : text, { failed: got.status >= 400 });
  return {
    source,
    url,
    asked,
    proxy: told,
    kind: 'answer',
    status: got.status,
    body,
    redirectedTo: got.status >= 300 && got.status < 400 ? targetOf(got.headers['location'], asked) : null,
    ids: { present: reading.present, mentioned: reading.mentioned, unrecognised: reading.unrecognised },
    words: [...reading.words, ...bareWord(text, body)],
    ms: got.ms,
  };
}

function bodyOf(text: string, type: string): HealthAnswer['body'] {
  if (text.trim() === '') return 'none';
  if (/html/i.test(type) || /^\s*(?:<!doctype|<html|<head|<body)/i.test(text)) return 'page';
  return /json/i.test(type) || /^\s*[[{"]/.test(text) ? 'json' : 'text';
}

/** A body of one word says how it stands. */
function bareWord(text: string, body: HealthAnswer['body']): readonly StateWord[] {
  const word = text.trim().replace(/^"|"$/g, '');
  if ((body !== 'text' && body !== 'json') || !/^[A-Za-z][A-Za-z_ -]{1,30}$/.test(word) || !isShowable(word)) return [];
  const good = ['active', 'promoted', 'ready', 'healthy', 'ok'].includes(word.toLowerCase());
  return [{ key: 'body', word, standing: good ? 'good' : 'other' }];
}

function targetOf(location: string | undefined, asked: string): string {
  try {
    return new URL(location ?? '', asked).host || 'nowhere';
  } catch {
    return 'nowhere';
  }
}
