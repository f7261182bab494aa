import type { Finding } from '../../../src/engine/finding.ts';
import { groupBy } from '../../../src/engine/group-by.ts';
import { describeReply } from '../../../src/probes/jaco/traffic/describe-reply.ts';
import { describeRule } from '../../../src/probes/jaco/traffic/describe-rule.ts';
import type { ExplainedFlow } from '../../../src/probes/jaco/traffic/explained-flow.ts';
import type { NamedRule } from '../../../src/probes/jaco/traffic/named-rule.ts';

/** Most flows that one finding names. */
const MAX_FLOWS = 4;
/** Flows to this host: queries to JACO's resolver, and answers of containers. */
const INCOMING: readonly string[] = ['resolver-udp', 'resolver-tcp', 'outside-name', 'container'];

type Dropped = ExplainedFlow & { readonly explanation: Extract<ExplainedFlow['explanation'], { kind: 'dropped' }> };

/** One finding for each rule or policy, with every flow that it drops. */
export function droppedFindings(
  rows: readonly ExplainedFlow[],
  pool: string,
): readonly Finding<'foreign_firewall_drop', 'names'>[] {
  const drops = rows.filter((row): row is Dropped => row.explanation.kind === 'dropped');
  const byRule = groupBy(drops, ({ explanation }) => describeRule(explanation.by));
  return [...byRule.values()].map((flows) => findingOf(flows[0].explanation.by, flows, pool));
}

function findingOf(by: NamedRule, flows: readonly Dropped[], pool: string): Finding<'foreign_firewall_drop', 'names'> {
  const { family, table, chain, rule } = by;
  return {
    id: 'foreign_firewall_drop',
    subject: null,
    evidence: [describeRule(by), ...flowLines(flows)],
    cause: dropCause(by, flows),
    explains: explainedNames(flows),
    values: {
      rule: rule === null ? `the policy of chain ${chain} in table ${table}` : `rule "${rule}" of chain ${chain}`,
      pool,
      family,
      table,
      chain,
    },
  };
}

/**
 * A rule that takes queries to JACO's resolver may also take those of this host, so the row of the names follows from
 * it.
 */
export function explainedNames(flows: readonly ExplainedFlow[]): readonly 'names'[] {
  return flows.some(({ flow }) => flow?.kind === 'resolver-udp' || flow?.kind === 'resolver-tcp') ? ['names'] : [];
}

/** What was measured for each flow, or why it was not measured. */
export function flowLines(flows: readonly ExplainedFlow[]): readonly string[] {
  const lines = [...new Map(flows.map((flow) => [flow.what, lineOf(flow)])).values()];
  const shown = lines.slice(0, MAX_FLOWS);
  return lines.length > MAX_FLOWS ? [...shown, `and ${lines.length - MAX_FLOWS} more flows`] : shown;
}

function lineOf({ what, measured, reason, flow }: ExplainedFlow): string {
  if (!measured) return `it drops ${what}; not measured: ${reason ?? 'unknown'}`;
  const reply = flow === null || flow.outcome.kind === 'not-measured' ? null : flow.outcome.reply;
  return `measured: ${what}: ${reply === null ? 'no answer' : describeReply(reply)}`;
}

function isDaemonsOwn({ flow, isDaemons }: Dropped): boolean {
  return isDaemons === true || (flow?.start.kind === 'host' && flow.kind !== 'container');
}

/** The cause that selects the commands which let the lost flows through at the rule's place. */
function dropCause({ from, family, table, chain, hook }: NamedRule, flows: readonly Dropped[]) {
  if (from !== 'nft' && chain === 'DOCKER-USER') return 'docker-user';
  // firewalld owns its table: the kernel rejects rules of others in it, or the next reload removes them.
  if (from === 'nft' && table === 'firewalld') return 'other';
  if (flows.every(({ isDaemons }) => isDaemons === true)) return 'member-ports';
  // What jacod itself sends has no address of the pool, and ARP has no ports, so no accept rule of these steps helps.
  if (family === 'arp' || flows.some(isDaemonsOwn)) return 'other';
  const isIncoming = flows.every(({ flow }) => flow !== null && INCOMING.includes(flow.kind));
  const place = hook === 'input' && isIncoming ? ('input' as const) : ('forward' as const);
  const writer = from === 'iptables-legacy' ? 'legacy' : from;
  return `${writer}-${place}` as const;
}
