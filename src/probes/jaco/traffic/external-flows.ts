import { ipv4, isPublic } from '../../host/ipv4.ts';
import { sendAll } from '../../io/prober/send-all.ts';
import { resolveName } from '../../io/resolve-name.ts';
import { CLOSED_PORT } from '../network/cross-node.ts';
import { EXTERNAL_NAME } from '../network/upstream-answers.ts';
import type { FlowKind } from './flow.ts';
import { requestOf } from './measure-flows.ts';
import type { OutsideTarget } from './outside-targets.ts';
import type { PlannedFlow, TrafficPlan } from './traffic-plan.ts';

/** Flows to hosts beyond this one: those that containers send, and those to a router that does not answer this host. */
export type ExternalFlows = { readonly sent: readonly PlannedFlow[]; readonly silent: readonly PlannedFlow[] };

const RESOLVE_MS = 1_500;
/**
 * How long the next router, which is on the link, may take to answer this host, in ms. Many routers answer no connect.
 */
const NEIGHBOUR_MS = 300;

/**
 * Resolves the external targets, and finds out whether the next router answers: a silent one would cost containers the
 * full timeout.
 */
export async function externalFlows(
  { outside, nextHop }: Pick<TrafficPlan, 'outside' | 'nextHop'>,
  given: readonly OutsideTarget[],
  signal: AbortSignal,
): Promise<ExternalFlows> {
  const hops = nextHopFlow(nextHop);
  const [ofOperator, ofNode, replies] = await Promise.all([
    resolveAll(given, signal),
    resolveAll(outside, signal),
    sendAll({ requests: hops.map(requestOf), limitMs: NEIGHBOUR_MS }, signal),
  ]);
  const isSilent = (_: PlannedFlow, index: number): boolean => replies[index]?.kind !== 'answer';
  return {
    sent: [
      ...ofOperator.map((target) => outsideFlow('given', target)),
      ...ofNode.map((target) => outsideFlow('outside', target)),
      ...hops.filter((flow, index) => !isSilent(flow, index)),
    ],
    silent: hops.filter(isSilent),
  };
}

/**
 * Targets with an IPv4 address. Names that do not resolve here are left out, because containers could not resolve them
 * either.
 */
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
  const question = protocol === 'udp' ? EXTERNAL_NAME : null;
  return { kind, target: { host, port, protocol, name, question }, sinceMs: null };
}

/** A target that is not a host of the Internet. The operator's own targets are asked in any case. */
export function isPrivateTarget({ kind, target }: PlannedFlow): boolean {
  const address = ipv4(target.host);
  return kind !== 'given' && address !== null && !isPublic(address);
}

function nextHopFlow(nextHop: string | null): readonly PlannedFlow[] {
  if (nextHop === null) return [];
  const target = { host: nextHop, port: CLOSED_PORT, protocol: 'tcp', name: `the next router ${nextHop}` } as const;
  return [outsideFlow('next-hop', target)];
}
