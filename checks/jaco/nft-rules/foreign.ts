import type { Cause, Finding } from '../../../src/engine/finding.ts';
import { type Dropper, surelyDropped } from '../../../src/probes/host/filter/explain.ts';
import type { Table } from '../../../src/probes/host/filter/filter.ts';
import type { Flow } from '../../../src/probes/jaco/isolation/pool-flows.ts';

type CheckFinding = Finding<'foreign_firewall_drop', never>;
type Drop = { readonly dropper: Dropper; readonly hook: string; readonly flows: Flow[] };

/** Who else drops what JACO's networks need: each rule or policy once, with everything it drops. */
export function foreignDrops(tables: readonly Table[], flows: readonly Flow[], pool: string): readonly CheckFinding[] {
  const others = tables.filter(({ family, name }) => !(family === 'inet' && name === 'jaco'));
  const drops = new Map<string, Drop>();
  for (const flow of flows) {
    const drop = firstDrop(others, flow);
    if (drop === null || isDockers(drop.dropper, others)) continue;
    const { table, chain, rule } = drop.dropper;
    const key = [table.from, table.family, table.name, chain, rule?.handle, rule?.text].join(' ');
    const known = drops.get(key);
    if (known === undefined) drops.set(key, { ...drop, flows: [flow] });
    else known.flows.push(flow);
  }
  return [...drops.values()].map((drop) => dropFinding(drop, pool));
}

function firstDrop(tables: readonly Table[], flow: Flow): Omit<Drop, 'flows'> | null {
  const dropper = surelyDropped(tables, flow.hooks, flow.packet);
  return dropper === null ? null : { dropper, hook: dropper.hook };
}

/**
 * Docker's own walls, which JACO's exemptions are there for: where those are missing, that is what is wrong. What Docker left
 * in the kernel's other interface, before iptables was switched, none of them is there for.
 */
function isDockers({ table, chain, rule }: Dropper, tables: readonly Table[]): boolean {
  if (table.family !== 'ip' || !['filter', 'raw'].includes(table.name)) return false;
  const same = tables.filter(({ family, name }) => family === 'ip' && name === table.name);
  if (table !== (same.find(({ from }) => from === 'iptables') ?? same.find(({ from }) => from === 'nft'))) return false;
  if (/^DOCKER-(ISOLATION|INGRESS|FORWARD|BRIDGE|CT|INTERNAL)|^DOCKER$/.test(chain)) return true;
  return chain === 'FORWARD' && rule === null;
}

function dropFinding({ dropper, hook, flows }: Drop, pool: string): CheckFinding {
  const { table, chain, rule } = dropper;
  const location = `${table.from === 'nft' ? `nft table ${table.family} ${table.name}` : `${table.from} table ${table.name}`}, chain ${chain}`;
  const ruleText =
    rule === null ? 'its policy is drop' : `${rule.text}${rule.handle === null ? '' : ` (handle ${rule.handle})`}`;
  const source =
    rule === null ? `the policy of chain ${chain} in table ${table.name}` : `rule "${rule.text}" of chain ${chain}`;
  const shown = flows.slice(0, 4).map((flow) => `it drops ${flow.what}`);
  return {
    id: 'foreign_firewall_drop',
    subject: null,
    evidence: [
      `${location}: ${ruleText}`,
      ...shown,
      ...(flows.length > 4 ? [`and ${flows.length - 4} more of the kind`] : []),
    ],
    cause: dropCause(dropper, hook),
    values: { rule: source, pool, family: table.family, table: table.name, chain },
  };
}

function dropCause({ table, chain }: Dropper, hook: string): Cause<'foreign_firewall_drop'> {
  if (table.from !== 'nft' && chain === 'DOCKER-USER') return 'docker-user';
  // firewalld owns its table: the kernel refuses everybody else's rules in it, or the next reload drops them.
  if (table.from === 'nft' && table.name === 'firewalld') return 'other';
  const kind = table.from === 'nft' ? 'nft' : table.from === 'iptables' ? 'iptables' : 'legacy';
  return hook === 'input' ? `${kind}-input` : hook === 'forward' ? `${kind}-forward` : 'other';
}
