import type { Finding } from '../../../src/engine/finding.ts';
import { type BadView, badLeaf } from './bad-leaf.ts';
import { type DomainView, hasStored, type NodeView, nodeName } from './domain-view.ts';
import { renewal } from './renewal.ts';
import { unserved } from './unserved.ts';
import type { BadLeaf } from './verdict.ts';

export type DomainIds =
  | 'cert_failed'
  | 'cert_expired'
  | 'cert_name_mismatch'
  | 'cert_not_issued'
  | 'cert_staging_stuck'
  | 'cert_not_served'
  | 'cert_expiring';

type DomainJudgement = {
  readonly findings: readonly Finding<DomainIds, never>[];
  readonly notes: readonly string[];
};

/** All faults of one domain on the nodes that answered for it. */
export function judgeDomain(view: DomainView): DomainJudgement {
  const without = view.nodes.filter(({ verdict }) => verdict.kind === 'none');
  const parts: readonly DomainJudgement[] = [
    ...view.nodes.filter(isBad).map((at) => badLeaf(view, at)),
    unserved(view, without, hasStored(view)),
    renewal(view),
  ];
  return {
    findings: [...parts.flatMap(({ findings }) => findings), ...view.nodes.flatMap((at) => unreadable(view, at))],
    notes: [...parts.flatMap(({ notes }) => notes), ...view.nodes.flatMap((at) => oddities(view, at))],
  };
}

const BAD: readonly string[] = [
  'wrong-name',
  'staging',
  'expired',
  'not-yet-valid',
  'self-signed',
  'other-issuer',
  'no-intermediate',
] satisfies readonly BadLeaf['kind'][];

function isBad(view: NodeView): view is BadView {
  return BAD.includes(view.verdict.kind);
}

function unreadable(view: DomainView, at: NodeView): readonly Finding<'cert_not_served', never>[] {
  if (at.verdict.kind !== 'unreadable') return [];
  const { domain } = view.domain;
  return [
    {
      id: 'cert_not_served',
      subject: at.node.hostname,
      cause: 'unreadable',
      evidence: [`${nodeName(at)} answers for ${domain}, but ${at.verdict.why}: clients refuse it`],
      values: { domain, address: at.address },
    },
  ];
}

function oddities({ domain: { domain } }: DomainView, { node, verdict }: NodeView): readonly string[] {
  return verdict.kind === 'good' && verdict.note !== null ? [`${domain} on ${node.hostname}: ${verdict.note}`] : [];
}
