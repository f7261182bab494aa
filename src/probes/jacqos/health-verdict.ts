import { isIP } from 'node:net';
import type { NextStep } from '../../engine/next-step.ts';
import { DEFAULT_SOURCE } from './environment.ts';
import type { Health, HealthAnswer, HealthTrouble } from './health.ts';

/** What a health address shows: up, down, or unclear with the reason. */
export type HealthVerdict =
  | { readonly kind: 'up'; readonly evidence: string; readonly notes: readonly string[] }
  /**
   * `unknown-name`: the user named the address and its name does not exist, which is more likely a typo than an outage.
   */
  | { readonly kind: 'down'; readonly cause: 'outage' | 'unknown-name'; readonly evidence: string }
  | { readonly kind: 'unclear'; readonly reason: string; readonly next: NextStep };

const SIGN_IN: NextStep = {
  kind: 'do',
  text: 'Open the address in a browser. If a sign-in page of this network appears, sign in, and run again.',
};

function showAnswer(asked: string): NextStep {
  return { kind: 'run', argv: ['curl', '-sS', '-i', '--max-time', '10', asked] };
}

function troubleStep(asked: string, phase: string): NextStep {
  if (phase === 'dns')
    return { kind: 'do', text: 'Check the name servers of this machine in /etc/resolv.conf, and run again.' };
  if (phase === 'proxy') return { kind: 'do', text: 'Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and run again.' };
  return showAnswer(asked);
}

/** An answer slower than this, in ms, gets a note. */
const SLOW_MS = 2_000;

/**
 * The verdict on one health address (docs/jacqos.md#conclusions), from its status class and reachability only. `others`
 * are the other addresses that were asked: they say whether the name servers work.
 */
export function healthVerdict(health: Health, others: readonly Health[] = []): HealthVerdict {
  return health.kind === 'answer' ? answerVerdict(health, health) : troubleVerdict(health, health, others);
}

function troubleVerdict(
  { asked, source, proxy }: Health,
  { phase, code, detail }: HealthTrouble,
  others: readonly Health[],
): HealthVerdict {
  const unclear = (reason: string): HealthVerdict => ({
    kind: 'unclear',
    reason: `${asked} could not be asked, at ${phase}: ${detail}${reason}`,
    next: troubleStep(asked, phase),
  });
  if (proxy !== null) return unclear('');
  if (phase === 'connect' && code === 'ECONNREFUSED')
    return { kind: 'down', cause: 'outage', evidence: `${asked}: ${detail}` };
  if (phase !== 'dns' || !ABSENT.includes(code ?? '')) return unclear('');
  // The documented production names exist: if they do not resolve, the name servers of this network are at fault.
  if (source === DEFAULT_SOURCE) return unclear('');
  if (others.some((other) => other.source === DEFAULT_SOURCE && isUnknownName(other)))
    return unclear('; this network does not resolve the documented names either');
  const resolved = others.find(hasResolved);
  const proof =
    resolved === undefined ? '' : `; ${new URL(resolved.asked).hostname} resolves, so the name servers answer`;
  return { kind: 'down', cause: 'unknown-name', evidence: `${asked} (${source}): ${detail}${proof}` };
}

function isUnknownName(health: Health): boolean {
  return (
    health.kind === 'trouble' && health.proxy === null && health.phase === 'dns' && ABSENT.includes(health.code ?? '')
  );
}

/**
 * Whether a name server of this network resolved the address. A literal address and localhost need none, and a proxy
 * asks its own.
 */
function hasResolved(health: Health): boolean {
  const host = new URL(health.asked).hostname.replace(/^\[|\]$/g, '');
  const isPastNames = health.kind === 'answer' || health.phase !== 'dns';
  return isPastNames && health.proxy === null && isIP(host) === 0 && !/(?:^|\.)localhost$/i.test(host);
}

/** Codes of a name that does not exist. A silent name server is a problem of this host. */
const ABSENT: readonly string[] = ['ENOTFOUND', 'ENODATA'];

function answerVerdict(
  { asked, proxy }: Health,
  { status, body, redirectedTo, words, ms }: HealthAnswer,
): HealthVerdict {
  const viaProxy = proxy === null ? '' : ` through the proxy ${proxy}`;
  const summary = `${asked} answered ${status}${viaProxy} after ${ms} ms`;
  const unclear = (what: string, next: NextStep = showAnswer(asked)): HealthVerdict => ({
    kind: 'unclear',
    reason: `${summary}: ${what}`,
    next,
  });
  if (status === 511) return unclear('the network asks for its own sign-in', SIGN_IN);
  // Without TLS, a proxy can answer instead of the server.
  if (status >= 500)
    return proxy !== null && asked.startsWith('http:')
      ? unclear('which may be the answer of the proxy')
      : { kind: 'down', cause: 'outage', evidence: summary };
  if (redirectedTo !== null)
    return unclear(`a redirect to ${redirectedTo}, which was not followed; it may be a sign-in page`, SIGN_IN);
  const notes = ms > SLOW_MS ? [`${asked} is slow: it answered after ${ms} ms`] : [];
  if (status === 401 || status === 403 || status === 429)
    return {
      kind: 'up',
      evidence: summary,
      notes: [...notes, `${summary}: it rejects this request, so it is running`],
    };
  if (status < 200 || status >= 300) return unclear('which says nothing about its health');
  if (body === 'page') return unclear('a web page instead of a health answer; it may be a sign-in page', SIGN_IN);
  const otherWords = words.filter((word) => word.standing === 'other');
  if (otherWords.length > 0)
    return unclear(`it reports ${otherWords.map(({ key, word }) => `"${word}" (${key})`).join(', ')}`);
  return {
    kind: 'up',
    evidence: words.length === 0 ? summary : `${summary}: ${words.map(({ word }) => word).join(', ')}`,
    notes,
  };
}
