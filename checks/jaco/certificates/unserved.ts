import type { Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import { waitNote } from '../../../src/engine/wait-note.ts';
import { type DomainView, isGood, type NodeView, nodeName, youngSince } from './domain-view.ts';
import { type Missing, missingCertificate } from './missing-certificate.ts';

type Unserved = {
  readonly findings: readonly (Missing['findings'][number] | Finding<'cert_not_served', never>)[];
  readonly notes: readonly string[];
};

/** The nodes without a certificate for a domain: none is issued, or these nodes did not load it. */
export function unserved(view: DomainView, without: readonly NodeView[], stored: boolean): Unserved {
  const { domain, state } = view.domain;
  const good = view.nodes.filter(isGood);
  if (without.length === 0) return { findings: [], notes: [] };
  if (good.length === 0 && !stored) return missingCertificate(view);
  const since = youngSince(view);
  if (since !== null)
    return {
      findings: [],
      notes: [
        waitNote(
          `${without.map(nodeName).join(', ')} ${without.length === 1 ? 'loads' : 'load'} the certificate of ${domain}, which was just issued`,
        ),
      ],
    };
  const source =
    good[0] === undefined
      ? `JACO's state has a certificate until ${formatTime(state?.notAfterMs ?? null)}`
      : `${good.map(nodeName).join(', ')} ${good.length === 1 ? 'serves' : 'serve'} a certificate that is valid until ${formatTime(good[0].verdict.leaf.notAfterMs)}`;
  const noCertificate = without.map((at) => `${nodeName(at)} has no certificate for ${domain}`);
  // The node that stored a certificate loads it, unless its names do not match
  // (docs/jaco-daemon/ingress.md#certificate-state).
  if (without.length === view.nodes.length)
    return {
      findings: [
        {
          id: 'cert_not_served',
          subject: domain,
          cause: 'names',
          evidence: [...noCertificate, source, 'no node uses it, as if its names did not contain the domain'],
          values: { domain, address: without[0]?.address ?? '' },
        },
      ],
      notes: [],
    };
  return {
    findings: without.map(
      (at, index): Finding<'cert_not_served', never> => ({
        id: 'cert_not_served',
        subject: at.node.hostname,
        cause: 'not-loaded',
        title: `the node serves no certificate for ${domain}`,
        meaning: `The certificate of ${domain} is issued, but jacod on ${at.node.hostname} has not loaded it.`,
        evidence: [noCertificate[index] ?? '', source],
        values: { domain, address: at.address },
      }),
    ),
    notes: [],
  };
}
