import { factOf, type Outcome } from '../../../src/engine/outcome.ts';
import type { AcmePolicy } from '../../../src/probes/jaco/ingress/acme-policy.ts';
import type { AutomaticDomains } from '../../../src/probes/jaco/ingress/automatic-domains.ts';
import type { DomainAddresses } from '../../../src/probes/jaco/ingress/domain-addresses.ts';
import type { NodeCertificates, ServedCertificates } from '../../../src/probes/jaco/ingress/served-certificates.ts';
import type { AcmeLines } from '../../../src/probes/jaco/journal/acme-lines.ts';
import type { DomainView, NodeView } from './domain-view.ts';
import { type Verdict, verdictOf } from './verdict.ts';

type Facts = {
  readonly domains: AutomaticDomains;
  readonly served: ServedCertificates;
  readonly lines: Outcome<AcmeLines>;
  readonly policy: AcmePolicy | null;
  readonly refused: boolean;
  readonly addresses: DomainAddresses | null;
  /** Members whose daemon does not answer. Another machine may have their address now, so they are not judged. */
  readonly dead: ReadonlySet<string>;
  /** Nodes whose port 80 is closed. */
  readonly closed: ReadonlySet<string>;
  readonly now: number;
};

/** One view for each domain that a node was asked for. */
export function domainViews({
  domains,
  served,
  lines,
  policy,
  refused,
  addresses,
  dead,
  closed,
  now,
}: Facts): readonly DomainView[] {
  const known = factOf(lines);
  const byDomain = new Map(known?.domains.map((line) => [line.domain, line]));
  const hosts = new Set(served.nodes.map(({ node }) => node.host));
  const asked = answersByDomain(served.nodes, (one, answer) => verdictAt(one, answer, { policy, dead, closed, now }));
  return domains.list.map((domain): DomainView => {
    return {
      domain,
      nodes: asked.get(domain.domain) ?? [],
      log:
        known === null
          ? {
              kind: 'unread',
              reason: lines.kind === 'failed' ? lines.failure.detail : 'it is visible only on the node itself',
            }
          : { kind: 'read', lines: byDomain.get(domain.domain) ?? null, complete: known.complete },
      policy,
      refused,
      addresses: describeAddresses(addresses, domain.domain, hosts),
      others: served.nodes.length > 1,
      now,
    };
  });
}

type Answer = NodeCertificates['answers'][number]['answer'];

function answersByDomain(
  nodes: readonly NodeCertificates[],
  verdict: (node: NodeCertificates, answer: Answer) => Verdict,
): ReadonlyMap<string, readonly NodeView[]> {
  const views = new Map<string, NodeView[]>();
  for (const one of nodes)
    for (const { domain, answer } of one.answers) {
      const view = { node: one.node, address: one.address, verdict: verdict(one, answer) };
      views.set(domain, [...(views.get(domain) ?? []), view]);
    }
  return views;
}

function verdictAt(
  { node }: NodeCertificates,
  answer: Answer,
  { policy, dead, closed, now }: Pick<Facts, 'policy' | 'dead' | 'closed' | 'now'>,
): Verdict {
  const verdict = verdictOf(answer, policy, now);
  if (verdict.kind === 'good') return verdict;
  if (dead.has(node.hostname)) return { kind: 'unjudged', reason: 'its daemon does not answer' };
  if (node.by === 'listed')
    return { kind: 'unjudged', reason: 'from here, another machine may have the address that the cluster lists' };
  // The proxy listens on both ports or on none (docs/jaco-daemon/ingress.md#port-conflicts), so this is another program.
  const isForeign = ['wrong-name', 'self-signed', 'other-issuer'].includes(verdict.kind) && closed.has(node.hostname);
  return isForeign && 'leaf' in verdict ? { kind: 'foreign', leaf: verdict.leaf } : verdict;
}

/** The addresses of a domain are evidence and not a fault: NAT and load balancers are normal. */
function describeAddresses(
  found: DomainAddresses | null,
  domain: string,
  hosts: ReadonlySet<string>,
): readonly string[] {
  const entry = found?.list.find((one) => one.domain === domain);
  if (entry === undefined || found === null) return [];
  const by = `the name server ${found.server}`;
  if (entry.rcode === null) return [`${by} gave no answer for ${domain}`];
  const list = [...entry.ipv4, ...entry.ipv6];
  if (list.length === 0)
    return [
      entry.rcode === 'NOERROR' ? `${domain} has no address at ${by}` : `${by} answers ${entry.rcode} for ${domain}`,
    ];
  const foreign = list.filter((address) => !hosts.has(address));
  const shown = `${domain} resolves to ${list.slice(0, 6).join(', ')} on this node`;
  if (foreign.length === 0) return [`${shown}; each is the address of a member`];
  const which =
    foreign.length < list.length ? `${foreign[0]} is not` : list.length === 1 ? 'it is not' : 'none of them is';
  return [`${shown}; ${which} the address of a member, which is right only for a load balancer or NAT`];
}
