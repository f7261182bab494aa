import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Result, value } from '../../../engine/outcome.ts';
import type { DnsResult, NameServer, Question } from '../../io/dns/message.ts';
import { queryTcp } from '../../io/dns/query-tcp.ts';
import { queryUdp } from '../../io/dns/query-udp.ts';
import { resolveName } from '../../io/resolve-name.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../jaco-probe.ts';
import { dnsLines } from '../journal/dns-lines.ts';
import { type Upstream, upstreams } from './upstreams.ts';

export { isLocalShortage } from '../../io/try-connect.ts';

/** The answer of one name server to one question. */
export type LookupResult = { readonly name: string; readonly answer: DnsResult };

/**
 * The answers of a name server of the daemon's list to this host. `unasked` are those without a usable address, those
 * that lead back into the pool (a question there would loop and double each time), and those whose own name does not
 * resolve.
 */
export type UpstreamAnswer =
  | {
      readonly kind: 'unasked';
      readonly why: 'not-an-address' | 'loop' | 'no-such-name' | 'not-looked-up';
      readonly detail: string;
    }
  | {
      readonly kind: 'asked';
      /** An external name, and those that failed for containers. */
      readonly outside: readonly LookupResult[];
      /** Questions that a resolver can answer itself; asked if no external name was resolved. */
      readonly own: readonly LookupResult[];
      /** The external name over TCP; asked if no answer came over UDP. */
      readonly tcp: DnsResult | null;
    };

export type UpstreamAnswers = {
  readonly answers: readonly { readonly text: string; readonly answer: UpstreamAnswer }[];
  /** Servers of the list that were not asked, because there are too many. */
  readonly omitted: number;
};

/** A name reserved for such use (RFC 2606), which every resolver with Internet access resolves. */
export const EXTERNAL_NAME = 'example.com';
/**
 * Every resolver answers the first itself. The second is about the resolver, and is answered even if it serves only a
 * few names.
 */
const OWN: readonly Question[] = [
  { name: 'localhost', type: 'A' },
  { name: 'version.bind', type: 'TXT', class: 'CH' },
];
const MAX_SERVERS = 16;
const MAX_FAILED = 2;
/** A working server answers within this time, in ms. */
const PATIENCE_MS = 400;
/** The configuration may allow a server more time; a program in a container waits at most 5 s. */
const MAX_WAIT_MS = 3_000;

/** Asks each name server over UDP from this host, as the daemon does, all at once. */
export const upstreamAnswers = probe({
  name: 'jaco.upstream-answers',
  observes: 'host',
  after: { network: daemonNetwork, upstreams, lines: dnsLines },
  deadlineMs: 8_000,
  async collect(io, { upstreams: { list, timeoutMs }, lines }, signal): Promise<Result<UpstreamAnswers>> {
    setMaxListeners(0, signal);
    io.phase('answer');
    const limitMs = Math.min(timeoutMs, MAX_WAIT_MS);
    const names = [EXTERNAL_NAME, ...lines.failed.slice(0, MAX_FAILED).map(({ name }) => name)];
    const asked = list.slice(0, MAX_SERVERS);
    const answers = await Promise.all(asked.map((upstream) => askOne(upstream, names, limitMs, signal)));
    return value({
      answers: asked.map(({ text }, index) => ({ text, answer: answers[index] as UpstreamAnswer })),
      omitted: list.length - asked.length,
    });
  },
});

async function askOne(
  { text, place: target, loop }: Upstream,
  names: readonly string[],
  limitMs: number,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  if (target === null) return { kind: 'unasked', why: 'not-an-address', detail: `${text} is not a host and port` };
  if (loop) return { kind: 'unasked', why: 'loop', detail: `${text} is a gateway of the pool` };
  const resolved = await resolveName(target.host, { limitMs, signal });
  if (resolved.kind === 'error') {
    const why = resolved.why === 'absent' ? 'no-such-name' : 'not-looked-up';
    return { kind: 'unasked', why, detail: resolved.detail };
  }
  const server: NameServer = { address: resolved.addresses[0] ?? target.host, port: target.port };
  const rest = new AbortController();
  const options = { limitMs, signal: AbortSignal.any([signal, rest.signal]) };
  const question = async (one: Question, by = queryUdp) => ({ name: one.name, answer: await by(server, one, options) });
  const outside = Promise.all(names.map((name) => question({ name, type: 'A' })));
  // A silent server gets its time once; the other questions are asked meanwhile.
  const first = await within(outside, PATIENCE_MS, signal);
  if (first?.some(({ answer }) => resolves(answer))) return { kind: 'asked', outside: first, own: [], tcp: null };
  const own = Promise.all(OWN.map((one) => question(one)));
  const second = await within(own, PATIENCE_MS, signal);
  const tcp = second?.some(isAnswered) ? null : question({ name: EXTERNAL_NAME, type: 'A' }, queryTcp);
  const answers = { outside: await outside, own: [] as readonly LookupResult[] };
  if (!answers.outside.some(({ answer }) => resolves(answer))) answers.own = await own;
  const isSilent = answers.own.length > 0 && ![...answers.outside, ...answers.own].some(isAnswered);
  const asked = { kind: 'asked', ...answers, tcp: isSilent ? ((await tcp)?.answer ?? null) : null } as const;
  rest.abort();
  return asked;
}

const isAnswered = ({ answer }: LookupResult): boolean => answer.kind === 'answer';

/** The result of a promise within this many ms; null if it is still open. */
async function within<T>(promise: Promise<T>, ms: number, signal: AbortSignal): Promise<T | null> {
  const waited = new AbortController();
  const late = sleep(ms, null, { signal: AbortSignal.any([signal, waited.signal]) }).catch(() => null);
  try {
    return await Promise.race([promise, late]);
  } finally {
    waited.abort();
  }
}

/**
 * Whether the daemon would accept this answer: it continues with the next server after SERVFAIL, REFUSED and NOTIMP
 * (docs/jaco-daemon/network.md#upstreams).
 */
export function resolves(result: DnsResult): boolean {
  return result.kind === 'answer' && !['SERVFAIL', 'REFUSED', 'NOTIMP'].includes(result.rcode);
}
