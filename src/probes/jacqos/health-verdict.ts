import { DEFAULT } from './environment.ts';
import type { Health, HealthAnswer, HealthTrouble } from './health.ts';

/** What a health address shows: served, surely not served, or neither with the reason. */
export type HealthVerdict =
  | { readonly kind: 'up'; readonly evidence: string; readonly notes: readonly string[] }
  | { readonly kind: 'down'; readonly evidence: string }
  | { readonly kind: 'unclear'; readonly reason: string };

/** Slower than this, in ms, is worth a word. */
const SLOW_MS = 2_000;

/**
 * Judges one answer of a health address (docs/jacqos.md#conclusions): only status classes and reachability can be
 * judged.
 */
export function verdictOf(health: Health): HealthVerdict {
  return health.kind === 'answer' ? ofAnswer(health, health) : ofTrouble(health, health);
}

function ofTrouble({ asked, source, proxy }: Health, { phase, code, detail }: HealthTrouble): HealthVerdict {
  // The documented names of production do exist: where they are unknown, it is to this network's name servers.
  const unnamed = phase === 'dns' && ABSENT.includes(code ?? '') && source !== DEFAULT;
  if (proxy === null && (unnamed || (phase === 'connect' && code === 'ECONNREFUSED')))
    return { kind: 'down', evidence: `${asked}: ${detail}` };
  return { kind: 'unclear', reason: `${asked} could not be asked, at ${phase}: ${detail}` };
}

/** A name that does not exist. A name server that does not answer is this host's own trouble. */
const ABSENT: readonly string[] = ['ENOTFOUND', 'ENODATA'];

function ofAnswer({ asked, proxy }: Health, { status, body, redirectedTo, words, ms }: HealthAnswer): HealthVerdict {
  const by = proxy === null ? '' : ` through the proxy ${proxy}`;
  const said = `${asked} answered ${status}${by} after ${ms} ms`;
  const unclear = (what: string): HealthVerdict => ({ kind: 'unclear', reason: `${said}: ${what}` });
  if (status === 511) return unclear('the network asks for a sign-in of its own');
  // In clear, a proxy answers in the server's place.
  if (status >= 500)
    return proxy !== null && asked.startsWith('http:')
      ? unclear('which may be the answer of the proxy')
      : { kind: 'down', evidence: said };
  if (redirectedTo !== null)
    return unclear(`a redirect to ${redirectedTo}, which was not followed; a sign-in page may stand between`);
  const notes = ms > SLOW_MS ? [`${asked} is slow: it answered after ${ms} ms`] : [];
  if (status === 401 || status === 403 || status === 429)
    return { kind: 'up', evidence: said, notes: [...notes, `${said}: it refuses this question, and so it is alive`] };
  if (status < 200 || status >= 300) return unclear('which says nothing about its health');
  if (body === 'page') return unclear('a page for people, and no health answer; a sign-in page may stand between');
  const strange = words.filter((word) => word.standing === 'other');
  if (strange.length > 0)
    return unclear(`it calls itself ${strange.map(({ key, word }) => `"${word}" (${key})`).join(', ')}`);
  return {
    kind: 'up',
    evidence: words.length === 0 ? said : `${said}: ${words.map(({ word }) => word).join(', ')}`,
    notes,
  };
}
