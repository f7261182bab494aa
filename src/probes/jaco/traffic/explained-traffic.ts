import { type Failure, factOf, type Outcome, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { packetPaths } from '../../host/filter/packet-paths.ts';
import type { Table } from '../../host/filter/table.ts';
import { ipv4HostPort, rangeOf } from '../../host/ipv4.ts';
import { listeners as hostListeners } from '../../host/listeners.ts';
import type { ProberReply } from '../../io/prober/prober-request.ts';
import { jacodConfig } from '../daemon/jacod-config.ts';
import { packetFilter } from '../isolation/packet-filter.ts';
import { dnsAnswers } from '../network/dns-answers.ts';
import { gatewayListeners } from '../network/gateway-listeners.ts';
import { type KernelRoutes, kernelRoutes } from '../network/kernel-routes.ts';
import { localContainers } from '../network/local-containers.ts';
import { spanningReplicas } from '../network/spanning-replicas.ts';
import { localNode } from '../raft/local-node.ts';
import { peerTargets } from '../raft/peer-targets.ts';
import { stableStatus } from '../raft/stable-status.ts';
import { DEFAULT_POOL } from '../runtime/stray-networks.ts';
import { type DaemonTraffic, daemonTraffic } from './daemon-traffic.ts';
import { type ExchangeContext, ownExchange } from './exchange-of.ts';
import { explainFlow } from './explain-flow.ts';
import { explainInternet, INTERNET_TARGET } from './explain-internet.ts';
import { lossOf, unmeasured } from './explain-loss.ts';
import type { ExplainedFlow, RuleContext } from './explained-flow.ts';
import type { Flow } from './flow.ts';
import { type IncomingPackets, packetsToContainers, packetsToDaemon } from './incoming-packets.ts';
import { type Traffic, traffic } from './traffic.ts';
import { type PlannedVantage, type TrafficPlan, trafficPlan } from './traffic-plan.ts';
import { outwardTables } from './unheard-ports.ts';

export type ExplainedTraffic = {
  /** Lost flows, and unmeasured ones that a rule would or might drop. */
  readonly list: readonly ExplainedFlow[];
  /** Why some or all rules of this host could not be read; empty if all were read. */
  readonly unreadRules: readonly string[];
  /**
   * Why the kernel's routes are unknown; null if they are known. Without them, only rules for packets to this host can
   * be evaluated.
   */
  readonly unknownRoutes: Failure | null;
};

const UNKNOWN_ROUTES: KernelRoutes = { links: [], routes: [], filtersBridged: false, nextHop: null };

const JACO_TABLE = 'jaco';

/** Evaluates the rules of this host for each flow that did not pass, and for those that cannot be sent from here. */
export const explainedTraffic = derive({
  name: 'jaco.explained-traffic',
  where: 'node',
  from: {
    traffic: attempt(traffic),
    plan: trafficPlan,
    daemon: attempt(daemonTraffic),
    filter: attempt(packetFilter),
    kernel: attempt(kernelRoutes),
    containers: localContainers,
    listeners: attempt(gatewayListeners),
    sockets: attempt(hostListeners),
    settled: attempt(stableStatus),
    config: attempt(jacodConfig),
    host: attempt(localNode),
    peers: attempt(peerTargets),
    spanning: attempt(spanningReplicas),
    names: attempt(dnsAnswers),
  },
  derive({
    traffic,
    plan,
    daemon,
    filter,
    kernel,
    containers,
    listeners,
    sockets,
    settled,
    config,
    host,
    peers,
    spanning,
    names,
  }) {
    // A stand-in has no host, so none of its traffic was lost or unreadable.
    if (kernel.kind === 'not-applicable') return kernel;
    const tables = (factOf(filter)?.tables ?? []).filter((one) => !(one.family === 'inet' && one.name === JACO_TABLE));
    const context = { kernel: factOf(kernel) ?? UNKNOWN_ROUTES, containers };
    const flows = allFlows(traffic, plan);
    const known: RuleContext = {
      ...context,
      tables,
      outward: outwardTables(tables, factOf(sockets)),
      listeners: factOf(listeners),
      pool: rangeOf(factOf(config)?.settings?.ipamPool ?? DEFAULT_POOL),
      names: factOf(names)?.answers ?? [],
      allRulesKnown: filter.kind === 'value' && filter.value.unseen.length === 0,
    };
    const measured = flows.flatMap((flow) => explainFlow(flow, known));
    const internet = plan.vantages.flatMap(({ container }) => explainInternet(container, flows, known));
    const hasOthers = (factOf(settled)?.last.nodes.length ?? 0) > 1;
    const own = (factOf(settled)?.last.nodes ?? []).find(({ hostname }) => hostname === factOf(host)?.hostname);
    const incoming = hasOthers
      ? [
          ...packetsToContainers(context, factOf(spanning)),
          ...packetsToDaemon(
            context,
            factOf(peers),
            [own?.grpcAddress, own?.address].flatMap((text) => ipv4HostPort(text ?? '') ?? []),
          ),
        ]
      : [];
    return value<ExplainedTraffic>({
      list: [
        ...measured,
        ...internet,
        ...explainDaemon(factOf(daemon), tables, context),
        ...incoming.flatMap((one) => explainIncoming(one, tables)),
      ],
      unknownRoutes: kernel.kind === 'failed' ? kernel.failure : null,
      unreadRules: filter.kind === 'value' ? filter.value.unseen : [reasonOf(filter) ?? 'not read'],
    });
  },
});

/** The flows that were sent, and those that would have been, for which only the rules can be evaluated. */
function allFlows(traffic: Outcome<Traffic>, { vantages, fromHost }: TrafficPlan): readonly Flow[] {
  if (traffic.kind === 'value') {
    const failed = new Map(
      traffic.value.notEntered.flatMap(({ network, why, reason }) => (why === 'failed' ? [[network, reason]] : [])),
    );
    const planned = vantages.flatMap((vantage) => {
      const reason = failed.get(vantage.container.network);
      return reason === undefined ? [] : plannedFlows(vantage, reason);
    });
    return [...traffic.value.flows, ...planned];
  }
  const reason = reasonOf(traffic) ?? 'not sent';
  return [
    ...vantages.flatMap((vantage) => plannedFlows(vantage, reason)),
    ...fromHost.map((flow): Flow => ({ ...flow, start: { kind: 'host' }, outcome: { kind: 'not-measured', reason } })),
  ];
}

function plannedFlows({ container, flows }: PlannedVantage, reason: string): readonly Flow[] {
  const { network, replica, ip } = container;
  const start = { kind: 'container', network, replica, ip } as const;
  return [...flows, { kind: 'outside' as const, target: INTERNET_TARGET, sinceMs: null }].map(
    (flow): Flow => ({ ...flow, network, start, outcome: { kind: 'not-measured', reason } }),
  );
}

/**
 * Name servers that answer the doctor's user but not jacod's: a rule distinguishes the two. If jacod's user could not
 * ask, only the rules can be evaluated.
 */
function explainDaemon(
  daemon: DaemonTraffic | null,
  tables: readonly Table[],
  { kernel }: ExchangeContext,
): readonly ExplainedFlow[] {
  if (daemon === null) return [];
  const { user, uid, gid, notAsked } = daemon;
  return daemon.flows.flatMap(({ host, port, asDaemon, asSelf }): readonly ExplainedFlow[] => {
    if (!isDnsAnswer(asSelf) || (asDaemon !== null && isDnsAnswer(asDaemon))) return [];
    const what = `jacod (user ${user}) to name server ${host} UDP ${port}`;
    // The server's answer to the doctor passes, so only the query can be dropped.
    const paths = [packetPaths(ownExchange({ what, host, port, uid, gid }, kernel)).request];
    const reason = asDaemon === null ? (notAsked ?? 'not sent') : null;
    const explanation = reason === null ? lossOf(tables, paths) : unmeasured(tables, paths);
    if (explanation === null) return [];
    const flow: Flow = {
      kind: 'outside',
      network: null,
      start: { kind: 'host' },
      target: { host, port, protocol: 'udp', name: `name server ${host}`, question: null },
      sinceMs: null,
      outcome:
        asDaemon === null
          ? { kind: 'not-measured', reason: notAsked ?? 'not sent' }
          : { kind: 'lost', reply: asDaemon, openPorts: [] },
    };
    return [{ what, network: null, flow, measured: reason === null, reason, general: true, explanation }];
  });
}

function isDnsAnswer(reply: ProberReply): boolean {
  return reply.kind === 'answer' && reply.how === 'dns';
}

function reasonOf(outcome: Outcome): string | null {
  if (outcome.kind === 'value') return null;
  return outcome.kind === 'failed' ? outcome.failure.detail : outcome.reason;
}

/**
 * Traffic from other nodes can only be judged from the rules. A possible drop alone is not reported for members, which
 * do reach each other.
 */
function explainIncoming({ exchange, network }: IncomingPackets, tables: readonly Table[]): readonly ExplainedFlow[] {
  const { request, answer } = packetPaths(exchange);
  const explanation = unmeasured(tables, [request, answer]);
  const isDaemons = network === null;
  if (explanation === null || (isDaemons && explanation.kind !== 'dropped')) return [];
  const reason = 'it starts on another node';
  return [{ what: exchange.what, network, flow: null, measured: false, reason, general: true, isDaemons, explanation }];
}
