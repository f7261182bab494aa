import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { replicas } from '../runtime/replicas.ts';
import { explainedTraffic } from './explained-traffic.ts';
import type { Flow } from './flow.ts';
import { traffic } from './traffic.ts';

/** The answers of the resolver at a network's gateway, measured from inside one of its containers. */
export type MeasuredResolver = {
  readonly network: string;
  /**
   * Whether JACO's resolver itself answers a service name there, over both protocols; null if no name could be asked
   * for.
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
  from: { replicas, traffic: attempt(traffic), explained: attempt(explainedTraffic) },
  derive({ replicas, traffic, explained }) {
    const known = new Set(replicas.rows.flatMap(({ ips }) => Object.values(ips)));
    const rows = factOf(explained)?.list ?? [];
    const flows = (factOf(traffic)?.flows ?? []).filter(({ outcome }) => outcome.kind !== 'not-measured');
    const networks = [...new Set(flows.flatMap(({ network }) => (network === null ? [] : [network])))];
    return value<ResolverTraffic>({
      list: networks.map((network) => {
        const own = flows.filter((flow) => flow.network === network);
        const asked = own.filter(({ kind }) => kind === 'resolver-udp' || kind === 'resolver-tcp');
        return {
          network,
          // A flow with a row was lost, refused on the way, or answered by another resolver.
          answers:
            asked.length === 0
              ? null
              : asked.every((flow) => isAnswer(flow, known) && !rows.some((row) => row.flow === flow)),
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
