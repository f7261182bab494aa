import type { Cause, Finding } from '../../../src/engine/finding.ts';
import { describeRule } from '../../../src/probes/jaco/traffic/describe-rule.ts';
import type { ExplainedFlow } from '../../../src/probes/jaco/traffic/explained-flow.ts';
import type { NamedRule } from '../../../src/probes/jaco/traffic/named-rule.ts';
import { explainedNames, flowLines } from './drops.ts';

/** Rules that redirect the DNS queries of containers, each with the queries that it redirects. */
export function redirectFindings(
  rows: readonly ExplainedFlow[],
  pool: string,
): readonly Finding<'dns_traffic_redirected', 'names'>[] {
  const byRule = new Map<string, { readonly by: NamedRule | null; readonly flows: ExplainedFlow[] }>();
  for (const row of rows) {
    if (row.explanation.kind !== 'redirected') continue;
    const { by } = row.explanation;
    const key = by === null ? '' : describeRule(by);
    const group = byRule.get(key) ?? { by, flows: [] };
    group.flows.push(row);
    byRule.set(key, group);
  }
  return [...byRule.values()].map(({ by, flows }) =>
    by === null
      ? {
          id: 'dns_traffic_redirected',
          subject: null,
          evidence: [
            ...flowLines(flows),
            'this host gets addresses of the pool for the same name at the same address, and no rule that the doctor understands redirects the query',
          ],
          cause: 'unknown',
          explains: explainedNames(flows),
        }
      : {
          id: 'dns_traffic_redirected',
          subject: null,
          evidence: [describeRule(by), ...flowLines(flows)],
          cause: redirectCause(by),
          explains: explainedNames(flows),
          values: {
            rule: `rule "${by.rule ?? ''}" of chain ${by.chain}`,
            pool,
            family: by.family,
            table: by.table,
            chain: by.chain,
          },
        },
  );
}

function redirectCause({ from, chain }: NamedRule): Cause<'dns_traffic_redirected'> {
  if (/^DOCKER/.test(chain)) return 'published-port';
  if (from === 'nft') return 'redirect';
  return from === 'iptables' ? 'iptables-redirect' : 'legacy-redirect';
}
