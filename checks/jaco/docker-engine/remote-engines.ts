import type { Finding } from '../../../src/engine/finding.ts';
import { groupBy } from '../../../src/engine/group-by.ts';
import { dockerError, isEngineRefusal } from '../../../src/probes/docker/docker-error.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';

type DockerFinding = Finding<'docker_error', never>;

/**
 * Other nodes whose replicas report a failure of their Docker. This is seldom seen, because the code is soon
 * overwritten.
 */
export function remoteEngineFindings(rows: readonly Replica[], here: string | null): readonly DockerFinding[] {
  const failed = rows.flatMap((row) =>
    row.host !== null && row.host !== here && (isEngineMissing(row) || isDiskFull(row))
      ? [{ ...row, host: row.host }]
      : [],
  );
  return [...groupBy(failed, ({ host }) => host)].map(([host, failing]) => ({
    id: 'docker_error' as const,
    subject: host,
    cause: failing.some(isDiskFull) ? 'disk-full' : 'unknown',
    evidence: failing.slice(0, 3).map((row) => `${row.id} on ${host}: ${row.message ?? row.reason}`),
  }));
}

/** A node writes its engine's error into the replica's row (docs/jaco-daemon/runtime.md#replica-faults). */
function isEngineMissing({ message }: Replica): boolean {
  return message !== null && isEngineRefusal(dockerError(message));
}

function isDiskFull({ reason }: Replica): boolean {
  return reason !== null && dockerError(reason).kind === 'no-space';
}
