import type { ProberReply } from '../../io/prober/prober-request.ts';

/**
 * Traffic that JACO's networks need, by its start and purpose. From a container: `resolver-udp`, `resolver-tcp` (a
 * service name at the gateway), `outside-name` (an external name there), `sibling` (a container of the same network on
 * this host), `remote` (one on another node), `given` (an external host that the operator named), `outside` (one that
 * this node's configuration names), `next-hop` (the next router). From this host: `container` (as the ingress reaches
 * it), `peer-control` (7000), `peer-raft` (7001).
 */
export type FlowKind =
  | 'resolver-udp'
  | 'resolver-tcp'
  | 'outside-name'
  | 'sibling'
  | 'remote'
  | 'given'
  | 'outside'
  | 'next-hop'
  | 'container'
  | 'peer-control'
  | 'peer-raft';

/** Where a flow starts: a container of a network, or this host. Addresses are IPv4. */
export type FlowStart =
  | { readonly kind: 'container'; readonly network: string; readonly replica: string; readonly ip: string }
  | { readonly kind: 'host' };

/** The target of a flow. `name` is its name: a replica, a node, a host of the configuration. */
export type FlowTarget = {
  /** An address; empty for the Internet as a whole, for which only rules can be evaluated. */
  readonly host: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly name: string;
  /** The name asked for, if the flow is a query to a name server. */
  readonly question: string | null;
};

/**
 * The measurement. `passed`: the target answered. `lost`: nothing came after two attempts, or a host on the way refused
 * it; `openPorts` are other ports of the target that did answer. `not-measured`: nothing is known, for this reason.
 */
export type FlowOutcome =
  | { readonly kind: 'passed'; readonly reply: ProberReply }
  | { readonly kind: 'lost'; readonly reply: ProberReply; readonly openPorts: readonly number[] }
  | { readonly kind: 'not-measured'; readonly reason: string };

/** One row of the table of flows. `sinceMs`: since when both ends are running, ms since the epoch; null if unknown. */
export type Flow = {
  readonly kind: FlowKind;
  /** The local network of the flow; null for flows of the host itself. */
  readonly network: string | null;
  readonly start: FlowStart;
  readonly target: FlowTarget;
  readonly sinceMs: number | null;
  readonly outcome: FlowOutcome;
};

/**
 * Whether a flow leads to an external host that the operator did not name. One such host does not represent the others.
 */
export function isOutside({ kind }: Pick<Flow, 'kind'>): boolean {
  return kind === 'outside' || kind === 'next-hop';
}

/** Whether a flow leads to an external host, including one that the operator named. */
export function isToExternalHost(flow: Pick<Flow, 'kind'>): boolean {
  return flow.kind === 'given' || isOutside(flow);
}
