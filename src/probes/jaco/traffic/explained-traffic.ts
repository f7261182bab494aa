import { factOf, type Outcome, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { mayApply } from '../../host/filter/evaluate-chain.ts';
import {
  explainMeasuredLoss,
  explainPath,
  type PathDropper,
  type PathRewrite,
} from '../../host/filter/explain-path.ts';
import { packetPaths } from '../../host/filter/packet-paths.ts';
import type { Path } from '../../host/filter/path.ts';
import type { Table } from '../../host/filter/table.ts';
import { ipv4, isPublic, overlapsAny, type Range, rangeOf } from '../../host/ipv4.ts';
import type { ProberReply } from '../../io/prober/ask.ts';
import { jacodConfig } from '../daemon/jacod-config.ts';
import { packetFilter } from '../isolation/packet-filter.ts';
import { type DnsAnswers, dnsAnswers } from '../network/dns-answers.ts';
import { type GatewayListeners, gatewayListeners } from '../network/gateway-listeners.ts';
import { kernelRoutes } from '../network/kernel-routes.ts';
import { type LocalContainer, localContainers } from '../network/local-containers.ts';
import { spanningReplicas } from '../network/spanning-replicas.ts';
import { localNode } from '../raft/local-node.ts';
import { peerTargets } from '../raft/peer-targets.ts';
import { stableStatus } from '../raft/stable-status.ts';
import { DEFAULT_POOL } from '../runtime/stray-networks.ts';
import { type DaemonTraffic, daemonTraffic } from './daemon-traffic.ts';
import { describeFlow, type ExchangeContext, exchangeOf, ownExchange } from './exchange-of.ts';
import type { Flow } from './flow.ts';
import { type Incoming, incomingToContainers, incomingToDaemon } from './incoming.ts';
import { type Traffic, traffic } from './traffic.ts';
import { type PlannedVantage, type TrafficPlan, trafficPlan } from './traffic-plan.ts';

/** A rule or policy in the words of the program that wrote it, with all that a person needs to find it. */
export type NamedRule = {
  readonly from: Table['from'];
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** The rule's text; null for the policy of a base chain. */
  readonly rule: string | null;
  readonly handle: number | null;
  readonly hook: string;
  /** Docker's own walls, which JACO's exemptions open: where those are missing, that is the fault. */
  readonly docker: boolean;
};

/** Why a flow is lost, or would be: a rule that surely does it, a rule that leads it elsewhere, or what may do it. */
export type FlowExplanation =
  | { readonly kind: 'dropped'; readonly by: NamedRule; readonly how: 'sure' | 'only-dropper' }
  /** `by` is null where another resolver answers, and no rule is known that leads there. */
  | { readonly kind: 'redirected'; readonly by: NamedRule | null }
  | {
      readonly kind: 'unexplained';
      readonly candidates: readonly NamedRule[];
      readonly doubts: readonly string[];
      /** The packet leaves this host with the address of the container: no rule translates it, and no answer finds back. */
      readonly untranslated?: true;
      /** Rules that keep it from being tracked: nothing is translated then. */
      readonly untrackedBy?: readonly NamedRule[];
      /** Rules that translate it to another address than that of the interface by which it leaves. */
      readonly translations?: readonly NamedRule[];
    };

/** A flow that was not seen to pass. `measured` is false where only the rules were asked. */
export type ExplainedFlow = {
  readonly what: string;
  readonly network: string | null;
  readonly flow: Flow | null;
  readonly measured: boolean;
  readonly reason: string | null;
  /** False where the rule drops what goes to this target and not the outside as a whole: a policy of this site. */
  readonly general: boolean;
  /** Traffic of the daemon with other members, whose addresses are none of the pool. */
  readonly isDaemons?: boolean;
  readonly explanation: FlowExplanation;
};

export type ExplainedTraffic = {
  /** Lost flows, and those not measured that a rule would drop or might. */
  readonly list: readonly ExplainedFlow[];
  /** Why rules of this host could not be read, all or some of them; empty where all were. */
  readonly unreadRules: readonly string[];
};

const JACO_TABLE = 'jaco';
const NOTHING_PUBLIC = 'this node names no host of the Internet to ask';

/** Asks the rules of this host about each flow that did not pass, and about those that cannot be sent from here. */
export const explainedTraffic = derive({
  name: 'jaco.explained-traffic',
  where: 'node',
  from: {
    traffic: attempt(traffic),
    plan: trafficPlan,
    daemon: attempt(daemonTraffic),
    filter: attempt(packetFilter),
    kernel: kernelRoutes,
    containers: localContainers,
    listeners: attempt(gatewayListeners),
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
    settled,
    config,
    host,
    peers,
    spanning,
    names,
  }) {
    const tables = (factOf(filter)?.tables ?? []).filter((one) => !(one.family === 'inet' && one.name === JACO_TABLE));
    const context = { kernel, containers };
    const flows = allFlows(traffic, plan);
    const known: RuleContext = {
      ...context,
      tables,
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
          ...incomingToContainers(context, factOf(spanning)),
          ...incomingToDaemon(context, factOf(peers), [own?.grpcAddress, own?.address].flatMap(placeOf)),
        ]
      : [];
    return value<ExplainedTraffic>({
      list: [
        ...measured,
        ...internet,
        ...explainDaemon(factOf(daemon), tables, context),
        ...incoming.flatMap((one) => explainIncoming(one, tables)),
      ],
      unreadRules: filter.kind === 'value' ? filter.value.unseen : [reasonOf(filter) ?? 'not read'],
    });
  },
});

