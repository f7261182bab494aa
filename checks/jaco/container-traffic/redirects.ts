import type { Finding } from '../../../src/engine/finding.ts';
import type { ExplainedFlow, NamedRule } from '../../../src/probes/jaco/traffic/explained-traffic.ts';
import { describeRule, flowLines } from './drops.ts';

/** Rules that take the DNS queries of containers elsewhere, each with the queries that it takes. */
export function redirectFindings(rows: readonly ExplainedFlow[]): readonly Finding<'dns_traffic_redirected', never>[] {
  const byRule = new Map<string, { readonly by: NamedRule; readonly flows: ExplainedFlow[] }>();
  for (const row of rows) {
    if (row.explanation.kind !== 'redirected') continue;
    const key = describeRule(row.explanation.by);
    const group = byRule.get(key) ?? { by: row.explanation.by, flows: [] };
    group.flows.push(row);
    byRule.set(key, group);
  }
  return [...byRule].map(([rule, { by, flows }]) => ({
    id: 'dns_traffic_redirected',
    subject: null,
    evidence: [rule, ...flowLines(flows)],
    cause: /^DOCKER/.test(by.chain) ? 'published-port' : 'redirect',
    values: { rule: by.rule ?? by.chain },
  }));
}
