import type { Result } from '../../../engine/outcome.ts';
import type { ProberReply, ProberRequest } from '../../io/prober/prober-request.ts';
import type { FlowOutcome } from './flow.ts';
import type { PlannedFlow } from './traffic-plan.ts';

/** Sends from one vantage: this host, or the inside of a container. */
export type Sender = (
  requests: readonly ProberRequest[],
) => Promise<
  { readonly kind: 'replies'; readonly replies: readonly ProberReply[] } | Extract<Result, { readonly kind: 'failed' }>
>;

/** Other facts about the flows of a vantage. */
export type MeasureContext = {
  readonly vantage: 'container' | 'host';
  /** The vantage has a default route, so an unreachable network was reported by a host on the way. */
  readonly hasDefaultRoute?: boolean;
  /** Further ports of a target on which something may listen. They are asked if the first one was lost. */
  readonly otherPorts: (flow: PlannedFlow) => Promise<readonly number[]>;
  /** The reply of an external target to this host; undefined for targets without such a comparison. */
  readonly control: (flow: PlannedFlow) => ProberReply | undefined;
};

/**
 * Measures the flows of one vantage, in order. `openPorts` shows that a port is filtered while others of the target
 * answer.
 */
export async function measureFlows(
  flows: readonly PlannedFlow[],
  send: Sender,
  context: MeasureContext,
): Promise<
  | { readonly kind: 'outcomes'; readonly outcomes: readonly FlowOutcome[] }
  | Extract<Result, { readonly kind: 'failed' }>
> {
  const sent = await send(flows.map(requestOf));
  if (sent.kind === 'failed') return sent;
  const outcomes = flows.map((flow, index) => outcomeOf(flow, sent.replies[index] as ProberReply, context));
  const second = await otherPortAsks(flows, outcomes, context);
  if (second.length === 0) return { kind: 'outcomes', outcomes };
  const again = await send(second.map(({ request }) => request));
  if (again.kind === 'failed') return { kind: 'outcomes', outcomes };
  return {
    kind: 'outcomes',
    outcomes: outcomes.map((outcome, index) => {
      const openPorts = second.flatMap(({ of, request }, at) =>
        of === index && again.replies[at]?.kind === 'answer' ? [request.port] : [],
      );
      return outcome.kind === 'lost' ? { ...outcome, openPorts } : outcome;
    }),
  };
}

async function otherPortAsks(
  flows: readonly PlannedFlow[],
  outcomes: readonly FlowOutcome[],
  context: MeasureContext,
): Promise<readonly { readonly of: number; readonly request: ProberRequest }[]> {
  const requests = await Promise.all(
    flows.map(async (flow, of) => {
      if (outcomes[of]?.kind !== 'lost') return [];
      const ports = await context.otherPorts(flow);
      return ports.map((port) => ({ of, request: { kind: 'tcp', host: flow.target.host, port } as const }));
    }),
  );
  return requests.flat();
}

export function requestOf({ target: { host, port, protocol, question } }: PlannedFlow): ProberRequest {
  if (question !== null) return { kind: 'dns', over: protocol, host, port, name: question };
  return { kind: protocol, host, port };
}

/**
 * An answer of the target, including a reset, shows that packets pass both ways. A packet that the container's own
 * namespace does not let out says nothing about this host.
 */
function outcomeOf(
  flow: PlannedFlow,
  reply: ProberReply,
  { vantage, control, hasDefaultRoute = false }: MeasureContext,
): FlowOutcome {
  const own = control(flow);
  // If the target accepts this host's connections, a reset of the container's connection does not come from the target.
  if (reply.kind === 'answer' && reply.how === 'reset' && own?.kind === 'answer' && own.how === 'connected')
    return { kind: 'lost', reply, openPorts: [] };
  if (reply.kind === 'answer') return { kind: 'passed', reply };
  if (reply.kind === 'not-sent') {
    const isFiltered = reply.code === 'EPERM' || reply.code === 'EACCES' || reply.code === 'ENETUNREACH';
    const isRejected = reply.code === 'ENETUNREACH' && hasDefaultRoute;
    if (!isRejected && (vantage === 'container' || !isFiltered))
      return { kind: 'not-measured', reason: `nothing could be sent to ${flow.target.name}: ${reply.code}` };
  }
  if (own !== undefined && own.kind !== 'answer') return unreachableTarget(flow);
  return { kind: 'lost', reply, openPorts: [] };
}

/** A target that does not answer this host either is not evidence against a rule. */
export function unreachableTarget({ target: { name } }: PlannedFlow): FlowOutcome {
  return { kind: 'not-measured', reason: `${name} does not answer this host either` };
}
