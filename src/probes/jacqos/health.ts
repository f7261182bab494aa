import { type HttpFailure, type HttpPhase, hostPort, httpGet } from '../io/http/http.ts';
import { parseAddress } from './address.ts';
import type { NamedAddress } from './environment.ts';
import { type JacqosIo, webLimitMs } from './jacqos-probe.ts';
import { isShowable } from './reader/id-shape.ts';
import { type Reading, readOutput } from './reader/read-output.ts';
import type { StateWord } from './reader/states.ts';
import { trustedCas, withTrustHint } from './trusted-cas.ts';
import { exceptionHint, proxyFor } from './web-proxy.ts';

/** The answer of a health address. Its body is not documented (docs/jacqos.md#endpoints). */
export type HealthAnswer = {
  readonly kind: 'answer';
  readonly status: number;
  /** Whether the body is JSON, a page, other text, or nothing. */
  readonly body: 'json' | 'page' | 'text' | 'none';
  /** The host of a redirect; null without a redirect. */
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

/** The health of one address; `proxy` is the proxy that was used. */
export type Health = NamedAddress & { readonly asked: string; readonly proxy: string | null } & (
    | HealthAnswer
    | HealthTrouble
  );

const HEADERS = { accept: 'application/json, text/plain;q=0.9, */*;q=0.1', 'user-agent': 'jacqos-doctor' };
const MAX_BODY = 64 * 1024;

/** Sends one GET without credentials to a health address. Never fails: a failed request is a value. */
export async function requestHealth(
  { source, url }: NamedAddress,
  path: string,
  { settings, env, phase }: JacqosIo & { readonly phase: (name: string) => void },
  signal: AbortSignal,
): Promise<Health> {
  const address = parseAddress(url);
  if (address === null) throw new Error(`${source} was taken for an address`);
  const asked = `${address.shown}${path}`;
  const proxy = proxyFor(address, env);
  const proxyName = proxy !== null && 'host' in proxy ? hostPort(proxy) : null;
  const trouble = (failure: Omit<HealthTrouble, 'kind'>): Health => ({
    source,
    url,
    asked,
    proxy: proxyName,
    kind: 'trouble',
    ...failure,
  });
  if (proxy !== null && 'unusable' in proxy)
    return trouble({ why: 'withheld', phase: 'proxy', code: null, detail: proxy.unusable });
  const { secure, host, port } = address;
  const cas = await trustedCas({ settings, env });
  const response = await httpGet({ kind: 'web', secure, host, port, proxy, ca: cas.ca }, `${address.path}${path}`, {
    limitMs: webLimitMs(settings),
    signal,
    maxBytes: MAX_BODY,
    headers: HEADERS,
    onPhase: phase,
  });
  if (response.kind === 'failure') {
    const { why, phase: failedPhase, code } = response.failure;
    const detail = `${withTrustHint(response.failure, cas)}${failedPhase === 'proxy' ? exceptionHint(address, env) : ''}`;
    return trouble({ why, phase: failedPhase, code, detail });
  }
  // Without TLS, the proxy answers instead of the server.
  if (response.status === 407 && proxy !== null)
    return trouble({
      why: 'refused',
      phase: 'proxy',
      code: '407',
      detail: `the proxy ${proxyName} asks for other credentials (407)`,
    });
  const text = response.body.toString('utf8');
  const body = classifyBody(text, response.headers['content-type'] ?? '');
  const reading = readOutput(body === 'page' ? '' : text, { failed: response.status >= 400 });
  return {
    source,
    url,
    asked,
    proxy: proxyName,
    kind: 'answer',
    status: response.status,
    body,
    redirectedTo:
      response.status >= 300 && response.status < 400 ? redirectHost(response.headers['location'], asked) : null,
    ids: { present: reading.present, mentioned: reading.mentioned, unrecognised: reading.unrecognised },
    words: [...reading.words, ...stateFromBody(text, body)],
    ms: response.ms,
  };
}

function classifyBody(text: string, type: string): HealthAnswer['body'] {
  if (text.trim() === '') return 'none';
  if (/html/i.test(type) || /^\s*(?:<!doctype|<html|<head|<body)/i.test(text)) return 'page';
  return /json/i.test(type) || /^\s*[[{"]/.test(text) ? 'json' : 'text';
}

/** A body of one word is a state. */
function stateFromBody(text: string, body: HealthAnswer['body']): readonly StateWord[] {
  const word = text.trim().replace(/^"|"$/g, '');
  if ((body !== 'text' && body !== 'json') || !/^[A-Za-z][A-Za-z_ -]{1,30}$/.test(word) || !isShowable(word)) return [];
  const good = ['active', 'promoted', 'ready', 'healthy', 'ok'].includes(word.toLowerCase());
  return [{ key: 'body', word, standing: good ? 'good' : 'other' }];
}

function redirectHost(location: string | undefined, asked: string): string {
  try {
    return new URL(location ?? '', asked).host || 'nowhere';
  } catch {
    return 'nowhere';
  }
}
