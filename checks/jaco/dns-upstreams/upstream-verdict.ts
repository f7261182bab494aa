import type { Cause } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import type { DnsLines } from '../../../src/probes/jaco/journal/dns-lines.ts';
import { isLocalShortage, resolves, type UpstreamAnswer } from '../../../src/probes/jaco/network/upstream-answers.ts';

type Asked = Extract<UpstreamAnswer, { kind: 'asked' }>;
type Answer = Asked['outside'][number]['answer'];

/**
 * The state of a name server: it resolves external names; it answers but does not resolve them (normal in a closed
 * network, until a container's query fails); it does not answer this host; or it was not asked.
 */
export type UpstreamVerdict =
  | { readonly kind: 'good'; readonly note: string | null }
  | { readonly kind: 'limited'; readonly summary: string }
  | {
      readonly kind: 'dead';
      readonly cause: Cause<'dns_upstream_unreachable'>;
      readonly summary: string;
      readonly waits: boolean;
    }
  | { readonly kind: 'loop' }
  | { readonly kind: 'unjudged'; readonly reason: string };

/** How long a container's failed query counts against a server, in ms. */
export const FAILED_LOOKUP_MS = 15 * 60_000;

/** Judges one server by its answers and by failed queries of containers. */
export function upstreamVerdict(answer: UpstreamAnswer, { failed }: DnsLines, now: number): UpstreamVerdict {
  if (answer.kind === 'unasked') return unaskedVerdict(answer);
  const answering = answer.outside.find((one) => resolves(one.answer));
  if (answering !== undefined) return { kind: 'good', note: truncationNote(answering.answer) };
  if ([...answer.outside, ...answer.own].every((one) => one.answer.kind === 'failure')) return silentVerdict(answer);
  const [first] = answer.outside;
  const summary = `${first?.name ?? ''}: ${describeAnswer(first?.answer)}`;
  const cause = lookupCause(first?.answer);
  const waits = first?.answer.kind === 'failure';
  if (!answer.own.some((one) => resolves(one.answer)))
    return { kind: 'dead', cause, summary: `${summary}, for every name`, waits };
  const [failedLookup] = failed;
  if (failedLookup === undefined || now - failedLookup.atMs > FAILED_LOOKUP_MS)
    return { kind: 'limited', summary: summary };
  return {
    kind: 'dead',
    cause,
    summary: `${summary}; a container's query for ${failedLookup.name} failed at ${formatTime(failedLookup.atMs)}: ${failedLookup.error}`,
    waits,
  };
}

function unaskedVerdict({ why, detail }: Extract<UpstreamAnswer, { kind: 'unasked' }>): UpstreamVerdict {
  if (why === 'loop') return { kind: 'loop' };
  if (why === 'not-looked-up') return { kind: 'unjudged', reason: detail };
  return { kind: 'dead', cause: why, summary: detail, waits: false };
}

/** No readable answer came. */
function silentVerdict({ outside, own, tcp }: Asked): UpstreamVerdict {
  const all = [...outside, ...own].map(({ answer }) => answer);
  const first = all.find((answer) => answer.kind === 'failure' && answer.why !== 'silent') ?? all[0];
  if (first?.kind === 'failure' && isLocalShortage(first.code))
    return { kind: 'unjudged', reason: describeAnswer(first) };
  const strays = all.reduce((sum, answer) => sum + (answer.kind === 'failure' ? answer.strays : 0), 0);
  const forged = strays === 0 ? '' : `; ${strays} answers had an id or a question that was not asked`;
  if (tcp?.kind === 'answer')
    return {
      kind: 'dead',
      cause: 'tcp-only',
      summary: `no answer over UDP${forged}; it answers over TCP, which JACO does not use`,
      waits: true,
    };
  const cause = first?.kind === 'failure' ? SILENT_CAUSES[first.why] : 'silent';
  return { kind: 'dead', cause, summary: `${describeAnswer(first)}${forged}`, waits: cause === 'silent' };
}

const SILENT_CAUSES = {
  silent: 'silent',
  refused: 'not-listening',
  unreachable: 'no-route',
  closed: 'silent',
  garbled: 'garbled',
} as const;

function lookupCause(answer: Answer | undefined): 'fails' | 'refuses' | 'slow' {
  if (answer?.kind === 'answer') return answer.rcode === 'SERVFAIL' ? 'fails' : 'refuses';
  return 'slow';
}

function describeAnswer(answer: Answer | undefined): string {
  if (answer === undefined) return 'not asked';
  if (answer.kind === 'answer') return `it answers ${answer.rcode}`;
  const within = `within ${(answer.ms / 1000).toFixed(1)} s`;
  return {
    silent: `no answer ${within}`,
    refused: `nothing is listening there (${answer.code ?? ''})`,
    unreachable: `it is unreachable (${answer.code ?? ''})`,
    closed: 'the connection was closed',
    garbled: 'its answer cannot be parsed',
  }[answer.why];
}

/** JACO asks over UDP only and uses the part of an answer that fits. */
function truncationNote(answer: Answer): string | null {
  return answer.kind === 'answer' && answer.truncated
    ? 'its answer was truncated to fit a datagram; JACO uses the truncated answer'
    : null;
}
