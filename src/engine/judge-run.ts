import type { Id } from '../catalog/generated/ids.ts';
import type { Check } from './check.ts';
import type { CollectedFact } from './collect-facts.ts';
import { type CheckResult, evaluateCheck } from './evaluate-check.ts';
import { type AnySource, sourcesOf } from './probe.ts';
import type { Product } from './product.ts';
import type { Row } from './row.ts';
import type { RunFacts, RunOptions } from './run-facts.ts';
import { selectedChecks, sourcesOfCheck } from './selection.ts';
import { type SeverityOf, severityOfFinding } from './verdict.ts';

/** Maps the name of a failed probe to the first id in the order of checks that explains it. */
type Explained = ReadonlyMap<string, Id>;

/**
 * Judges every check of a product, in order, and returns a row for each. A check that is not selected is skipped. The
 * function is pure: the same facts, clock and options give the same rows.
 */
export function judgeRun(product: Product, facts: RunFacts, options: RunOptions): readonly Row[] {
  const chosen = selectedChecks(product, options.selection);
  const results = product.order.map((ordered) => {
    return { ordered, check: ordered.check, result: evaluateCheck(ordered.check, facts, { ...options, chosen }) };
  });
  const explained = explanations(results, options.severityOf);
  const first = (roots: readonly string[]): Id | null => {
    const ids = roots.map((root) => explained.get(root)).filter((id): id is Id => id !== undefined);
    const rank = (id: Id): number => product.order.findIndex(({ check }) => check.finds.includes(id));
    return ids.sort((a, b) => rank(a) - rank(b))[0] ?? null;
  };
  return results.map(({ ordered, check, result: { roots, ...result } }) => {
    const row = {
      name: check.name,
      group: check.group,
      title: check.title,
      ms: Math.round(Math.max(0, ...sourcesOfCheck(ordered).map((source) => facts.get(source.name)?.endedMs ?? 0))),
      ...result,
      notJudged: result.notJudged.map(({ subject, reason, next, root }) => {
        const blockedBy = root === null ? null : first([root]);
        return { subject, reason, next: blockedBy === null ? next : null, blockedBy };
      }),
    };
    const [target] = row.notJudged;
    // A row without findings is blocked if each of its targets is blocked.
    if (row.status === 'unknown' && target && row.notJudged.every((one) => one.blockedBy !== null))
      return { ...row, status: 'blocked', blockedBy: target.blockedBy };
    if (roots.length === 0) return row;
    // With several roots, the first in the order of checks blocks. The depth at which it failed does not matter.
    const blockedBy = first([...roots.map((failure) => failure.root), ...failedBelow(check, facts)]);
    return blockedBy === null ? row : { ...row, status: 'blocked', next: null, blockedBy };
  });
}

/** The failed probes that failing findings explain. A warning explains nothing. */
function explanations(
  results: readonly { readonly check: Check; readonly result: CheckResult }[],
  severityOf: SeverityOf,
): Explained {
  const explained = new Map<string, Id>();
  for (const { check, result } of results) {
    for (const finding of result.findings.filter((one) => severityOfFinding(one, severityOf) === 'fail')) {
      for (const key of finding.explains ?? []) {
        const source = sourcesOf(check.needs).find((need) => need.key === key)?.source;
        if (source && !explained.has(source.name)) explained.set(source.name, finding.id);
      }
    }
  }
  return explained;
}

/** Roots of every failed source that a check depends on, except through an attempt. */
function failedBelow(check: Check, facts: ReadonlyMap<string, CollectedFact>): readonly string[] {
  const roots: string[] = [];
  const visit = (source: AnySource): void => {
    const outcome = facts.get(source.name)?.outcome;
    if (outcome?.kind !== 'failed') return;
    roots.push(outcome.failure.root);
    for (const need of sourcesOf(source.needs)) if (!need.attempted) visit(need.source);
  };
  for (const need of sourcesOf(check.gates)) if (!need.attempted) visit(need.source);
  return roots;
}
