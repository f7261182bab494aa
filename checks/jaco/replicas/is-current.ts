import type { Container } from '../../../src/probes/docker/containers.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';

/**
 * Whether a container is of the wanted revision. A release that does not show the wanted revision makes no other container known
 * either, so its container is taken for the current one (docs/jaco-daemon/releases.md#old-replica-lists).
 */
export function isCurrent({ revision }: Container, row: Replica): boolean {
  return row.revision === null || row.revision === revision;
}
