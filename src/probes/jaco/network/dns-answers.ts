import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Result, value } from '../../../engine/outcome.ts';
import { askUdp } from '../../io/dns/ask-udp.ts';
import type { DnsResult } from '../../io/dns/message.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../io.ts';
import { gatewayListeners } from './gateway-listeners.ts';
import { type ServiceName, serviceNames } from './service-names.ts';

/** What JACO's resolver at a gateway says of one service. */
export type NameAnswer = {
  readonly network: string;
  readonly service: string;
  readonly a: DnsResult;
  readonly aaaa: DnsResult;
};

export type DnsAnswers = {
  readonly answers: readonly NameAnswer[];
  /** Networks at whose gateway somebody else or nobody listens: not asked. */
  readonly notAsked: readonly string[];
};

const PORT = 53;
const LIMIT_MS = 2_000;
const AT_ONCE = 32;
/** The resolver may be a moment behind what is reported. */
const AGAIN_MS = 1_200;

/**
 * Asks JACO's resolver for every service on every network here, A and AAAA. Only names without a dot, which it answers from
 * what it knows: an outside name would be asked for elsewhere, and a failure of it would stand in the daemon's log.
 */
export const dnsAnswers = probe({
  name: 'jaco.dns-answers',
  observes: 'host',
  after: { network: daemonNetwork, names: serviceNames, listeners: gatewayListeners },
  deadlineMs: 8_000,
  async collect(io, { names: { names }, listeners: { list } }, signal): Promise<Result<DnsAnswers>> {
    setMaxListeners(0, signal);
    const ours = new Set(
      list.filter(({ udp }) => udp.kind === 'daemon' || udp.kind === 'unseen').map(({ network }) => network),
    );
    const asked = names.filter(({ network }) => ours.has(network));
    io.phase('answer');
    const first = await askAll(asked, signal);
    const uncertain = asked.filter((name, index) => name.behind.length > 0 && isSilent(first[index]));
    const notAsked = list.map(({ network }) => network).filter((network) => !ours.has(network));
    if (uncertain.length === 0) return value({ answers: first, notAsked });
    io.phase('second look');
    await sleep(AGAIN_MS, undefined, { signal });
    const second = new Map((await askAll(uncertain, signal)).map((answer) => [keyOf(answer), answer]));
    return value({ answers: first.map((answer) => second.get(keyOf(answer)) ?? answer), notAsked });
  },
});

function keyOf({ network, service }: Pick<NameAnswer, 'network' | 'service'>): string {
  return `${network} ${service}`;
}

/** It answered, and knows no address. */
function isSilent(answer: NameAnswer | undefined): boolean {
  return answer?.a.kind === 'answer' && answer.a.addresses.length === 0;
}

async function askAll(names: readonly ServiceName[], signal: AbortSignal): Promise<readonly NameAnswer[]> {
  const answers = new Array<NameAnswer>(names.length);
  // One that did not answer is asked nothing more: its names would take the whole time there is.
  const silent = new Map<string, DnsResult>();
  const question = async (gateway: string, service: string, type: 'A' | 'AAAA'): Promise<DnsResult> => {
    const known = silent.get(gateway);
    if (known !== undefined) return known;
    const response = await askUdp(
      { address: gateway, port: PORT },
      { name: service, type },
      { limitMs: LIMIT_MS, signal },
    );
    if (response.kind === 'failure' && response.why === 'silent') silent.set(gateway, response);
    return response;
  };
  const order = oneOfEachFirst(names.map(({ gateway }) => gateway)).values();
  const work = async (): Promise<void> => {
    for (const at of order) {
      const { service, network, gateway } = names[at] as ServiceName;
      const [a, aaaa] = await Promise.all([question(gateway, service, 'A'), question(gateway, service, 'AAAA')]);
      answers[at] = { network, service, a, aaaa };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

/** Positions in such an order that every value comes once before any comes again. */
function oneOfEachFirst(values: readonly string[]): readonly number[] {
  const counts = new Map<string, number>();
  const ranks = values.map((value) => {
    const rank = counts.get(value) ?? 0;
    counts.set(value, rank + 1);
    return rank;
  });
  return values.map((_, at) => at).sort((a, b) => (ranks[a] as number) - (ranks[b] as number));
}
