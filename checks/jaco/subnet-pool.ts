import { check } from '../../src/engine/check.ts';
import { type Finding, judged } from '../../src/engine/finding.ts';
import { formatTime } from '../../src/engine/format.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { type RuntimeLines, runtimeLines } from '../../src/probes/jaco/journal/runtime-lines.ts';
import { replicaCodes } from '../../src/probes/jaco/runtime/replica-codes.ts';
import type { Replica } from '../../src/probes/jaco/runtime/replica-fact.ts';
import { replicas } from '../../src/probes/jaco/runtime/replicas.ts';
import { strayNetworks } from '../../src/probes/jaco/runtime/stray-networks.ts';
import { subnetUse } from '../../src/probes/jaco/runtime/subnet-use.ts';
import { RETRY_LOG_MS } from '../../src/probes/jaco/timing.ts';

type CheckFinding = Finding<'subnet_pool_exhausted' | 'subnet_pool_low', never>;

const LOW = 0.75;

export default check({
  name: 'subnet-pool',
  group: 'runtime',
  where: 'anywhere',
  title: 'the address pool has free networks',
  reads: {
    replicas,
    use: attempt(subnetUse),
    codes: attempt(replicaCodes),
    lines: attempt(runtimeLines),
    stray: attempt(strayNetworks),
  },
  finds: ['subnet_pool_exhausted', 'subnet_pool_low'],
  judge({ replicas: { rows }, use, codes, lines, stray }, now) {
    const between = factOf(codes) ?? {};
    const refused = rows.map((row) => ({ ...row, ...between[row.id] })).filter(isWithoutNetwork);
    const logged = recentExhaustion(factOf(lines), now);
    const usage = factOf(use);
    const leaked = factOf(stray)?.leaked ?? [];
    const evidence =
      usage === null ? [] : [`at least ${usage.atLeast} of ${usage.size} networks are in use: ${usage.from}`];
    const notes = leaked
      .slice(0, 5)
      .map(
        ({ name, subnets }) =>
          `${name} (${subnets.join(', ')}) belongs to no service any more, but uses the pool until its deployment is deleted`,
      );
    const findings: CheckFinding[] = [];
    if (refused.length > 0 || logged.length > 0) findings.push(exhausted(refused, [...evidence, ...logged]));
    else if (usage !== null && usage.atLeast >= usage.size * LOW)
      findings.push({ id: 'subnet_pool_low', subject: null, evidence });
    return judged(findings, { evidence, notes });
  },
});

/**
 * A row without a network. After a minute it shows its own code only briefly, and restart_exhausted the rest of the
 * time (docs/jaco-daemon/runtime.md#subnets). Of all rows with that code, only this one never had a container
 * (docs/jaco-daemon/runtime.md#replica-states).
 */
function isWithoutNetwork({ code, containerId }: Replica): boolean {
  return code === 'subnet_pool_exhausted' || (code === 'restart_exhausted' && containerId === '');
}

function exhausted(refused: readonly Replica[], evidence: readonly string[]): CheckFinding {
  const wanting = refused
    .slice(0, 5)
    .map(
      (row) =>
        `${row.id} on ${row.host ?? 'its node'} gets no network${row.network === null ? '' : ` for ${row.network}`}`,
    );
  return { id: 'subnet_pool_exhausted', subject: null, evidence: [...wanting, ...evidence] };
}

function recentExhaustion(lines: RuntimeLines | null, now: number): readonly string[] {
  const line = lines?.poolExhausted ?? null;
  if (line === null || now - line.atMs >= RETRY_LOG_MS) return [];
  return [`jacod logged at ${formatTime(line.atMs)}: ${line.text}`];
}
