import type { Container } from '../../../src/probes/docker/containers.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';

/**
 * Whether a container is of the desired revision. A release that does not show the desired revision shows no other
 * container either, so its container counts as current (docs/jaco-daemon/releases.md#old-replica-lists).
 */
export function isCurrent({ revision }: Container, row: Replica): boolean {
  return row.revision === null || row.revision === revision;
}
