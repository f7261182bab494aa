import type { Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import type { DnsLines } from '../../../src/probes/jaco/journal/dns-lines.ts';
import type { UpstreamAnswers } from '../../../src/probes/jaco/network/upstream-answers.ts';
import { resolves } from '../../../src/probes/jaco/network/upstream-answers.ts';
import type { MeasuredResolver } from '../../../src/probes/jaco/traffic/resolver-traffic.ts';
import { FAILED_LOOKUP_MS } from './upstream-verdict.ts';

type FailedLookup = DnsLines['failed'][number];

/** The kernel refused to send, in jacod's log (docs/jaco-daemon/network.md#upstreams). */
const REFUSAL = /@(\S+): .*\boperation not permitted\b/;

/** The newest line in which jacod reports that the kernel refused to send to this server; null if there is none. */
export function refusalOf(server: string, failed: readonly FailedLookup[], now: number): FailedLookup | null {
  return (
    failed.find(({ error, atMs }) => REFUSAL.exec(error)?.[1] === server && now - atMs <= FAILED_LOOKUP_MS) ?? null
  );
}

/** A refusal as evidence. */
export function describeRefusal({ atMs, name, error }: FailedLookup): string {
  return `jacod at ${formatTime(atMs)}, for ${name}: ${error}`;
}

/**
 * The kernel refuses to send jacod's queries to a server that answers the doctor: a rule distinguishes users, or the
 * unit denies addresses. jacod's own log counts more than the success of another process. Null if a container got an
 * answer since.
 */
export function refusedSends(
  answers: UpstreamAnswers['answers'],
  { failed }: DnsLines,
  resolvers: readonly MeasuredResolver[],
  now: number,
): Finding<'dns_upstream_unreachable', never> | null {
  const asked = resolvers.filter(({ answers, outside }) => answers !== null || outside !== null);
  // If no query reached JACO's resolver, nothing shows whether the kernel still refuses.
  if (asked.some(isResolved) || (asked.length > 0 && !asked.some(isReached))) return null;
  for (const { text, answer } of answers) {
    const refusal = refusalOf(text, failed, now);
    if (refusal === null || answer.kind !== 'asked') continue;
    if (!answer.outside.some((one) => resolves(one.answer))) continue;
    const [host = text, port = '53'] = /^\[?(.*?)\]?:(\d+)$/.exec(text)?.slice(1) ?? [];
    return {
      id: 'dns_upstream_unreachable',
      subject: text,
      evidence: [describeRefusal(refusal), `${text} answers the doctor on this host`],
      cause: 'not-for-jacod',
      values: { upstream: text, upstream_host: host, upstream_port: port },
    };
  }
  return null;
}

function isReached({ answers, outside }: MeasuredResolver): boolean {
  return answers ?? outside?.outcome.kind === 'passed';
}

function isResolved({ outside }: MeasuredResolver): boolean {
  const outcome = outside?.outcome;
  if (outcome?.kind !== 'passed') return false;
  const { reply } = outcome;
  return reply.kind === 'answer' && reply.how === 'dns' && (reply.addresses.length > 0 || reply.rcode === 'NXDOMAIN');
}