/** An IPv4 address and a port, as the list of members has them. */
function placeOf(text: string | undefined): readonly { readonly host: string; readonly port: number }[] {
  const [, host = '', port = ''] = /^(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})$/.exec(text ?? '') ?? [];
  return host === '' ? [] : [{ host, port: Number(port) }];
}

/** What is known where a flow is explained. */
type RuleContext = ExchangeContext & {
  readonly tables: readonly Table[];
  readonly listeners: GatewayListeners | null;
  readonly pool: Range | null;
  /** What this host itself is answered by the resolvers at the gateways. */
  readonly names: DnsAnswers['answers'];
  /** Whether all rules of this host were read: only then a rule that is not there is known to be missing. */
  readonly allRulesKnown: boolean;
};

/** The flows that were sent, and those that would have been: of them only the rules can be asked. */
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
  return [...flows, { kind: 'outside' as const, target: THE_OUTSIDE, sinceMs: null }].map(
    (flow): Flow => ({ ...flow, network, start, outcome: { kind: 'not-measured', reason } }),
  );
}

/** Name servers that answer this program's user and not jacod's: a rule tells the two apart. */
function explainDaemon(
  daemon: DaemonTraffic | null,
  tables: readonly Table[],
  { kernel }: ExchangeContext,
): readonly ExplainedFlow[] {
  if (daemon === null) return [];
  return daemon.flows.flatMap(({ host, port, asDaemon, asSelf }): readonly ExplainedFlow[] => {
    if (!isDnsAnswer(asSelf) || isDnsAnswer(asDaemon)) return [];
    const what = `jacod (user ${daemon.user}) to name server ${host} UDP ${port}`;
    const exchange = ownExchange({ what, host, port, uid: daemon.uid }, kernel);
    const { request, answer } = packetPaths(exchange);
    const flow: Flow = {
      kind: 'outside',
      network: null,
      start: { kind: 'host' },
      target: { host, port, protocol: 'udp', name: `name server ${host}`, question: null },
      sinceMs: null,
      outcome: { kind: 'lost', reply: asDaemon, openPorts: [] },
    };
    return [
      {
        what,
        network: null,
        flow,
        measured: true,
        reason: null,
        general: true,
        explanation: lossOf(tables, [request, answer]),
      },
    ];
  });
}

function isDnsAnswer(reply: ProberReply): boolean {
  return reply.kind === 'answer' && reply.how === 'dns';
}

function reasonOf(outcome: Outcome): string | null {
  if (outcome.kind === 'value') return null;
  return outcome.kind === 'failed' ? outcome.failure.detail : outcome.reason;
}

