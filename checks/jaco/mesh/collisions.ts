import type { Finding } from '../../../src/engine/finding.ts';
import type { Member } from '../../../src/probes/jaco/control/status-fact.ts';
import { meshAddress } from '../../../src/probes/jaco/network/mesh/slot.ts';

/** Members whose names come to one mesh address: two pairs of 254 are likely from about twenty members on. */
export function collisions(nodes: readonly Member[]): readonly Finding<'mesh_address_collision', never>[] {
  const byAddress = new Map<string, string[]>();
  for (const { hostname } of nodes) {
    const address = meshAddress(hostname);
    byAddress.set(address, [...(byAddress.get(address) ?? []), hostname]);
  }
  return [...byAddress]
    .filter(([, names]) => names.length > 1)
    .map(([address, names]) => ({
      id: 'mesh_address_collision',
      subject: names.slice(0, 5).join(', '),
      evidence: [`${names.slice(0, 5).join(' and ')} both come to ${address}`],
      values: { first: names[0] ?? '', second: names[1] ?? '' },
    }));
}
