import type { ProberReply } from '../../io/prober/ask.ts';

/**
 * Traffic that JACO's networks need, by where it starts and what it is for.
 * From a container: `resolver-udp`, `resolver-tcp` (a service name at the gateway), `outside-name` (another name there), `sibling` (a
 * container of the same network on this host), `remote` (one on another node), `given` (a host outside that the operator
 * named), `outside` (one that this node's configuration names), `next-hop` (the next router).
 * From this host: `container` (as the ingress reaches it), `peer-control` (7000), `peer-raft` (7001).
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

/** Where it leads. `name` is what the target is called: a replica, a node, a host of the configuration. */
export type FlowTarget = {
  /** An address; empty for the outside as a whole, of which only rules can be asked. */
  readonly host: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly name: string;
  /** The name asked for, where the flow is a question to a name server. */
  readonly question: string | null;
};

/**
 * What was measured. `passed`: the target answered. `lost`: nothing came after two tries, or somebody on the way refused it;
 * `openPorts` are other ports of the target that did answer. `not-measured`: nothing is known of it, for this reason.
 */
export type FlowOutcome =
  | { readonly kind: 'passed'; readonly reply: ProberReply }
  | { readonly kind: 'lost'; readonly reply: ProberReply; readonly openPorts: readonly number[] }
  | { readonly kind: 'not-measured'; readonly reason: string };

/** One row of the table of flows. `sinceMs`: since when both ends run, ms since the epoch; null where that is not known. */
export type Flow = {
  readonly kind: FlowKind;
  /** The local network concerned; null for flows of the host itself. */
  readonly network: string | null;
  readonly start: FlowStart;
  readonly target: FlowTarget;
  readonly sinceMs: number | null;
  readonly outcome: FlowOutcome;
};

/** Whether a flow leads to a host outside that the operator did not name: one of them does not stand for the others. */
export function isOutside({ kind }: Pick<Flow, 'kind'>): boolean {
  return kind === 'outside' || kind === 'next-hop';
}
