import { setMaxListeners } from 'node:events';
import { type FailureWhy, type Result, value } from '../../../engine/outcome.ts';
import { containerPid } from '../../docker/container-pid.ts';
import { internetSockets } from '../../host/proc-net.ts';
import { readText } from '../../io/files.ts';
import { probeFrom, SILENCE_MS } from '../../io/prober/probe-from.ts';
import type { ProberReply } from '../../io/prober/prober-request.ts';
import { sendAll } from '../../io/prober/send-all.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../jaco-probe.ts';
import { endedContainers } from './ended-containers.ts';
import { type ExternalFlows, externalFlows, isPrivateTarget } from './external-flows.ts';
import type { Flow } from './flow.ts';
import { measureFlows, requestOf, type Sender, unreachableTarget } from './measure-flows.ts';
import { givenTarget } from './outside-targets.ts';
import { type PlannedFlow, type PlannedVantage, trafficPlan } from './traffic-plan.ts';

/**
 * The table of flows. `notEntered` are networks that were not measured from inside: one could not be entered
 * (`failed`), was one too many for a run (`sampled`), or has no running container here (`empty`).
 */
export type Traffic = {
  readonly flows: readonly Flow[];
  readonly notEntered: readonly {
    readonly network: string;
    readonly why: 'failed' | 'sampled' | 'empty';
    readonly reason: string;
    /** The class of the failure, if the prober failed; not in recordings of older versions. */
    readonly failure?: FailureWhy;
  }[];
};

const MAX_PORTS = 6;
/** Ports on which a router, or a host on another node, may answer if a closed port is filtered. */
const COMMON_PORTS: readonly number[] = [80, 443];

/**
 * Sends the flows that JACO's networks need, from inside their containers' network namespaces and from this host, and
 * returns the reply to each. Nothing is executed in a container, and nothing is written.
 */
export const traffic = probe({
  name: 'jaco.traffic',
  observes: 'host',
  right: 'root',
  after: { network: daemonNetwork, plan: trafficPlan },
  deadlineMs: 7_000,
  async collect(io, { plan }, signal): Promise<Result<Traffic>> {
    setMaxListeners(0, signal);
    const here: Sender = async (requests) => ({
      kind: 'replies',
      replies: await sendAll({ requests, limitMs: SILENCE_MS }, signal),
    });
    io.phase('inspect');
    const containers = plan.vantages.flatMap(({ container, sibling }) =>
      sibling === null ? [container] : [container, sibling],
    );
    const [pids, { sent, silent }] = await Promise.all([
      Promise.all(containers.map(({ id }) => containerPid(io, id, signal))),
      externalFlows(plan, io.settings.outside.map(givenTarget), signal),
    ]);
    const pidByIp = new Map(containers.map(({ ip }, index) => [ip, pids[index] ?? null]));
    io.phase('send');
    // For comparison with the containers' replies: a target that does not answer this host either is not evidence
    // against a rule.
    const controls = sendAll({ requests: sent.map(requestOf), limitMs: SILENCE_MS }, signal);
    const portsOf = (flow: PlannedFlow): Promise<readonly number[]> => otherPorts(flow, pidByIp);
    const [host, ...inside] = await Promise.all([
      measureFlows(plan.fromHost, here, { vantage: 'host', otherPorts: portsOf, control: () => undefined }),
      ...plan.vantages.map((vantage) =>
        enter(vantage, pidByIp.get(vantage.container.ip) ?? null, { sent, controls, silent }, portsOf, signal),
      ),
    ]);
    const own = plan.fromHost.flatMap(({ network, ...flow }, index): readonly Flow[] => {
      const outcome = host.kind === 'outcomes' ? host.outcomes[index] : undefined;
      return outcome === undefined ? [] : [{ ...flow, network, start: { kind: 'host' }, outcome }];
    });
    const flows = [...inside.flatMap((one) => (one.kind === 'flows' ? one.flows : [])), ...own];
    const isLost = flows.some(({ outcome }) => outcome.kind === 'lost');
    const ended = isLost ? await endedContainers(pidByIp) : new Set<string>();
    return value({
      flows: flows.map((flow) => withoutEnded(flow, ended)),
      notEntered: [
        ...inside.flatMap((one) =>
          one.kind === 'not-entered'
            ? [{ network: one.network, why: 'failed' as const, reason: one.reason, ...one.failure }]
            : [],
        ),
        ...plan.notEntered.map((network) => ({
          network,
          why: 'sampled' as const,
          reason: 'this node has more networks than one run measures',
        })),
        ...plan.withoutContainer.map((network) => ({
          network,
          why: 'empty' as const,
          reason: 'no container of it is running here',
        })),
      ],
    });
  },
});

