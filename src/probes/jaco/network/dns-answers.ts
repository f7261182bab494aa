import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { factOf, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { containerPid } from '../../docker/container-pid.ts';
import { ipv4, overlapsAny, type Range, rangeOf } from '../../host/ipv4.ts';
import type { DnsResult, Rcode } from '../../io/dns/message.ts';
import { queryUdp } from '../../io/dns/query-udp.ts';
import { probeFrom } from '../../io/prober/probe-from.ts';
import type { ProberReply } from '../../io/prober/prober-request.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { jacodConfig } from '../daemon/jacod-config.ts';
import { probe } from '../jaco-probe.ts';
import { gatewayListeners } from './gateway-listeners.ts';
import { localContainers } from './local-containers.ts';
import { type ServiceName, serviceNames } from './service-names.ts';

/** The answer of JACO's resolver at a gateway for one service. */
export type NameAnswer = {
  readonly network: string;
  readonly service: string;
  readonly a: DnsResult;
  readonly aaaa: DnsResult;
};

export type DnsAnswers = {
  readonly answers: readonly NameAnswer[];
  /** Networks that were not asked, because no resolver of JACO listens at their gateway. */
  readonly notAsked: readonly string[];
};

const PORT = 53;
const LIMIT_MS = 2_000;
const AT_ONCE = 32;
/** Most networks that are entered, and most names asked for in each. */
const MAX_ENTERED = 8;
const MAX_INSIDE = 50;
/** The resolver may be a moment behind the reports. */
const AGAIN_MS = 1_200;

/**
 * Asks JACO's resolver for every service on every network of this node, A and AAAA. Only names without a dot, which it
 * answers itself: it would forward an external name, and a failure would be in the daemon's log. This host asks first.
 * A rule may treat its own queries and those of containers differently, as a published port 53 does. So what is not
 * resolved for this host is asked again from inside a container of the network, and that answer counts.
 */
export const dnsAnswers = probe({
  name: 'jaco.dns-answers',
  observes: 'host',
  after: {
    network: daemonNetwork,
    names: serviceNames,
    listeners: gatewayListeners,
    containers: attempt(localContainers),
    config: attempt(jacodConfig),
  },
  deadlineMs: 8_000,
  async collect(
    io,
    { names: { names }, listeners: { list }, containers, config },
    signal,
  ): Promise<Result<DnsAnswers>> {
    setMaxListeners(0, signal);
    const ours = new Set(
      list.filter(({ udp }) => udp.kind === 'daemon' || udp.kind === 'unseen').map(({ network }) => network),
    );
    const asked = names.filter(({ network }) => ours.has(network));
    io.phase('answer');
    const first = await queryAll(asked, signal);
    const pool = rangeOf(factOf(config)?.settings?.ipamPool ?? '');
    const uncertain = asked.filter((name, index) => name.behind.length > 0 && !isResolved(first[index], pool));
    const notAsked = list.map(({ network }) => network).filter((network) => !ours.has(network));
    if (uncertain.length === 0) return value({ answers: first, notAsked });
    io.phase('second look');
    const pidOf = async (network: string): Promise<number | null> => {
      const container = factOf(containers)?.list.find((one) => one.network === network);
      return container === undefined ? null : containerPid(io, container.id, signal);
    };
    const unanswered = new Set(first.filter(({ a }) => a.kind === 'failure').map(keyOf));
    const silent = uncertain.filter((name) => unanswered.has(keyOf(name)));
    const answered = uncertain.filter((name) => !unanswered.has(keyOf(name)));
    const askAnsweredAgain = async (): Promise<readonly NameAnswer[]> => {
      if (answered.length === 0) return [];
      await sleep(AGAIN_MS, undefined, { signal });
      return (await Promise.all([queryAll(answered, signal), queryFromInside(answered, pidOf, signal)])).flat();
    };
    const again = (await Promise.all([askAnsweredAgain(), queryFromInside(silent, pidOf, signal)])).flat();
    const second = new Map(again.map((answer) => [keyOf(answer), answer]));
    return value({ answers: first.map((answer) => second.get(keyOf(answer)) ?? answer), notAsked });
  },
});

function keyOf({ network, service }: Pick<NameAnswer, 'network' | 'service'>): string {
  return `${network} ${service}`;
}

/** Whether an answer has an address of the pool, which only JACO's resolver gives. */
function isResolved(answer: NameAnswer | undefined, pool: Range | null): boolean {
  if (answer?.a.kind !== 'answer') return false;
  return answer.a.addresses.some((text) => {
    const address = ipv4(text);
    return pool === null || (address !== null && overlapsAny([pool], [address, address]));
  });
}

/**
 * Asks for names over the path of containers. Names without an answer there are left out, and the answer to this host
 * counts.
 */
async function queryFromInside(
  names: readonly ServiceName[],
  pidOf: (network: string) => Promise<number | null>,
  signal: AbortSignal,
): Promise<readonly NameAnswer[]> {
  const networks = [...new Set(names.map(({ network }) => network))].slice(0, MAX_ENTERED);
  const answers = await Promise.all(
    networks.map(async (network): Promise<readonly NameAnswer[]> => {
      const own = names.filter((name) => name.network === network).slice(0, MAX_INSIDE);
      const pid = await pidOf(network);
      if (pid === null) return [];
      const asks = own.flatMap(({ gateway, service }) => {
        const ask = { kind: 'dns', over: 'udp', host: gateway, port: PORT, name: service } as const;
        return [ask, { ...ask, type: 'AAAA' } as const];
      });
      const sent = await probeFrom({ kind: 'process', pid }, asks, signal);
      if (sent.kind === 'failed') return [];
      return own.flatMap(({ service }, index): readonly NameAnswer[] => {
        const [a, aaaa] = [resultOf(sent.replies[2 * index]), resultOf(sent.replies[2 * index + 1])];
        return a === null || aaaa === null ? [] : [{ network, service, a, aaaa }];
      });
    }),
  );
  return answers.flat();
}

function resultOf(reply: ProberReply | undefined): DnsResult | null {
  if (reply?.kind !== 'answer' || reply.how !== 'dns') return null;
  const { rcode, addresses, ms } = reply;
  return { kind: 'answer', rcode: rcode as Rcode, addresses, truncated: false, ms };
}

async function queryAll(names: readonly ServiceName[], signal: AbortSignal): Promise<readonly NameAnswer[]> {
  const answers = new Array<NameAnswer>(names.length);
  // A resolver that did not answer is asked nothing more: its names would take the whole time.
  const silent = new Map<string, DnsResult>();
  const question = async (gateway: string, service: string, type: 'A' | 'AAAA'): Promise<DnsResult> => {
    const known = silent.get(gateway);
    if (known !== undefined) return known;
    const response = await queryUdp(
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

/** Positions in an order in which every value comes once before any comes again. */
function oneOfEachFirst(values: readonly string[]): readonly number[] {
  const counts = new Map<string, number>();
  const ranks = values.map((value) => {
    const rank = counts.get(value) ?? 0;
    counts.set(value, rank + 1);
    return rank;
  });
  return values.map((_, at) => at).sort((a, b) => (ranks[a] as number) - (ranks[b] as number));
}
