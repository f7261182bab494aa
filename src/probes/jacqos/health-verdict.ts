import { DEFAULT_SOURCE } from './environment.ts';
import type { Health, HealthAnswer, HealthTrouble } from './health.ts';

/** What a health address shows: up, down, or unclear with the reason. */
export type HealthVerdict =
  | { readonly kind: 'up'; readonly evidence: string; readonly notes: readonly string[] }
  | { readonly kind: 'down'; readonly evidence: string }
  | { readonly kind: 'unclear'; readonly reason: string };

/** An answer slower than this, in ms, gets a note. */
const SLOW_MS = 2_000;

/** The verdict on one health address (docs/jacqos.md#conclusions), from its status class and reachability only. */
export function healthVerdict(health: Health): HealthVerdict {
  return health.kind === 'answer' ? answerVerdict(health, health) : troubleVerdict(health, health);
}

function troubleVerdict({ asked, source, proxy }: Health, { phase, code, detail }: HealthTrouble): HealthVerdict {
  // The documented production names exist: if they do not resolve, the name servers of this network are at fault.
  const isUnknownName = phase === 'dns' && ABSENT.includes(code ?? '') && source !== DEFAULT_SOURCE;
  if (proxy === null && (isUnknownName || (phase === 'connect' && code === 'ECONNREFUSED')))
    return { kind: 'down', evidence: `${asked}: ${detail}` };
  return { kind: 'unclear', reason: `${asked} could not be asked, at ${phase}: ${detail}` };
}

/** Codes of a name that does not exist. A silent name server is a problem of this host. */
const ABSENT: readonly string[] = ['ENOTFOUND', 'ENODATA'];

function answerVerdict(
  { asked, proxy }: Health,
  { status, body, redirectedTo, words, ms }: HealthAnswer,
): HealthVerdict {
  const viaProxy = proxy === null ? '' : ` through the proxy ${proxy}`;
  const summary = `${asked} answered ${status}${viaProxy} after ${ms} ms`;
  const unclear = (what: string): HealthVerdict => ({ kind: 'unclear', reason: `${summary}: ${what}` });
  if (status === 511) return unclear('the network asks for a sign-in of its own');
  // Without TLS, a proxy can answer in place of the server.
  if (status >= 500)
    return proxy !== null && asked.startsWith('http:')
      ? unclear('which may be the answer of the proxy')
      : { kind: 'down', evidence: summary };
  if (redirectedTo !== null)
    return unclear(`a redirect to ${redirectedTo}, which was not followed; a sign-in page may stand between`);
  const notes = ms > SLOW_MS ? [`${asked} is slow: it answered after ${ms} ms`] : [];
  if (status === 401 || status === 403 || status === 429)
    return {
      kind: 'up',
      evidence: summary,
      notes: [...notes, `${summary}: it refuses this question, and so it is alive`],
    };
  if (status < 200 || status >= 300) return unclear('which says nothing about its health');
  if (body === 'page') return unclear('a page for people, and no health answer; a sign-in page may stand between');
  const otherWords = words.filter((word) => word.standing === 'other');
  if (otherWords.length > 0)
    return unclear(`it calls itself ${otherWords.map(({ key, word }) => `"${word}" (${key})`).join(', ')}`);
  return {
    kind: 'up',
    evidence: words.length === 0 ? summary : `${summary}: ${words.map(({ word }) => word).join(', ')}`,
    notes,
  };
}
