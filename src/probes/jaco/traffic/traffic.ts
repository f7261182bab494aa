import { setMaxListeners } from 'node:events';
import { type Result, value } from '../../../engine/outcome.ts';
import { containerPid } from '../../docker/container-pid.ts';
import { ipv4, isPublic } from '../../host/ipv4.ts';
import { internetSockets } from '../../host/proc-net.ts';
import { readText } from '../../io/files.ts';
import type { ProberReply } from '../../io/prober/ask.ts';
import { askAll } from '../../io/prober/ask-all.ts';
import { probeFrom, SILENCE_MS } from '../../io/prober/probe-from.ts';
import { resolveName } from '../../io/resolve-name.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../jaco-probe.ts';
import { CLOSED_PORT } from '../network/cross-node.ts';
import { OUTSIDE_NAME } from '../network/upstream-answers.ts';
import type { Flow, FlowKind } from './flow.ts';
import { askOf, measure, type Sender } from './measure.ts';
import { givenTarget, type OutsideTarget } from './outside-targets.ts';
import { type PlannedFlow, type PlannedVantage, trafficPlan } from './traffic-plan.ts';

/**
 * The table of flows. `notEntered` are networks that were not measured from inside: one could not be entered (`failed`), was one
 * too many for a run (`sampled`), or has no running container here (`empty`).
 */
export type Traffic = {
  readonly flows: readonly Flow[];
  readonly notEntered: readonly {
    readonly network: string;
    readonly why: 'failed' | 'sampled' | 'empty';
    readonly reason: string;
  }[];
};

const RESOLVE_MS = 1_500;
const MAX_PORTS = 6;
/** Ports that a router, or a host on another node, may answer on where a closed one is filtered. */
const COMMON_PORTS: readonly number[] = [80, 443];

/**
 * Sends what JACO's networks need, from inside their containers' network namespaces and from this host, and gives for each
 * what came back. Nothing is executed in a container, and nothing is written.
 */
export const traffic = probe({
  name: 'jaco.traffic',
  observes: 'host',
  right: 'root',
  after: { network: daemonNetwork, plan: trafficPlan },
  deadlineMs: 7_000,
  async collect(io, { plan }, signal): Promise<Result<Traffic>> {
    setMaxListeners(0, signal);
    const here: Sender = async (asks) => ({
      kind: 'replies',
      replies: await askAll({ asks, limitMs: SILENCE_MS }, signal),
    });
    io.phase('inspect');
    const [pids, named] = await Promise.all([
      Promise.all(plan.vantages.map(({ container }) => containerPid(io, container.id, signal))),
      Promise.all([resolveAll(io.settings.outside.map(givenTarget), signal), resolveAll(plan.outside, signal)]),
    ]);
    const [given, outside] = named;
    const beyond = [
      ...given.map((target) => outsideFlow('given', target)),
      ...outside.map((target) => outsideFlow('outside', target)),
      ...nextHopFlow(plan.nextHop),
    ];
    io.phase('send');
    // Compared with what containers get: a target that does not answer this host either accuses no rule of it.
    const controls = askAll({ asks: beyond.map(askOf), limitMs: SILENCE_MS }, signal);
    const pidByIp = new Map(plan.vantages.map(({ container }, index) => [container.ip, pids[index] ?? null]));
    const portsOf = (flow: PlannedFlow): Promise<readonly number[]> => otherPorts(flow, pidByIp);
    const [host, ...inside] = await Promise.all([
      measure(plan.fromHost, here, { vantage: 'host', otherPorts: portsOf, control: () => undefined }),
      ...plan.vantages.map((vantage, index) => enter(vantage, pids[index] ?? null, beyond, controls, portsOf, signal)),
    ]);
    const flows = plan.fromHost.flatMap(({ network, ...flow }, index): readonly Flow[] => {
      const outcome = host.kind === 'outcomes' ? host.outcomes[index] : undefined;
      return outcome === undefined ? [] : [{ ...flow, network, start: { kind: 'host' }, outcome }];
    });
    return value({
      flows: [...inside.flatMap((one) => (one.kind === 'flows' ? one.flows : [])), ...flows],
      notEntered: [
        ...inside.flatMap((one) =>
          one.kind === 'not-entered' ? [{ network: one.network, why: 'failed' as const, reason: one.reason }] : [],
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

type Entered =
  | { readonly kind: 'flows'; readonly flows: readonly Flow[] }
  | { readonly kind: 'not-entered'; readonly network: string; readonly reason: string };

/** Measures a network's flows, and those beyond this host, from inside one of its containers. */
async function enter(
  { container, flows: own, sharesWayOut }: PlannedVantage,
  pid: number | null,
  beyond: readonly PlannedFlow[],
  controls: Promise<readonly ProberReply[]>,
  otherPorts: (flow: PlannedFlow) => Promise<readonly number[]>,
  signal: AbortSignal,
): Promise<Entered> {
  const { network, replica, ip } = container;
  if (pid === null) return { kind: 'not-entered', network, reason: `Docker names no process of ${replica}` };
  // Where containers leave by another way, such as a VPN, a neighbour of this host need not be reached.
  const flows = [...own, ...(sharesWayOut ? beyond : beyond.filter((flow) => !isNeighbour(flow)))];
  const known = new Map<PlannedFlow, ProberReply>();
  const send: Sender = async (asks) => {
    const [sent, replies] = await Promise.all([probeFrom({ kind: 'process', pid }, asks, signal), controls]);
    for (const [index, flow] of beyond.entries()) known.set(flow, replies[index] as ProberReply);
    return sent;
  };
  const measured = await measure(flows, send, {
    vantage: 'container',
    otherPorts,
    control: (flow) => known.get(flow),
  });
  if (measured.kind === 'failed') return { kind: 'not-entered', network, reason: measured.failure.detail };
  const start = { kind: 'container', network, replica, ip } as const;
  return {
    kind: 'flows',
    flows: flows.flatMap((flow, index) => {
      const outcome = measured.outcomes[index];
      return outcome === undefined ? [] : [{ ...flow, network, start, outcome }];
    }),
  };
}

/** Where a closed port was lost, ports tell a lock-down with exceptions from a loss: a local target's own, else common ones. */
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

/** Targets with an IPv4 address; names that lead nowhere from here are left out, for containers would not find them either. */
async function resolveAll(targets: readonly OutsideTarget[], signal: AbortSignal): Promise<readonly OutsideTarget[]> {
  const resolved = await Promise.all(
    targets.map(async (target) => {
      const found = await resolveName(target.host, { limitMs: RESOLVE_MS, signal });
      const address = found.kind === 'addresses' ? found.addresses.find((one) => !one.includes(':')) : undefined;
      return address === undefined ? [] : [{ ...target, host: address }];
    }),
  );
  return resolved.flat();
}

function outsideFlow(kind: FlowKind, { host, port, protocol, name }: OutsideTarget): PlannedFlow {
  const question = protocol === 'udp' ? OUTSIDE_NAME : null;
  return { kind, target: { host, port, protocol, name, question }, sinceMs: null };
}

function isNeighbour({ kind, target }: PlannedFlow): boolean {
  const address = ipv4(target.host);
  return kind !== 'given' && address !== null && !isPublic(address);
}

function nextHopFlow(nextHop: string | null): readonly PlannedFlow[] {
  if (nextHop === null) return [];
  const target = { host: nextHop, port: CLOSED_PORT, protocol: 'tcp', name: `the next router ${nextHop}` } as const;
  return [outsideFlow('next-hop', target)];
}