function explainFlow(flow: Flow, context: RuleContext): readonly ExplainedFlow[] {
  const { tables } = context;
  const exchange = exchangeOf(flow, context);
  const what = describeFlow(flow);
  const row = { what, network: flow.network, flow, general: true };
  if (exchange === null)
    return flow.outcome.kind === 'lost'
      ? [{ ...row, measured: true, reason: null, explanation: { kind: 'unexplained', candidates: [], doubts: [] } }]
      : [];
  const { request, answer } = packetPaths(exchange);
  const redirect = isQuestion(flow) ? redirectOf(tables, request) : null;
  const redirected = (by: PathRewrite | null): FlowExplanation => ({
    kind: 'redirected',
    by: by === null ? null : namedRule(by, tables),
  });
  if (flow.outcome.kind === 'not-measured') {
    const { reason } = flow.outcome;
    // One router or registry that is silent anyway does not stand for the outside.
    if (isOutside(flow)) return explainUnsentOutside(flow, reason, context);
    if (redirect?.certainty === 'sure') return [{ ...row, measured: false, reason, explanation: redirected(redirect) }];
    const explanation = unmeasured(tables, [request, answer]);
    return explanation === null ? [] : [{ ...row, measured: false, reason, explanation }];
  }
  if (flow.outcome.kind === 'passed') {
    if (isAnsweredByAnother(flow, context) && (redirect !== null || isDaemonListening(flow, context.listeners)))
      return [{ ...row, measured: true, reason: null, explanation: redirected(redirect) }];
    if (!isRefusedOnTheWay(flow, tables, request, context.listeners)) return [];
  }
  if (redirect?.certainty === 'sure')
    return [{ ...row, measured: true, reason: null, explanation: redirected(redirect) }];
  const loss = lossOf(tables, [request, answer]);
  if (redirect !== null && loss.kind === 'unexplained')
    return [{ ...row, measured: true, reason: null, explanation: redirected(redirect) }];
  const explanation = exchange.masqueradeAs === undefined ? loss : withTranslation(loss, request, context);
  const general = !isOutside(flow) || isGeneral(explanation, flow, context);
  return [{ ...row, measured: true, reason: null, general, explanation }];
}

function isQuestion({ kind }: Flow): boolean {
  return kind === 'resolver-udp' || kind === 'resolver-tcp' || kind === 'outside-name';
}

/**
 * JACO's resolver answers a service name with addresses of the pool. Another answer is another resolver's, unless this host gets
 * none of the pool either.
 */
function isAnsweredByAnother({ kind, network, target, outcome }: Flow, { pool, names }: RuleContext): boolean {
  if (kind !== 'resolver-udp' && kind !== 'resolver-tcp') return false;
  if (pool === null || outcome.kind !== 'passed') return false;
  const { reply } = outcome;
  if (reply.kind !== 'answer' || reply.how !== 'dns' || hasPoolAddress(reply.addresses, pool)) return false;
  const here = names.find((one) => one.network === network && one.service === target.question)?.a;
  return here === undefined || (here.kind === 'answer' && hasPoolAddress(here.addresses, pool));
}

function hasPoolAddress(addresses: readonly string[], pool: Range): boolean {
  return addresses.some((text) => {
    const address = ipv4(text);
    return address !== null && overlapsAny([pool], [address, address]);
  });
}

/** Whether the daemon has the port that a question was sent to. */
function isDaemonListening({ kind, target }: Flow, listeners: GatewayListeners | null): boolean {
  const there = listeners?.list.find(({ gateway }) => gateway === target.host);
  return (kind === 'resolver-tcp' ? there?.tcp : there?.udp)?.kind === 'daemon';
}

/** Rules that may keep a packet from being tracked, wherever it comes by. */
function untrackersOf({ steps }: Path, tables: readonly Table[]): readonly NamedRule[] {
  const step = steps.find(({ family, hook }) => family === 'ip' && hook === 'prerouting');
  if (step === undefined) return [];
  return tables
    .filter(({ dormant }) => dormant !== true)
    .flatMap((table) =>
      table.chains.flatMap(({ name, rules }) =>
        rules
          .filter((rule) => rule.untracks && mayApply(rule, table, step.packet))
          .map((rule) => namedRule({ table, chain: name, rule, hook: step.hook }, tables)),
      ),
    );
}

/** Adds what address translation does to a packet that needs its source translated to find an answer. */
function withTranslation(
  loss: FlowExplanation,
  request: Path,
  { tables, allRulesKnown }: RuleContext,
): FlowExplanation {
  const { rewrites, droppers } = explainPath(tables, request);
  const isTranslated = rewrites.some(({ rewrite: { kind } }) => kind === 'masquerade' || kind === 'snat');
  // No answer comes back then, so that no rule for answers can drop one.
  if (!isTranslated && allRulesKnown && droppers.length === 0)
    return {
      kind: 'unexplained',
      candidates: [],
      doubts: [],
      untranslated: true,
      untrackedBy: untrackersOf(request, tables),
    };
  if (loss.kind !== 'unexplained') return loss;
  const others = rewrites.filter(({ rewrite: { kind } }) => kind !== 'masquerade');
  return { ...loss, translations: others.map((one) => namedRule(one, tables)) };
}

