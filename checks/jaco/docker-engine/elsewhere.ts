import type { Finding } from '../../../src/engine/finding.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';

type DockerFinding = Finding<'docker_error', never>;

/** What a node writes of its own engine into a replica's row (live R2.1). */
const NO_ENGINE = /Cannot connect to the Docker daemon|permission denied while trying to connect/i;
const NO_SPACE = /no space left on device/i;

/** Other nodes whose replicas report that their Docker failed them: seldom seen, for the code is soon written over. */
export function elsewhere(rows: readonly Replica[], here: string | null): readonly DockerFinding[] {
  const byHost = new Map<string, Replica[]>();
  for (const row of rows)
    if (row.host !== here && (NO_ENGINE.test(row.message ?? '') || NO_SPACE.test(row.reason ?? '')))
      byHost.set(row.host, [...(byHost.get(row.host) ?? []), row]);
  return [...byHost].map(([host, troubled]) => ({
    id: 'docker_error' as const,
    subject: host,
    cause: troubled.some((row) => NO_SPACE.test(row.reason ?? '')) ? 'disk-full' : 'unknown',
    evidence: troubled.slice(0, 3).map((row) => `${row.id} on ${host}: ${row.message ?? row.reason}`),
  }));
}
