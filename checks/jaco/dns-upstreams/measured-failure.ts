import type { Finding } from '../../../src/engine/finding.ts';
import type { DnsLines } from '../../../src/probes/jaco/journal/dns-lines.ts';
import type { UpstreamAnswers } from '../../../src/probes/jaco/network/upstream-answers.ts';
import { resolves } from '../../../src/probes/jaco/network/upstream-answers.ts';
import type { DaemonTraffic } from '../../../src/probes/jaco/traffic/daemon-traffic.ts';
import type { MeasuredResolver } from '../../../src/probes/jaco/traffic/resolver-traffic.ts';
import { describeRefusal, refusalOf } from './refused-sends.ts';

/** A server that answers within this time, in ms, does not explain why a container gets no answer. */
const PROMPT_MS = 500;
const FAILURES: readonly string[] = ['SERVFAIL', 'REFUSED', 'NOTIMP'];
const MAX_NETWORKS = 4;

/**
 * External names fail for containers although name servers answer this host at once: JACO's resolver, which asks them
 * as another user, gets no answer. Null if containers get answers, or if nothing was measured.
 */
export function measuredFailure(
  answers: UpstreamAnswers['answers'],
  resolvers: readonly MeasuredResolver[],
  daemon: DaemonTraffic | null,
  { failed: lookups }: DnsLines,
  now: number,
): Finding<'dns_upstream_unreachable', never> | null {
  const prompt = answers.find(
    ({ answer }) =>
      answer.kind === 'asked' &&
      answer.outside.some(({ answer: reply }) => resolves(reply) && reply.kind === 'answer' && reply.ms < PROMPT_MS),
  );
  // If the resolver itself does not answer, the query did not reach a name server.
  const asked = resolvers.filter(({ answers, outside }) => answers !== false && outside !== null);
  const failed = asked.flatMap(({ network, outside }) => {
    const text = outside === null ? null : failureOf(outside.outcome);
    return text === null ? [] : [`measured: containers of ${network} asked JACO's resolver for example.com: ${text}`];
  });
  if (prompt === undefined || asked.length === 0 || failed.length < asked.length) return null;
  const flow = daemon?.flows.find(({ host, port }) => `${host}:${port}` === prompt.text);
  const [host = prompt.text, port = '53'] = /^\[?(.*?)\]?:(\d+)$/.exec(prompt.text)?.slice(1) ?? [];
  const refusal = refusalOf(prompt.text, lookups, now);
  return {
    id: 'dns_upstream_unreachable',
    subject: prompt.text,
    evidence: [
      ...failed.slice(0, MAX_NETWORKS),
      ...(refusal === null ? [] : [describeRefusal(refusal)]),
      `${prompt.text} answers the doctor on this host`,
      ...(daemon === null || flow === undefined || flow.asDaemon === null
        ? []
        : [
            `asked as user ${daemon.user}, as jacod asks: ${flow.asDaemon.kind === 'answer' && flow.asDaemon.how === 'dns' ? 'it answers' : 'no answer'}`,
          ]),
    ],
    cause: 'not-for-jacod',
    values: { upstream: prompt.text, upstream_host: host, upstream_port: port },
  };
}

function failureOf(outcome: NonNullable<MeasuredResolver['outside']>['outcome']): string | null {
  if (outcome.kind === 'lost')
    return outcome.reply.kind === 'silent' ? `no answer within ${(outcome.reply.ms / 1000).toFixed(1)} s` : null;
  if (outcome.kind !== 'passed' || outcome.reply.kind !== 'answer' || outcome.reply.how !== 'dns') return null;
  return FAILURES.includes(outcome.reply.rcode) ? outcome.reply.rcode : null;
}
