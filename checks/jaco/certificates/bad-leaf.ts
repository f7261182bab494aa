import type { Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import { waitNote } from '../../../src/engine/wait-note.ts';
import { PRODUCTION_WINDOW_MS } from '../../../src/probes/jaco/timing.ts';
import { type DomainView, hasStored, isGood, linesOf, type NodeView, nodeName, youngSince } from './domain-view.ts';
import { currentRefusal, refusalFinding } from './order-findings.ts';
import type { BadLeaf } from './verdict.ts';

export type BadView = NodeView & { readonly verdict: BadLeaf };
type BadIds = 'cert_failed' | 'cert_expired' | 'cert_name_mismatch' | 'cert_staging_stuck' | 'cert_not_served';

export type Judged<I extends BadIds> = {
  readonly findings: readonly Finding<I, never>[];
  readonly notes: readonly string[];
};

/** Judges a certificate that clients refuse, on one node. */
export function badLeaf(view: DomainView, at: BadView): Judged<BadIds> {
  const { kind, leaf } = at.verdict;
  const { domain } = view.domain;
  const issued = `issued by ${leaf.issuer ?? 'an unnamed issuer'}, valid from ${formatTime(leaf.notBeforeMs)} to ${formatTime(leaf.notAfterMs)}`;
  const shown = `${nodeName(at)} serves a certificate ${issued}`;
  switch (kind) {
    case 'wrong-name':
      return one({
        id: 'cert_name_mismatch',
        subject: domain,
        node: at.node.hostname,
        evidence: [shown, describeNames(leaf.dnsNames, domain, leaf.subject)],
        values: { domain, address: at.address },
      });
    case 'expired':
      return expired(view, at, shown);
    case 'not-yet-valid':
      return one({
        id: 'cert_expired',
        subject: domain,
        cause: 'not-yet-valid',
        evidence: [shown, `it is ${formatTime(view.now)} by the clock here`],
        values: { domain },
      });
    case 'staging':
      return staging(view, at, shown);
    case 'self-signed':
    case 'other-issuer':
    case 'no-intermediate':
      return one({
        id: 'cert_not_served',
        subject: at.node.hostname,
        cause: DISTRUST[kind].cause,
        evidence: [`${shown} for ${domain}`, DISTRUST[kind].text],
        values: { domain, address: at.address },
      });
  }
}

function one<I extends BadIds>(finding: Finding<I, never>): Judged<I> {
  return { findings: [finding], notes: [] };
}

const DISTRUST = {
  'self-signed': { cause: 'untrusted', text: 'it is self-signed, so no authority issued it' },
  'other-issuer': {
    cause: 'untrusted',
    text: "JACO orders from Let's Encrypt, and no public authority issued this one",
  },
  'no-intermediate': {
    cause: 'chain',
    text: "the intermediate certificate of Let's Encrypt is missing from its chain",
  },
} as const;

function describeNames(names: readonly string[], domain: string, subject: string | null): string {
  const list = names.length === 0 ? 'no DNS names' : `the names ${names.slice(0, 5).join(', ')}`;
  const byName = subject === domain ? `; its common name is ${domain}, which browsers ignore` : '';
  return `it is for ${list}, not for ${domain}${byName}`;
}

function expired(view: DomainView, at: BadView, shown: string): Judged<BadIds> {
  const { domain, state } = view.domain;
  const about = { id: 'cert_expired', subject: domain, values: { domain } } as const;
  const newer = view.nodes.find(isGood);
  if (newer !== undefined || hasStored(view)) {
    const source =
      newer === undefined
        ? `JACO's state has a certificate until ${formatTime(state?.notAfterMs ?? null)}`
        : `${nodeName(newer)} serves a newer one`;
    return one({ ...about, node: at.node.hostname, cause: 'stored-newer', evidence: [shown, source] });
  }
  const refusal = currentRefusal(view, at.verdict.leaf.notBeforeMs ?? 0);
  return {
    findings: [
      ...(refusal === null
        ? []
        : [
            {
              ...refusalFinding(view, refusal),
              impact: `HTTPS for ${domain} fails now: the certificate that is served is expired.`,
            },
          ]),
      { ...about, cause: 'not-renewed', evidence: [shown, ...(refusal === null ? view.addresses : [])] },
    ],
    notes: [],
  };
}

/** A staging certificate is normal for seconds, and up to 5 min (docs/jaco-daemon/ingress.md#stage-first). */
function staging(view: DomainView, at: BadView, shown: string): Judged<BadIds> {
  const { domain, state } = view.domain;
  const lines = linesOf(view);
  const about = { id: 'cert_staging_stuck', subject: domain, values: { domain } } as const;
  const cached = { ...about, node: at.node.hostname, cause: 'cached-leaf' } as const;
  if (view.nodes.some(isGood) || hasStored(view))
    return one({ ...cached, evidence: [shown, 'the production certificate is issued'] });
  const refusal = currentRefusal(view, 0);
  if (refusal !== null)
    return { findings: [refusalFinding(view, refusal), { ...about, evidence: [shown] }], notes: [] };
  const promotedAtMs = lines?.promotedAtMs ?? null;
  if (youngSince(view) !== null || (promotedAtMs !== null && view.now - promotedAtMs < PRODUCTION_WINDOW_MS))
    return { findings: [], notes: [waitNote(`${shown}: JACO orders the production certificate next, within 5 min`)] };
  const expiredWindow = lines?.windowExpired ?? null;
  if (expiredWindow !== null) {
    const gaveUp = `JACO waited 5 min for the production certificate, until ${formatTime(expiredWindow.atMs)}, and orders again after ${expiredWindow.retryAfter}`;
    return one({ ...about, cause: 'window-expired', evidence: [shown, gaveUp, ...view.addresses] });
  }
  // Without an end time, the stored copy is deleted and only the proxy's memory has the certificate.
  if (state?.environment === 'staging' && state.notAfterMs === null)
    return one({ ...cached, evidence: [shown, 'the staging certificate is deleted from storage'] });
  const cause = domain.includes('staging') ? 'name-contains-staging' : 'unknown';
  return one({ ...about, cause, evidence: [shown, ...view.addresses] });
}
