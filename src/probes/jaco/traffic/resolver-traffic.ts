import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { gatewayListeners, isMissing } from '../network/gateway-listeners.ts';
import { replicas } from '../runtime/replicas.ts';
import { explainedTraffic } from './explained-traffic.ts';
import type { Flow } from './flow.ts';
import { traffic } from './traffic.ts';

/** The answers of the resolver at a network's gateway, measured from inside one of its containers. */
export type MeasuredResolver = {
  readonly network: string;
  /**
   * Whether JACO's resolver itself answers a service name there, over both protocols. If no name could be asked for:
   * false if another program or nothing is listening on port 53 of the gateway, else null.
   */
  readonly answers: boolean | null;
  /** The result for an external name; null if none was asked for, or if it could not be measured. */
  readonly outside: Flow | null;
};

export type ResolverTraffic = { readonly list: readonly MeasuredResolver[] };

/** The resolvers of this host's networks, tested over the path that containers use. */
export const resolverTraffic = derive({
  name: 'jaco.resolver-traffic',
  where: 'node',
  from: {
    replicas,
    traffic: attempt(traffic),
    explained: attempt(explainedTraffic),
    listeners: attempt(gatewayListeners),
  },
  derive({ replicas, traffic, explained, listeners }) {
    const known = new Set(replicas.rows.flatMap(({ ips }) => Object.values(ips)));
    const rows = factOf(explained)?.list ?? [];
    const flows = (factOf(traffic)?.flows ?? []).filter(({ outcome }) => outcome.kind !== 'not-measured');
    const missing = (factOf(listeners)?.list ?? []).filter(isMissing).map(({ network }) => network);
    const networks = [...new Set(flows.flatMap(({ network }) => (network === null ? [] : [network])))];
    return value<ResolverTraffic>({
      list: networks.map((network) => {
        const own = flows.filter((flow) => flow.network === network);
        const asked = own.filter(({ kind }) => kind === 'resolver-udp' || kind === 'resolver-tcp');
        return {
          network,
          // A flow with a row was lost, refused on the way, or answered by another resolver.
          answers:
            asked.length > 0
              ? asked.every((flow) => isAnswer(flow, known) && !rows.some((row) => row.flow === flow))
              : missing.includes(network)
                ? false
                : null,
          outside: own.find(({ kind }) => kind === 'outside-name') ?? null,
        };
      }),
    });
  },
});

/** JACO's resolver answers a service name with addresses of replicas. */
function isAnswer({ outcome }: Flow, known: ReadonlySet<string>): boolean {
  return (
    outcome.kind === 'passed' &&
    outcome.reply.kind === 'answer' &&
    outcome.reply.how === 'dns' &&
    outcome.reply.addresses.some((address) => known.has(address))
  );
}
