import { check } from '../../src/engine/check.ts';
import { judged, type NotJudged, notJudgedBecause } from '../../src/engine/finding.ts';
import { nextStepOf } from '../../src/engine/next-step-of.ts';
import { type Failure, factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { ipv4, isPublic } from '../../src/probes/host/ipv4.ts';
import { jacodConfig } from '../../src/probes/jaco/daemon/jacod-config.ts';
import { exemptions } from '../../src/probes/jaco/isolation/exemptions.ts';
import { isolationExpected } from '../../src/probes/jaco/isolation/isolation-expected.ts';
import { dnsAnswers } from '../../src/probes/jaco/network/dns-answers.ts';
import { type DifferentRoutes, routingFaults } from '../../src/probes/jaco/network/routing-faults.ts';
import { stoppedForwarding } from '../../src/probes/jaco/network/stopped-forwarding.ts';
import { livenessOf, peerName } from '../../src/probes/jaco/raft/peer-answer.ts';
import { peerStatuses } from '../../src/probes/jaco/raft/peer-status.ts';
import { DEFAULT_POOL } from '../../src/probes/jaco/runtime/stray-networks.ts';
import { isWithinReconcile } from '../../src/probes/jaco/timing.ts';
import { describeRule } from '../../src/probes/jaco/traffic/describe-rule.ts';
import type { ExplainedFlow } from '../../src/probes/jaco/traffic/explained-flow.ts';
import { explainedTraffic } from '../../src/probes/jaco/traffic/explained-traffic.ts';
import { type Flow, isOutside, isToExternalHost } from '../../src/probes/jaco/traffic/flow.ts';
import { type MeshPath, meshPaths } from '../../src/probes/jaco/traffic/mesh-paths.ts';
import { type TrackedTraffic, trackedTraffic } from '../../src/probes/jaco/traffic/tracked-traffic.ts';
import { type Traffic, traffic } from '../../src/probes/jaco/traffic/traffic.ts';
import { anotherRouteFindings, describeWays } from './container-traffic/another-route.ts';
import { droppedFindings } from './container-traffic/drops.ts';
import { noWayOutFinding } from './container-traffic/no-way-out.ts';
import { redirectFindings } from './container-traffic/redirects.ts';
import { openQuestions, unexplainedFinding } from './container-traffic/unexplained.ts';

const MAX_NOTES = 8;
/** Kinds of flows to the daemon of another node. */
const PEERS: readonly string[] = ['peer-control', 'peer-raft'];
/** Kinds of flows that this host forwards to the outside. */
const FORWARDED: readonly string[] = ['given', 'outside', 'next-hop', 'remote', 'sibling'];

export default check({
  name: 'container-traffic',
  group: 'isolation',
  where: 'node',
  title: 'container traffic passes through this host',
  requires: { expected: isolationExpected },
  reads: {
    traffic: attempt(traffic),
    explained: explainedTraffic,
    routing: attempt(routingFaults),
    forwarding: attempt(stoppedForwarding),
    exemptions: attempt(exemptions),
    paths: attempt(meshPaths),
    tracked: attempt(trackedTraffic),
    config: attempt(jacodConfig),
    peers: attempt(peerStatuses),
  },
  explains: { names: dnsAnswers },
  finds: ['foreign_firewall_drop', 'dns_traffic_redirected', 'pool_traffic_dropped'],
  judge({ traffic, explained, routing, forwarding, exemptions, paths, tracked, config, peers }, now) {
    const table = factOf(traffic);
    const misrouted = new Set((factOf(routing)?.list ?? []).map(({ network }) => network));
    const stopped = factOf(forwarding);
    const forwards = stopped === null || (!stopped.everywhere && stopped.interfaces.length === 0);
    const answered = new Set(
      (factOf(tracked)?.networks ?? []).filter((one) => one.answered > 0).map(({ network }) => network),
    );
    const exempt = factOf(exemptions)?.chains.every(({ state }) => state === 'right') !== false;
    const networksWithOutsideAnswer = reachedOutside(table, explained.list);
    const ways = factOf(routing)?.otherWayOut ?? [];
    const internet = new Set(
      networksWithOutsideAnswer.flatMap(({ network, isInternet }) => (isInternet ? [network] : [])),
    );
    const sorted = classifyFlows(explained.list, {
      reached: new Set(networksWithOutsideAnswer.map(({ network }) => network)),
      internet,
      misrouted,
      forwards,
      answered,
      exempt,
      resolverPasses: resolverPasses(table),
      paths: factOf(paths)?.list ?? [],
      dead: new Set((factOf(peers)?.peers ?? []).filter((one) => livenessOf(one) === 'dead').map(peerName)),
      now,
    });
    const accused = sorted.filter(({ as }) => as === 'fault').map(({ row }) => row);
    const judgedOutside = new Set([
      ...(table?.flows ?? [])
        .filter((flow) => isToExternalHost(flow) && flow.outcome.kind !== 'not-measured')
        .map(({ network }) => network),
      ...misrouted,
    ]);
    const plain = accused.filter(({ explanation }) => explanation.kind === 'dropped' && !explanation.by.docker);
    const rest = accused.filter((row) => !plain.includes(row));
    const unread = explained.unreadRules.map(
      (reason): NotJudged => ({ subject: 'firewall rules of this host', reason, next: { kind: 'as-root' } }),
    );
    const pool = factOf(config)?.settings?.ipamPool ?? DEFAULT_POOL;
    return judged(
      [
        ...droppedFindings(plain, pool),
        ...redirectFindings(rest, pool),
        ...unexplainedFinding(rest, ways, pool),
        ...noWayOutFinding(table, factOf(routing)),
        ...(forwards ? anotherRouteFindings(ways, factOf(tracked), judgedOutside, pool) : []),
      ],
      {
        evidence: measuredEvidence(table),
        notes: [
          ...notesOf(sorted, table),
          ...ways.filter((way) => !isProvenOutside(way.network, judgedOutside, factOf(tracked))).map(unprovenWay),
        ],
        notJudged: [
          ...(traffic.kind === 'failed' ? [notJudgedBecause('packets sent from containers', traffic.failure)] : []),
          ...openQuestions(accused),
          ...outsideUnknown(explained.unknownRoutes, networksWithOutsideAnswer.length > 0),
          ...notEntered(table),
          ...unread,
        ],
      },
    );
  },
});

/** Whether anything is known about the way to the outside of a network. */
function isProvenOutside(network: string, judged: ReadonlySet<string | null>, tracked: TrackedTraffic | null): boolean {
  return judged.has(network) || (tracked?.networks ?? []).some((one) => one.network === network && one.answered > 0);
}

function unprovenWay(way: DifferentRoutes): string {
  return `${describeWays(way)}: no external host was asked on that route; name one with --outside HOST:PORT`;
}

type Sorted = { readonly row: ExplainedFlow; readonly as: 'fault' | 'young' | 'exception' | 'explained-elsewhere' };

type Circumstances = {
  /** Networks whose containers got an answer from an external host, and those that got one from a public host. */
  readonly reached: ReadonlySet<string | null>;
  readonly internet: ReadonlySet<string | null>;
  readonly misrouted: ReadonlySet<string>;
  readonly forwards: boolean;
  readonly answered: ReadonlySet<string>;
  readonly exempt: boolean;
  /** Networks whose containers got an answer from the resolver at their gateway. */
  readonly resolverPasses: ReadonlySet<string | null>;
  readonly paths: readonly MeshPath[];
  /** Other nodes whose daemon does not answer. */
  readonly dead: ReadonlySet<string>;
  readonly now: number;
};

/**
 * Sorts each lost or doubtful flow: a fault, too early to tell, an exception of a lock-down, or a finding of another
 * check.
 */
function classifyFlows(rows: readonly ExplainedFlow[], circumstances: Circumstances): readonly Sorted[] {
  return rows.map((row) => ({ row, as: classifyFlow(row, circumstances) }));
}

function classifyFlow(
  { network, flow, explanation, measured, general }: ExplainedFlow,
  { reached, internet, misrouted, forwards, answered, exempt, resolverPasses, paths, dead, now }: Circumstances,
): Sorted['as'] {
  if (measured && flow?.kind === 'remote' && !isLostHere(flow, paths)) return 'explained-elsewhere';
  // A query that the resolver sends on to an external name server. If the resolver itself answers, or if nothing on
  // this host drops the query, dns-upstreams judges it.
  if (measured && flow?.kind === 'outside-name' && (resolverPasses.has(network) || explanation.kind !== 'dropped'))
    return 'explained-elsewhere';
  // If no rule may drop it, the node itself is gone, and node-liveness reports it.
  const isUnexplained = explanation.kind === 'unexplained' && explanation.candidates.length === 0;
  if (isUnexplained && flow !== null && PEERS.includes(flow.kind) && dead.has(flow.target.name))
    return 'explained-elsewhere';
  if (network !== null && misrouted.has(network)) return 'explained-elsewhere';
  if (!forwards && flow !== null && FORWARDED.includes(flow.kind)) return 'explained-elsewhere';
  // JACO's exemptions let traffic pass Docker's own rules. If they are missing, overlay-exemptions reports that.
  if (explanation.kind === 'dropped' && explanation.by.docker && !exempt) return 'explained-elsewhere';
  if (flow !== null && isWithinReconcile(flow.sinceMs, now)) return 'young';
  if (flow?.outcome.kind === 'lost' && flow.outcome.openPorts.length > 0) return 'exception';
  if (!general) return 'exception';
  if (flow !== null && isOutside(flow)) {
    // An answer of a neighbour does not excuse a rule that surely drops all traffic to the Internet.
    const isSure = explanation.kind === 'dropped' && explanation.how === 'sure';
    const passed = isSure && !isNeighbour(flow) ? internet.has(network) : reached.has(network);
    if (passed || (!measured && network !== null && answered.has(network))) return 'exception';
  }
  return 'fault';
}

/**
 * Whether a rule of this host drops the packets to another node, or may drop them. Other obstacles are reported by
 * mesh.
 */
function isLostHere(flow: Flow, paths: readonly MeshPath[]): boolean {
  const path = paths.find((one) => one.from === 'container' && one.flows.includes(flow));
  if (path === undefined) return false;
  const { outcome } = path;
  return outcome.kind === 'lost' && (outcome.obstacle.kind === 'rule' || outcome.obstacle.kind === 'possible-rule');
}

function resolverPasses(table: Traffic | null): Circumstances['resolverPasses'] {
  const passed = (table?.flows ?? []).filter(
    ({ kind, outcome }) => (kind === 'resolver-udp' || kind === 'resolver-tcp') && outcome.kind === 'passed',
  );
  return new Set(passed.map(({ network }) => network));
}

/** An external host that was reached from a network. A reset that a rule sent in its name does not count. */
function reachedOutside(
  table: Traffic | null,
  rows: readonly ExplainedFlow[],
): readonly { readonly network: string | null; readonly isInternet: boolean }[] {
  const refused = new Set(
    rows.flatMap(({ flow, measured }) =>
      flow !== null && (measured || flow.outcome.kind === 'passed') ? [keyOf(flow)] : [],
    ),
  );
  const reached = (table?.flows ?? []).filter(
    (flow) => isOutside(flow) && flow.outcome.kind === 'passed' && !refused.has(keyOf(flow)),
  );
  return reached.map((flow) => ({ network: flow.network, isInternet: !isNeighbour(flow) }));
}

function keyOf({ kind, network, target: { host, port, protocol } }: Flow): string {
  return [kind, network, host, port, protocol].join(' ');
}

/** A target that is not a host of the Internet, such as most next routers. The outside as a whole has no address. */
function isNeighbour({ target }: Flow): boolean {
  const address = ipv4(target.host);
  return address !== null && !isPublic(address);
}

function measuredEvidence(table: Traffic | null): readonly string[] {
  if (table === null) return [];
  const measured = table.flows.filter(({ outcome }) => outcome.kind !== 'not-measured');
  const passed = measured.filter(({ outcome }) => outcome.kind === 'passed').length;
  const networks = new Set(table.flows.flatMap(({ start }) => (start.kind === 'container' ? [start.network] : [])));
  if (measured.length === 0) return [];
  return [
    `packets were sent from inside ${networks.size} networks and from this host: ${passed} of ${measured.length} flows passed`,
  ];
}

function notesOf(sorted: readonly Sorted[], table: Traffic | null): readonly string[] {
  const notes = sorted.flatMap(({ row, as }) => {
    if (as === 'young')
      return [`${row.what}: no answer yet; the daemon updates rules and routes up to 33 s after a container starts`];
    if (as !== 'exception') return [];
    if (!row.general) {
      const { explanation } = row;
      const [by] = explanation.kind === 'unexplained' ? explanation.candidates : [explanation.by];
      if (by != null) return [`${row.what} is filtered by a rule for this destination: ${describeRule(by)}`];
    }
    const outcome = row.flow?.outcome;
    const ports = outcome?.kind === 'lost' ? outcome.openPorts : [];
    return ports.length > 0
      ? [`${row.what} is filtered, but port ${ports.join(', ')} of it answers`]
      : [`${row.what} is filtered, but other hosts outside answer`];
  });
  const unmeasured = (table?.flows ?? []).flatMap(({ outcome }) =>
    outcome.kind === 'not-measured' ? [outcome.reason] : [],
  );
  return [
    ...new Set([...notes, ...unmeasured.map((reason) => `some traffic of containers was not measured: ${reason}`)]),
  ].slice(0, MAX_NOTES);
}

/**
 * Without the routes, no rule can be evaluated for external traffic. Only an answer of an external host is evidence.
 */
function outsideUnknown(failure: Failure | null, isReached: boolean): readonly NotJudged[] {
  if (failure === null || isReached) return [];
  return [notJudgedBecause('traffic of containers to the outside', failure)];
}

/**
 * A network whose container could not be entered is not judged. Networks left out because there are too many only make
 * this a sample.
 */
function notEntered(table: Traffic | null): readonly NotJudged[] {
  return (table?.notEntered ?? [])
    .filter(({ why }) => why === 'failed')
    .map(({ network, reason, failure: why }) => ({
      subject: `containers of ${network}`,
      reason,
      next: why === undefined ? { kind: 'again' } : nextStepOf({ why, phase: 'send' }),
    }));
}