/**
 * What the rules do to the Internet as a whole, where no public host was asked: a neighbour that answers does not stand for it.
 * Where a neighbour passes, the rules accuse only if they are sure, and if they agree with what was measured of the neighbour.
 */
function explainInternet(
  { network, replica, ip }: LocalContainer,
  flows: readonly Flow[],
  context: RuleContext,
): readonly ExplainedFlow[] {
  const sent = flows.filter((one) => one.network === network && one.start.kind === 'container');
  const beyond = sent.filter(isBeyond);
  const isSettled = beyond.some(({ outcome, target }) => outcome.kind !== 'passed' || isPublic(ipv4(target.host) ?? 0));
  if (isSettled || sent.length === 0) return [];
  const flow: Flow = {
    kind: 'outside',
    network,
    start: { kind: 'container', network, replica, ip },
    target: THE_OUTSIDE,
    sinceMs: null,
    outcome: { kind: 'not-measured', reason: NOTHING_PUBLIC },
  };
  const rows = explainUnsentOutside(flow, NOTHING_PUBLIC, context);
  if (beyond.length === 0) return rows;
  if (beyond.some((one) => isSurelyDropped(one, context))) return [];
  return rows.filter(({ explanation }) => explanation.kind === 'dropped');
}

function isBeyond({ kind }: Flow): boolean {
  return kind === 'given' || kind === 'outside' || kind === 'next-hop';
}

function isSurelyDropped(flow: Flow, context: RuleContext): boolean {
  const exchange = exchangeOf(flow, context);
  if (exchange === null) return false;
  const { request, answer } = packetPaths(exchange);
  return lossOf(context.tables, [request, answer]).kind === 'dropped';
}

/** Public addresses, which one target does not stand for: what holds for all of these ranges holds for the outside. */
const PUBLIC_RANGES = [
  '1.0.0.0-9.255.255.255',
  '11.0.0.0-100.63.255.255',
  '128.0.0.0-168.255.255.255',
  '193.0.0.0-223.255.255.255',
];

/** A flow to the outside as a whole. */
const THE_OUTSIDE: Flow['target'] = { host: '', port: 0, protocol: 'tcp', name: 'the outside', question: null };

function isOutside({ kind }: Flow): boolean {
  return kind === 'outside' || kind === 'next-hop';
}

/** The packets of a flow to each public range and their answers. */
function outsidePaths(flow: Flow, context: ExchangeContext): readonly (readonly Path[])[] {
  return PUBLIC_RANGES.flatMap((host) => {
    const exchange = exchangeOf({ ...flow, target: { ...flow.target, host, port: 0 } }, context);
    if (exchange === null) return [];
    const { request, answer } = packetPaths({ ...exchange, dport: null });
    return [[request, answer]];
  });
}

/** What the rules do to the outside as a whole, where nothing could be sent there. A rule for some destinations is a policy. */
function explainUnsentOutside(flow: Flow, reason: string, context: RuleContext): readonly ExplainedFlow[] {
  const all = outsidePaths(flow, context).map((paths) => unmeasured(context.tables, paths));
  const [first] = all;
  if (first === undefined || first === null || all.includes(null)) return [];
  const open = all.find((one) => one?.kind === 'unexplained') ?? null;
  const what = describeFlow({ ...flow, target: THE_OUTSIDE });
  const row = { what, network: flow.network, flow, measured: false, reason, general: true };
  return [{ ...row, explanation: open ?? first }];
}

/** Whether a rule that surely drops what goes to one target would surely drop what goes to any. */
function isGeneral(explanation: FlowExplanation, flow: Flow, context: RuleContext): boolean {
  if (explanation.kind !== 'dropped' || explanation.how !== 'sure') return true;
  return outsidePaths(flow, context).every((paths) =>
    paths.some((path) => explainPath(context.tables, path).droppers.some(({ certainty }) => certainty === 'sure')),
  );
}

