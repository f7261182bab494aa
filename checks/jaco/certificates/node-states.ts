import type { Finding } from '../../../src/engine/finding.ts';
import { waitNote } from '../../../src/engine/wait-note.ts';
import type { AcmePolicy } from '../../../src/probes/jaco/ingress/acme-policy.ts';
import { type NodeView, nodeName } from './domain-view.ts';

type NodeState = {
  readonly findings: readonly Finding<'cert_not_issued' | 'cert_not_served', never>[];
  readonly notes: readonly string[];
};

type ProxyFacts = {
  readonly policy: AcmePolicy | null;
  /** Whether the proxy of this node has refused its configuration. */
  readonly refused: boolean;
  /** Whether the first route is so new that the proxy may not have loaded it. */
  readonly young: boolean;
};

/** Judges a node that speaks no TLS for any domain: this is a state of its proxy. `domain` is an example. */
export function nodeState(view: NodeView, domain: string, { policy, refused, young }: ProxyFacts): NodeState {
  const { node, address, verdict } = view;
  const about = { subject: node.hostname, values: { domain } } as const;
  const served = (cause: 'not-listening' | 'other-server', text: string): NodeState => {
    const finding = { ...about, id: 'cert_not_served', cause, values: { domain, address } } as const;
    return { findings: [{ ...finding, evidence: [`${nodeName(view)} ${text}`] }], notes: [] };
  };
  switch (verdict.kind) {
    case 'refused':
      if (young) {
        const text =
          node.by === 'own' && refused
            ? 'does not listen, because its proxy has refused its configuration'
            : 'does not listen yet';
        return { findings: [], notes: [waitNote(`${nodeName(view)} ${text}`)] };
      }
      return served('not-listening', 'refuses connections, so its proxy has no configuration or does not run');
    case 'not-tls':
      return served('other-server', verdict.why);
    case 'foreign': {
      const names = verdict.leaf.dnsNames.slice(0, 5).join(', ') || 'no DNS names';
      const shown = `serves a certificate for ${names}, issued by ${verdict.leaf.issuer ?? 'an unnamed issuer'}`;
      return served(
        'other-server',
        `${shown}, and port 80 is closed: the proxy of JACO listens on both ports or on none, so another program has port 443`,
      );
    }
    case 'plain-http': {
      // The settings are those of this node: with ACME on, its proxy speaks TLS as soon as it has loaded such a domain.
      if (node.by === 'own' && policy?.enabled === true && policy.from === 'log')
        return served('other-server', 'answers with plain HTTP, although ACME is enabled on this node');
      const why =
        policy?.enabled === false && node.by === 'own' ? 'acme_enabled is false' : 'as with acme_enabled: false';
      const evidence = [`${nodeName(view)} answers with plain HTTP instead of TLS: ${why}`];
      return { findings: [{ ...about, id: 'cert_not_issued', cause: 'acme-off', evidence }], notes: [] };
    }
    default:
      return { findings: [], notes: [] };
  }
}
