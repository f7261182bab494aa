import type { Finding } from '../../../src/engine/finding.ts';
import { formatDuration, formatTime } from '../../../src/engine/format.ts';
import { type DomainView, type GoodView, isGood, nodeName } from './domain-view.ts';
import { currentRefusal, refusalFinding } from './order-findings.ts';

type Renewal = {
  readonly findings: readonly Finding<'cert_failed' | 'cert_not_served' | 'cert_expiring', never>[];
  readonly notes: readonly string[];
};

/**
 * Whether the valid certificates of a domain were renewed in time: when a third of their lifetime is left
 * (docs/jaco-daemon/ingress.md#renewal).
 */
export function renewal(view: DomainView): Renewal {
  const good = view.nodes.filter(isGood);
  const newest = good.toSorted((a, b) => endOf(b) - endOf(a))[0];
  if (newest === undefined) return { findings: [], notes: [] };
  if (view.now > newest.verdict.overdueAtMs) return overdue(view, newest);
  const behind = good.filter((at) => at.verdict.leaf.fingerprint !== newest.verdict.leaf.fingerprint);
  const late = behind.filter(({ verdict }) => view.now > verdict.overdueAtMs);
  const { domain } = view.domain;
  return {
    findings: late.map(
      (at): Finding<'cert_not_served', never> => ({
        id: 'cert_not_served',
        subject: at.node.hostname,
        cause: 'older',
        evidence: [
          `${nodeName(at)} serves a certificate for ${domain} until ${formatTime(at.verdict.leaf.notAfterMs)}`,
          `${nodeName(newest)} serves a newer one until ${formatTime(newest.verdict.leaf.notAfterMs)}`,
        ],
        values: { domain, address: at.address },
      }),
    ),
    notes: [
      ...behind
        .filter((at) => !late.includes(at))
        .map((at) => `${nodeName(at)} serves another valid certificate for ${domain} than ${nodeName(newest)}`),
      ...renewing(view, newest),
    ],
  };
}

function endOf({ verdict }: GoodView): number {
  return verdict.leaf.notAfterMs ?? 0;
}

function overdue(view: DomainView, at: GoodView): Renewal {
  const { domain } = view.domain;
  const { leaf, dueAtMs } = at.verdict;
  const refusal = currentRefusal(view, dueAtMs);
  const refused = refusal === null ? [] : [{ ...refusalFinding(view, refusal), severity: 'warn' } as const];
  return {
    findings: [
      ...refused,
      {
        id: 'cert_expiring',
        subject: domain,
        evidence: [
          `${nodeName(at)} serves a certificate until ${formatTime(leaf.notAfterMs)}, in ${formatDuration(endOf(at) - view.now)}`,
          `its renewal was due at ${formatTime(dueAtMs)}, when a third of its lifetime was left`,
          ...(refusal === null ? view.addresses : []),
        ],
        values: { domain, not_after: formatTime(leaf.notAfterMs) },
      },
    ],
    notes: [],
  };
}

function renewing(view: DomainView, { verdict: { dueAtMs, overdueAtMs } }: GoodView): readonly string[] {
  if (view.now < dueAtMs) return [];
  const refusal = currentRefusal(view, dueAtMs);
  const lastOrder = refusal === null ? '' : `; the last order failed: ${refusal.text}`;
  return [
    `the renewal of ${view.domain.domain} was due at ${formatTime(dueAtMs)}; it is overdue from ${formatTime(overdueAtMs)}${lastOrder}`,
  ];
}