/**
 * A refusal can come from the target, whose closed port was asked, or from a rule on the way that answers in its name. The
 * resolver's port is no closed one while the daemon listens there.
 */
function isRefusedOnTheWay(
  flow: Flow,
  tables: readonly Table[],
  request: Path,
  listeners: GatewayListeners | null,
): boolean {
  const { kind, outcome } = flow;
  if (outcome.kind !== 'passed' || outcome.reply.kind !== 'answer') return false;
  const { how } = outcome.reply;
  if (how !== 'reset' && how !== 'port-unreachable') return false;
  if (kind === 'resolver-udp' || kind === 'resolver-tcp') return isDaemonListening(flow, listeners);
  const wanted = how === 'reset' ? /tcp reset|port-unreachable/ : /port-unreachable/;
  return explainPath(tables, request).droppers.some(
    ({ certainty, rule }) => certainty === 'sure' && wanted.test(rule?.answer ?? ''),
  );
}

function redirectOf(tables: readonly Table[], request: Path): PathRewrite | null {
  const all = explainPath(tables, request).rewrites.filter(
    ({ rewrite: { kind } }) => kind === 'redirect' || kind === 'dnat',
  );
  return all.find(({ certainty }) => certainty === 'sure') ?? all[0] ?? null;
}

function lossOf(tables: readonly Table[], paths: readonly Path[]): FlowExplanation {
  const loss = explainMeasuredLoss(tables, paths);
  if (loss.kind === 'explained') return { kind: 'dropped', by: namedRule(loss.by, tables), how: loss.how };
  return {
    kind: 'unexplained',
    candidates: loss.candidates.map((one) => namedRule(one, tables)),
    doubts: [...new Set(loss.candidates.flatMap(({ doubts }) => doubts))].slice(0, 10),
  };
}

/** Without a measurement only a rule that surely drops accuses; a chain that may end in a drop leaves it open. */
function unmeasured(tables: readonly Table[], paths: readonly Path[]): FlowExplanation | null {
  const droppers = paths.flatMap((path) => explainPath(tables, path).droppers);
  const sure = droppers.find(({ certainty }) => certainty === 'sure');
  if (sure !== undefined) return { kind: 'dropped', by: namedRule(sure, tables), how: 'sure' };
  if (droppers.length === 0) return null;
  return {
    kind: 'unexplained',
    candidates: droppers.map((one) => namedRule(one, tables)),
    doubts: [...new Set(droppers.flatMap(({ doubts }) => doubts))].slice(0, 10),
  };
}

/** What other nodes send here can only be read from the rules. A doubt alone says nothing of the members, which do reach each other. */
function explainIncoming({ exchange, network }: Incoming, tables: readonly Table[]): readonly ExplainedFlow[] {
  const { request, answer } = packetPaths(exchange);
  const explanation = unmeasured(tables, [request, answer]);
  const isDaemons = network === null;
  if (explanation === null || (isDaemons && explanation.kind !== 'dropped')) return [];
  const reason = 'it starts on another node';
  return [{ what: exchange.what, network, flow: null, measured: false, reason, general: true, isDaemons, explanation }];
}

function namedRule(
  found: Pick<PathDropper | PathRewrite, 'table' | 'chain' | 'rule' | 'hook'>,
  tables: readonly Table[],
): NamedRule {
  const { table, chain, rule, hook } = found;
  return {
    from: table.from,
    family: table.family,
    table: table.name,
    chain,
    rule: rule?.text ?? null,
    handle: rule?.handle ?? null,
    hook,
    docker: isDockers(found, tables),
  };
}

/** What Docker left in the kernel's other interface, before iptables was switched, no exemption of JACO's is there for. */
function isDockers(
  { table, chain, rule }: Pick<PathDropper | PathRewrite, 'table' | 'chain' | 'rule'>,
  tables: readonly Table[],
): boolean {
  if (table.family !== 'ip' || !['filter', 'raw'].includes(table.name)) return false;
  const same = tables.filter(({ family, name }) => family === 'ip' && name === table.name);
  if (table !== (same.find(({ from }) => from === 'iptables') ?? same.find(({ from }) => from === 'nft'))) return false;
  if (/^DOCKER-(ISOLATION|INGRESS|FORWARD|BRIDGE|CT|INTERNAL)|^DOCKER$/.test(chain)) return true;
  return chain === 'FORWARD' && rule === null;
}
