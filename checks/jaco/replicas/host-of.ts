import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';

/**
 * The host of a replica in a sentence. An old release names few of them
 * (docs/jaco-daemon/releases.md#old-replica-lists).
 */
export function hostOf({ host }: Pick<Replica, 'host'>): string {
  return host ?? 'its node';
}
