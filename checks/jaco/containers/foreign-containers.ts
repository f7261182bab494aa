import type { Finding } from '../../../src/engine/finding.ts';
import { formatDuration } from '../../../src/engine/format.ts';
import type { Container } from '../../../src/probes/docker/containers.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';

type ForeignContainers = {
  readonly findings: readonly Finding<'orphan_container', never>[];
  readonly notes: readonly string[];
};

/** Containers with JACO's labels that belong to another cluster, or to no replica of this one. */
export function foreignContainers(
  containers: readonly Container[],
  rows: readonly Replica[],
  clusterId: string | null,
  now: number,
): ForeignContainers {
  const wanted = new Set(rows.map((row) => row.id));
  const foreign = clusterId === null ? [] : containers.filter((one) => one.clusterId !== clusterId);
  const ownerless = containers.filter((one) => !foreign.includes(one) && !wanted.has(one.replica));
  return {
    findings: foreign.slice(0, 20).map((one) => ({
      id: 'orphan_container',
      subject: one.name,
      evidence: [
        `${one.name} is ${one.state} and has the label of cluster ${one.clusterId || 'unknown'}; this cluster is ${clusterId}`,
        `it was created ${formatDuration(now - one.createdAtMs)} ago`,
      ],
      values: { container: one.id.slice(0, 12) },
    })),
    notes: ownerless
      .slice(0, 5)
      .map(({ name, state }) => `${name} (${state}) belongs to no replica: JACO removes such containers within 30 s`),
  };
}
