import type { AcmePolicy } from '../../../src/probes/jaco/ingress/acme-policy.ts';
import type { AutomaticDomain } from '../../../src/probes/jaco/ingress/automatic-domains.ts';
import type { IngressNode } from '../../../src/probes/jaco/ingress/ingress-nodes.ts';
import type { DomainLines } from '../../../src/probes/jaco/journal/acme-lines.ts';
import { CERTIFICATE_ISSUE_MS } from '../../../src/probes/jaco/timing.ts';
import type { GoodLeaf, Verdict } from './verdict.ts';

/** A domain on one node. */
export type NodeView = { readonly node: IngressNode; readonly address: string; readonly verdict: Verdict };

/** All facts about one domain. */
export type DomainView = {
  readonly domain: AutomaticDomain;
  readonly nodes: readonly NodeView[];
  /** The log of this node: its lines about the domain, null if there are none; or why it cannot be read. */
  readonly log:
    | { readonly kind: 'read'; readonly lines: DomainLines | null; readonly complete: boolean }
    | { readonly kind: 'unread'; readonly reason: string };
  /** The ACME settings of this node; null if unknown. */
  readonly policy: AcmePolicy | null;
  /** Whether the proxy of this node has refused its configuration. */
  readonly refused: boolean;
  /** The answers of name servers for the domain, in sentences. */
  readonly addresses: readonly string[];
  /** Whether there are other members, whose logs are not visible from here. */
  readonly others: boolean;
  readonly now: number;
};

/** A good certificate on a node. */
export type GoodView = NodeView & { readonly verdict: GoodLeaf };

export function isGood(view: NodeView): view is GoodView {
  return view.verdict.kind === 'good';
}

/** Whether the stored certificate of a domain is a production one that has not expired. */
export function hasStored({ domain: { state }, now }: DomainView): boolean {
  return state?.environment === 'prod' && (state.notAfterMs ?? 0) > now;
}

/** The log's lines about the domain; null if there are none or if it cannot be read. */
export function linesOf({ log }: DomainView): DomainLines | null {
  return log.kind === 'read' ? log.lines : null;
}

/**
 * The time since which the domain has waited for its first certificate, if the wait is short enough to be normal; else
 * null.
 */
export function youngSince(view: DomainView): number | null {
  const lines = linesOf(view);
  const times = [view.domain.appliedAtMs, lines?.orderedAtMs ?? null];
  const recent = times.filter((at) => at !== null && view.now - at < CERTIFICATE_ISSUE_MS);
  return recent.length === 0 ? null : Math.min(...(recent as number[]));
}

/** The name of a node in a sentence. */
export function nodeName({ node, address }: Pick<NodeView, 'node' | 'address'>): string {
  const seen = node.by === 'given' || node.by === 'listed' ? ', seen from here' : '';
  return `${node.hostname} (${address}${seen})`;
}
