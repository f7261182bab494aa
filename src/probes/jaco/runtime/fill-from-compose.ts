import type { ComposeService } from './compose-services.ts';
import type { Dependency, Replica } from './replica-fact.ts';

/**
 * Fills in, from the compose file, what releases before v0.3.8 do not list: the image and, for a replica that was never
 * started, its dependencies (docs/jaco-daemon/releases.md#old-replica-lists). `rows` are all replicas.
 */
export function fillFromCompose(row: Replica, service: ComposeService | null, rows: readonly Replica[]): Replica {
  if (service === null || row.revision !== null) return row;
  const image = row.image ?? service.image ?? null;
  if (row.state !== 'none') return { ...row, image };
  const dependsOn = service.dependsOn.map(({ service: name, condition = 'service_started' }): Dependency => {
    const others = rows.filter((one) => one.deployment === row.deployment && one.service === name);
    const isMet = (one: Replica) =>
      condition === 'service_healthy' ? one.state === 'running' : one.containerId !== '';
    return { service: name, condition, satisfied: others.some(isMet) };
  });
  return { ...row, image, dependsOn };
}
