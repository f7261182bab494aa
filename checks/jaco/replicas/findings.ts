import type { Finding } from '../../../src/engine/finding.ts';
import type { Judged } from './judge-deployment.ts';
import { FAULTS, type Fault, type FaultId } from './verdict.ts';

type Found = Finding<FaultId, never>;
type Faulty = Judged & { readonly verdict: Fault };

/** Replicas of a service told in full, of those with the same fault. */
const MAX_TOLD = 4;
/** Findings of one id, at most: who has more has one trouble, and not so many. */
const MAX_OF_ID = 25;

/** One finding for each service and fault, root first: what is mended is the service, not its replicas one by one. */
export function findingsOf(judged: readonly Judged[]): {
  readonly findings: readonly Found[];
  readonly omitted: number;
} {
  const groups = new Map<string, Faulty[]>();
  for (const one of judged) {
    if (one.verdict.kind !== 'fault') continue;
    const key = [one.verdict.id, one.verdict.cause ?? '', subjectOf(one as Faulty)].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), one as Faulty]);
  }
  const all = [...groups.values()]
    .map(findingOf)
    .sort((a, b) => FAULTS.indexOf(a.id) - FAULTS.indexOf(b.id) || ((a.subject ?? '') < (b.subject ?? '') ? -1 : 1));
  const findings = FAULTS.flatMap((id) => all.filter((one) => one.id === id).slice(0, MAX_OF_ID));
  return { findings, omitted: all.length - findings.length };
}

/** A circle is one of its whole deployment. */
function subjectOf({ sight: { row }, verdict }: Faulty): string {
  return verdict.id === 'depends_on_cycle' ? row.deployment : `${row.deployment}/${row.service}`;
}

function findingOf(group: readonly Faulty[]): Found {
  const [first] = group as readonly [Faulty, ...Faulty[]];
  const { row } = first.sight;
  const { id, cause, values } = first.verdict;
  // A circle is told once, whichever of its replicas one comes from.
  const most = id === 'depends_on_cycle' ? 1 : MAX_TOLD;
  const told = group.slice(0, most).flatMap(({ sight, verdict }, index) => {
    const seen = index === 0 ? verdict.seen : verdict.seen.slice(0, 1);
    return seen.map((line, at) =>
      at === 0 ? `${sight.row.id} on ${sight.row.host}: ${line}` : `${sight.row.id}: ${line}`,
    );
  });
  const more = id === 'depends_on_cycle' ? 0 : group.length - most;
  return {
    id,
    subject: subjectOf(first),
    node: row.host,
    evidence: [...new Set(told), ...(more > 0 ? [`and ${more} more of its replicas`] : [])],
    ...(cause === undefined ? {} : { cause }),
    values: { deployment: row.deployment, service: row.service, replica: row.id, host: row.host, ...values },
  };
}
