import type { Finding } from '../../../src/engine/finding.ts';
import type { ClusterStatus } from '../../../src/probes/jaco/control/status-fact.ts';
import { ADDRESS_PUBLICATION_MS } from '../../../src/probes/jaco/timing.ts';

/**
 * Whether followers can find the leader's operator address in the member list; they send all their reports there
 * (docs/jaco-daemon/raft.md#grpc-address).
 */
export function addressFault(
  { leader, nodes, omitted }: ClusterStatus,
  now: number,
): { readonly finding: Finding<'leader_address_unknown', never> | null; readonly notes: readonly string[] } {
  if (nodes.length === 0 || omitted > 0) return { finding: null, notes: [] };
  const entry = nodes.find((node) => node.address === leader);
  if (entry === undefined) {
    const evidence = [
      `raft's leader is ${leader}, and no member has that address: ${nodes
        .slice(0, 7)
        .map((node) => `${node.hostname} ${node.address}`)
        .join(', ')}`,
    ];
    // With a single node, the leader is certain. With a named address, so is the node that has it.
    const only =
      nodes.length === 1
        ? nodes[0]
        : nodes.find((node) => portText(node.address) === portText(leader) && /[a-z]/i.test(node.address));
    const values = only === undefined ? {} : { leader_name: only.hostname, listed_address: only.address };
    return {
      finding: {
        id: 'leader_address_unknown',
        subject: only?.hostname ?? null,
        evidence,
        cause: 'no-matching-node',
        values,
      },
      notes: [],
    };
  }
  if (entry.grpcAddress !== '') return { finding: null, notes: [] };
  const why = `the leader ${entry.hostname} has published no operator address`;
  if (nodes.length === 1)
    return {
      finding: null,
      notes: [`${why}; no follower needs it yet, but a second node will`],
    };
  if (entry.joinedAtMs !== null && now - entry.joinedAtMs >= 0 && now - entry.joinedAtMs < ADDRESS_PUBLICATION_MS)
    return { finding: null, notes: [`${why} yet: normal for a few seconds after its start`] };
  return {
    finding: {
      id: 'leader_address_unknown',
      subject: entry.hostname,
      evidence: [why],
      cause: 'empty-address',
      values: { leader_name: entry.hostname },
    },
    notes: [],
  };
}

function portText(address: string): string {
  return address.slice(address.lastIndexOf(':') + 1);
}
