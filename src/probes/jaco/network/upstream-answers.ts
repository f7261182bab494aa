import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Result, value } from '../../../engine/outcome.ts';
import { askTcp } from '../../io/dns/ask-tcp.ts';
import { askUdp } from '../../io/dns/ask-udp.ts';
import type { DnsResult, NameServer, Question } from '../../io/dns/message.ts';
import { resolveName } from '../../io/resolve-name.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../jaco-probe.ts';
import { dnsLines } from '../journal/dns-lines.ts';
import { type Upstream, upstreams } from './upstreams.ts';

export { isLocalShortage } from '../../io/try-connect.ts';

/** What one name server said to one question. */
export type LookupResult = { readonly name: string; readonly answer: DnsResult };

/**
 * What a name server of the daemon's list answers this host. `unasked` are those that nobody can dial, that lead back into the
 * pool (a question there would go round, and double each time), or whose own name leads nowhere.
 */
export type UpstreamAnswer =
  | {
      readonly kind: 'unasked';
      readonly why: 'not-an-address' | 'loop' | 'no-such-name' | 'not-looked-up';
      readonly detail: string;
    }
  | {
      readonly kind: 'asked';
      /** An outside name, and those that failed for containers. */
      readonly outside: readonly LookupResult[];
      /** What a resolver can answer by itself; asked where no outside name was resolved. */
      readonly own: readonly LookupResult[];
      /** The outside name over TCP; asked where nothing at all came over UDP. */
      readonly tcp: DnsResult | null;
    };

export type UpstreamAnswers = {
  readonly answers: readonly { readonly text: string; readonly answer: UpstreamAnswer }[];
  /** Servers of the list that were not asked for their number. */
  readonly omitted: number;
};

/** A name kept for such use (RFC 2606), which every resolver with a way out knows. */
export const OUTSIDE_NAME = 'example.com';
/** Every resolver knows the first by itself; the second it says of itself, also where it serves but a few names. */
const OWN: readonly Question[] = [
  { name: 'localhost', type: 'A' },
  { name: 'version.bind', type: 'TXT', class: 'CH' },
];
const MAX_SERVERS = 16;
const MAX_FAILED = 2;
/** A server that lives answers sooner, in ms. */
const PATIENCE_MS = 400;
/** A server may be given longer in the configuration; a program in a container waits no more than 5 s. */
const MAX_WAIT_MS = 3_000;

/** Asks each name server over UDP from here, as the daemon does, all at once. */
export const upstreamAnswers = probe({
  name: 'jaco.upstream-answers',
  observes: 'host',
  after: { network: daemonNetwork, upstreams, lines: dnsLines },
  deadlineMs: 8_000,
  async collect(io, { upstreams: { list, timeoutMs }, lines }, signal): Promise<Result<UpstreamAnswers>> {
    setMaxListeners(0, signal);
    io.phase('answer');
    const limitMs = Math.min(timeoutMs, MAX_WAIT_MS);
    const names = [OUTSIDE_NAME, ...lines.failed.slice(0, MAX_FAILED).map(({ name }) => name)];
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
  const question = async (one: Question, by = askUdp) => ({ name: one.name, answer: await by(server, one, options) });
  const outside = Promise.all(names.map((name) => question({ name, type: 'A' })));
  // A silent server is given its time once: what else is to be known of it is asked meanwhile.
  const first = await within(outside, PATIENCE_MS, signal);
  if (first?.some(({ answer }) => resolves(answer))) return { kind: 'asked', outside: first, own: [], tcp: null };
  const own = Promise.all(OWN.map((one) => question(one)));
  const second = await within(own, PATIENCE_MS, signal);
  const tcp = second?.some(isAnswered) ? null : question({ name: OUTSIDE_NAME, type: 'A' }, askTcp);
  const answers = { outside: await outside, own: [] as readonly LookupResult[] };
  if (!answers.outside.some(({ answer }) => resolves(answer))) answers.own = await own;
  const isSilent = answers.own.length > 0 && ![...answers.outside, ...answers.own].some(isAnswered);
  const asked = { kind: 'asked', ...answers, tcp: isSilent ? ((await tcp)?.answer ?? null) : null } as const;
  rest.abort();
  return asked;
}

const isAnswered = ({ answer }: LookupResult): boolean => answer.kind === 'answer';

/** What came within so many ms; null where it is still to come. */
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
 * Whether the daemon would take this for the last word: it moves on from SERVFAIL, REFUSED and NOTIMP
 * (docs/jaco-daemon/network.md#upstreams).
 */
export function resolves(result: DnsResult): boolean {
  return result.kind === 'answer' && !['SERVFAIL', 'REFUSED', 'NOTIMP'].includes(result.rcode);
}
