import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { notApplicable, type Result, value } from '../../engine/outcome.ts';
import { ask, type DnsSaid } from '../io/dns.ts';
import { probe, STAND_IN } from '../io/io.ts';
import { daemonNetwork } from './daemon-network.ts';
import { gatewayListeners } from './gateway-listeners.ts';
import { type ServiceName, serviceNames } from './service-names.ts';

/** What JACO's resolver at a gateway says of one service. */
export type NameAnswer = {
  readonly network: string;
  readonly service: string;
  readonly a: DnsSaid;
  readonly aaaa: DnsSaid;
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
  after: { network: daemonNetwork, names: serviceNames, listeners: gatewayListeners },
  deadlineMs: 8_000,
  async collect(io, { names: { names }, listeners: { list } }, signal): Promise<Result<DnsAnswers>> {
    if (io.settings.standIn !== null) return notApplicable(STAND_IN);
    setMaxListeners(0, signal);
    const ours = new Set(
      list.filter(({ udp }) => udp.kind === 'daemon' || udp.kind === 'unseen').map(({ network }) => network),
    );
    const asked = names.filter(({ network }) => ours.has(network));
    io.phase('answer');
    const first = await askAll(asked, signal);
    const doubtful = asked.filter((name, index) => name.behind.length > 0 && isNothing((first[index] as NameAnswer).a));
    const notAsked = list.map(({ network }) => network).filter((network) => !ours.has(network));
    if (doubtful.length === 0) return value({ answers: first, notAsked });
    io.phase('second look');
    await sleep(AGAIN_MS);
    const second = new Map((await askAll(doubtful, signal)).map((answer) => [keyOf(answer), answer]));
    return value({ answers: first.map((answer) => second.get(keyOf(answer)) ?? answer), notAsked });
  },
});

function keyOf({ network, service }: Pick<NameAnswer, 'network' | 'service'>): string {
  return `${network} ${service}`;
}

function isNothing(said: DnsSaid): boolean {
  return said.kind !== 'answer' || said.addresses.length === 0;
}

async function askAll(names: readonly ServiceName[], signal: AbortSignal): Promise<readonly NameAnswer[]> {
  const answers = new Array<NameAnswer>(names.length);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < names.length; at = next++) {
      const { service, network, gateway } = names[at] as ServiceName;
      const server = { address: gateway, port: PORT };
      const [a, aaaa] = await Promise.all(
        (['A', 'AAAA'] as const).map((type) => ask(server, { name: service, type }, { limitMs: LIMIT_MS, signal })),
      );
      answers[at] = { network, service, a: a as DnsSaid, aaaa: aaaa as DnsSaid };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}