/** The silence of a container that ended while it was measured is not a loss. */
function withoutEnded(flow: Flow, ended: ReadonlySet<string>): Flow {
  const { start, target, outcome } = flow;
  const replica =
    start.kind === 'container' && ended.has(start.ip) ? start.replica : ended.has(target.host) ? target.name : null;
  if (outcome.kind !== 'lost' || replica === null) return flow;
  return { ...flow, outcome: { kind: 'not-measured', reason: `${replica} ended while it was measured` } };
}

type Entered =
  | { readonly kind: 'flows'; readonly flows: readonly Flow[] }
  | {
      readonly kind: 'not-entered';
      readonly network: string;
      readonly reason: string;
      readonly failure: { readonly failure?: FailureWhy };
    };

/** Flows beyond this host, with the replies that this host itself gets for those that are sent. */
type ExternalSends = ExternalFlows & { readonly controls: Promise<readonly ProberReply[]> };

/** Measures a network's flows, and those beyond this host, from inside one of its containers. */
async function enter(
  { container, flows: own, sharesWayOut }: PlannedVantage,
  pid: number | null,
  { sent: external, controls, silent }: ExternalSends,
  otherPorts: (flow: PlannedFlow) => Promise<readonly number[]>,
  signal: AbortSignal,
): Promise<Entered> {
  const { network, replica, ip } = container;
  if (pid === null)
    return { kind: 'not-entered', network, reason: `Docker names no process of ${replica}`, failure: {} };
  // If containers leave through another router, such as a VPN, a neighbour of this host need not be reachable.
  const flows = [...own, ...(sharesWayOut ? external : external.filter((flow) => !isPrivateTarget(flow)))];
  const known = new Map<PlannedFlow, ProberReply>();
  const send: Sender = async (requests) => {
    const [sent, replies] = await Promise.all([probeFrom({ kind: 'process', pid }, requests, signal), controls]);
    for (const [index, flow] of external.entries()) known.set(flow, replies[index] as ProberReply);
    return sent;
  };
  const routes = await readText(`/proc/${pid}/net/route`);
  const measured = await measureFlows(flows, send, {
    vantage: 'container',
    hasDefaultRoute: routes.kind === 'text' && /^\S+\t00000000\t/m.test(routes.text),
    otherPorts,
    control: (flow) => known.get(flow),
  });
  if (measured.kind === 'failed') {
    const { failure } = measured;
    return { kind: 'not-entered', network, reason: failure.detail, failure: { failure: failure.why } };
  }
  const start = { kind: 'container', network, replica, ip } as const;
  return {
    kind: 'flows',
    flows: [
      ...flows.flatMap((flow, index) => {
        const outcome = measured.outcomes[index];
        return outcome === undefined ? [] : [{ ...flow, network, start, outcome }];
      }),
      ...(sharesWayOut ? silent : []).map((flow) => ({ ...flow, network, start, outcome: unreachableTarget(flow) })),
    ],
  };
}

/**
 * If a closed port was lost, other ports distinguish a lock-down with exceptions from a loss: a local target's own
 * ports, else common ones.
 */
async function otherPorts(
  { kind, target }: PlannedFlow,
  pidByIp: ReadonlyMap<string, number | null>,
): Promise<readonly number[]> {
  if (kind === 'next-hop' || kind === 'remote') return COMMON_PORTS;
  if (kind !== 'sibling' && kind !== 'container') return [];
  const pid = pidByIp.get(target.host) ?? null;
  if (pid === null) return [];
  const tables = await Promise.all([readText(`/proc/${pid}/net/tcp`), readText(`/proc/${pid}/net/tcp6`)]);
  const sockets = tables.flatMap((table) => (table.kind === 'text' ? internetSockets('tcp', table.text) : []));
  const ports = sockets.filter(({ address }) => !/^127\.|^::1$/.test(address)).map(({ port }) => port);
  return [...new Set(ports)].slice(0, MAX_PORTS);
}
