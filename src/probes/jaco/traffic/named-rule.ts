import type { PathDropper, PathRewrite } from '../../host/filter/explain-path.ts';
import type { Table } from '../../host/filter/table.ts';

/** A rule or policy in the notation of the program that wrote it, with everything that a person needs to find it. */
export type NamedRule = {
  readonly from: Table['from'];
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** The rule's text; null for the policy of a base chain. */
  readonly rule: string | null;
  readonly handle: number | null;
  readonly hook: string;
  /** Docker's own isolation rules, which JACO's exemptions override. If an exemption is missing, that is the fault. */
  readonly docker: boolean;
};

export function namedRule(
  found: Pick<PathDropper | PathRewrite, 'table' | 'chain' | 'rule' | 'hook'>,
  tables: readonly Table[],
): NamedRule {
  const { table, chain, rule, hook } = found;
  return {
    from: table.from,
    family: table.family,
    table: table.name,
    chain,
    rule: rule?.text ?? null,
    handle: rule?.handle ?? null,
    hook,
    docker: isDockers(found, tables),
  };
}

/** Rules that Docker left in the other kernel interface before iptables was switched have no exemption of JACO. */
function isDockers(
  { table, chain, rule }: Pick<PathDropper | PathRewrite, 'table' | 'chain' | 'rule'>,
  tables: readonly Table[],
): boolean {
  if (table.family !== 'ip' || !['filter', 'raw'].includes(table.name)) return false;
  const same = tables.filter(({ family, name }) => family === 'ip' && name === table.name);
  if (table !== (same.find(({ from }) => from === 'iptables') ?? same.find(({ from }) => from === 'nft'))) return false;
  if (/^DOCKER-(ISOLATION|INGRESS|FORWARD|BRIDGE|CT|INTERNAL)|^DOCKER$/.test(chain)) return true;
  return chain === 'FORWARD' && rule === null;
}
