import type { Finding } from '../../../src/engine/finding.ts';
import { formatDuration, formatTime } from '../../../src/engine/format.ts';
import { waitNote } from '../../../src/engine/wait-note.ts';
import { PRODUCTION_WINDOW_MS } from '../../../src/probes/jaco/timing.ts';
import { type DomainView, linesOf, nodeName, youngSince } from './domain-view.ts';
import { currentRefusal, expiredWindow, refusalFinding, wildcardFinding } from './order-findings.ts';

export type Missing = {
  readonly findings: readonly Finding<'cert_failed' | 'cert_not_issued', never>[];
  readonly notes: readonly string[];
};

/** A domain for which no node serves a certificate and none is stored. */
export function missingCertificate(view: DomainView): Missing {
  const lines = linesOf(view);
  const refusal = currentRefusal(view, 0);
  const found = wildcardFinding(view) ?? (refusal === null ? null : refusalFinding(view, refusal));
  if (found !== null) {
    const impact = `HTTPS for ${view.domain.domain} does not work: no certificate is issued. Port 80 redirects to HTTPS.`;
    return { findings: [{ ...found, impact }], notes: [] };
  }
  const since = youngSince(view);
  const promotedAtMs = lines?.promotedAtMs ?? null;
  if (since !== null || isWithin(promotedAtMs, PRODUCTION_WINDOW_MS, view.now))
    return { findings: [], notes: [waitNote(since === null ? describePromoted(view) : describeYoung(view, since))] };
  return { findings: [expiredWindow(view) ?? notIssued(view)], notes: [] };
}

function isWithin(atMs: number | null, lengthMs: number, now: number): boolean {
  return atMs !== null && now - atMs < lengthMs;
}

function describeYoung(view: DomainView, sinceMs: number): string {
  const {
    domain: { domain },
    refused,
    now,
  } = view;
  if (refused && (linesOf(view)?.orderedAtMs ?? null) === null)
    return `no certificate is issued for ${domain}: the proxy of this node has refused its configuration, so it orders none`;
  return `no certificate is issued for ${domain} yet: it was ordered ${formatDuration(now - sinceMs)} ago, and an order can take 2 min`;
}

function describePromoted({ domain: { domain } }: DomainView): string {
  return `the production certificate of ${domain} is ordered, and JACO waits up to 5 min for it`;
}

function notIssued(view: DomainView): Finding<'cert_not_issued', never> {
  const { domain, log, policy, others } = view;
  const name = domain.domain;
  const finding = { id: 'cert_not_issued', subject: name, values: { domain: name } } as const;
  const seen = `${view.nodes.map(nodeName).join(', ')}: no certificate for ${name}, and none is stored`;
  if (policy?.enabled === false)
    return { ...finding, cause: 'acme-off', evidence: [seen, 'acme_enabled is false, so JACO orders no certificate'] };
  const evidence = [seen, ...promoted(view), ...view.addresses];
  if (log.kind === 'unread')
    return {
      ...finding,
      cause: 'unreadable',
      evidence: [...evidence, `the reason is in the journal of a node, which was not read: ${log.reason}`],
    };
  const lockedAtMs = log.lines?.lockedAtMs ?? null;
  if (lockedAtMs !== null)
    evidence.push(
      `another node held the lock of the order at ${formatTime(lockedAtMs)}, so the reason is in its journal`,
    );
  else if (others)
    evidence.push(`the journal of this node has no refused order for ${name}; another node may order it`);
  else evidence.push(`the journal of this node has no refused order for ${name}`);
  if (!log.complete)
    evidence.push('lines of the journal are missing, so an order may have been refused without a trace');
  return { ...finding, cause: 'no-order', evidence };
}

/** After the promotion the state is `staging` without an end time (docs/jaco-daemon/ingress.md#certificate-state). */
function promoted({ domain: { state } }: DomainView): readonly string[] {
  return state?.environment === 'staging' && state.notAfterMs === null
    ? ['the staging certificate was issued, and the production certificate is missing']
    : [];
}
