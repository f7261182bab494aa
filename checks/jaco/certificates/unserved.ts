import type { Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import { waitNote } from '../../../src/engine/wait-note.ts';
import { type DomainView, isGood, type NodeView, nodeName, youngSince } from './domain-view.ts';
import { type Missing, missingCertificate } from './missing-certificate.ts';

type Unserved = {
  readonly findings: readonly (Missing['findings'][number] | Finding<'cert_not_served', never>)[];
  readonly notes: readonly string[];
};

/** The nodes that have no certificate for a domain: none is issued, or these did not load it. */
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
        waitNote(`${without.map(nodeName).join(', ')} loads the certificate of ${domain}, which was just issued`),
      ],
    };
  const source =
    good[0] === undefined
      ? `JACO's state has a certificate until ${formatTime(state?.notAfterMs ?? null)}`
      : `${good.map(nodeName).join(', ')} serves one until ${formatTime(good[0].verdict.leaf.notAfterMs)}`;
  // A single node loads what it stored itself, unless the names do not fit.
  const cause = good.length === 0 && !view.others ? 'names' : 'not-loaded';
  return {
    findings: without.map(
      (at): Finding<'cert_not_served', never> => ({
        id: 'cert_not_served',
        subject: at.node.hostname,
        cause,
        evidence: [`${nodeName(at)} has no certificate for ${domain}`, source],
        values: { domain, address: at.address },
      }),
    ),
    notes: [],
  };
}
