import type { ReplicaView } from '../../../src/probes/jaco/runtime/replica-views.ts';

/** Maps a service of a deployment to the services that its start waits for. */
export type DependencyWaits = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The required dependencies of every service of one deployment. Without its manifest, all dependencies count as
 * required.
 */
export function dependencyWaits(views: readonly ReplicaView[]): DependencyWaits {
  const waits = new Map<string, Set<string>>();
  for (const { row, service } of views) {
    // All replicas of a service wait for the same services.
    if (waits.has(row.service)) continue;
    const optional = new Set(service?.dependsOn.filter((one) => !one.required).map((one) => one.service) ?? []);
    const wanted = row.dependsOn.map((one) => one.service).filter((name) => !optional.has(name));
    waits.set(row.service, new Set(wanted));
  }
  return waits;
}

/** The dependencies that a replica still waits for: required and not satisfied. */
export function unmetDependencies({ row }: ReplicaView, waits: DependencyWaits): readonly string[] {
  const required = waits.get(row.service) ?? new Set();
  return row.dependsOn.filter((one) => !one.satisfied && required.has(one.service)).map((one) => one.service);
}

/** The shortest dependency cycle through a service, starting with it; null if there is none. */
export function dependencyCycle(service: string, waits: DependencyWaits): readonly string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [service];
  for (const at of queue) {
    for (const next of waits.get(at) ?? []) {
      if (next === service) return pathTo(at, service, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      queue.push(next);
    }
  }
  return null;
}

function pathTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const path = [end];
  for (let at = end; at !== start; ) {
    at = cameFrom.get(at) as string;
    path.unshift(at);
  }
  return path;
}
