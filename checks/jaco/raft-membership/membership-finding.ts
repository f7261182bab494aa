import type { Finding } from '../../../src/engine/finding.ts';
import type { Mismatch } from '../../../src/probes/jaco/control/view-mismatch.ts';
import type { LocalNode } from '../../../src/probes/jaco/raft/local-node.ts';
import type { Membership, RenameEvidence } from '../../../src/probes/jaco/raft/membership.ts';

type CheckFinding = Finding<
  'hostname_changed' | 'node_not_member' | 'membership_mismatch' | 'hostname_taken',
  'leader'
>;

/** A member that is in only one of the leader's two lists. */
export function mismatchOf({ member, kind }: Mismatch): CheckFinding {
  const observation =
    kind === 'raft-without-node'
      ? `raft counts ${member}, but no node with that name is listed`
      : `${member} is listed as a node, but raft does not count it`;
  return { id: 'membership_mismatch', subject: member, evidence: [observation], cause: kind, values: { member } };
}

/** The fault of this node's own membership. */
export function membershipFinding(membership: Membership, { hostname, vantage }: LocalNode): CheckFinding | null {
  const explains = ['leader'] as const;
  switch (membership.kind) {
    case 'renamed': {
      const values = membership.old === null ? {} : { old_hostname: membership.old };
      return {
        id: 'hostname_changed',
        subject: null,
        evidence: [
          describeRename(membership.sign, membership.old, hostname),
          ...(vantage === 'node' ? [`this host is named ${hostname}`] : []),
        ],
        values,
        explains,
      };
    }
    case 'removed': {
      const sources = membership.tellers.slice(0, 5).join(', ');
      const one = membership.tellers.length === 1;
      const evidence = [
        `the member ${one ? 'list' : 'lists'} of ${sources} ${one ? 'does' : 'do'} not have ${hostname}; ${one ? 'its' : 'their'} leader is ${membership.leader}`,
        'this node knows no leader',
      ];
      // This node knows no leader, but its peers do, and the finding names it.
      const values = {
        ...(membership.leaderName === null ? {} : { leader_name: membership.leaderName }),
        ...(membership.leaderGrpc === null ? {} : { leader_grpc: membership.leaderGrpc }),
      };
      return { id: 'node_not_member', subject: null, evidence, cause: 'removed', values, explains };
    }
    case 'outside-raft': {
      const evidence = [
        `the leader ${membership.teller} lists ${hostname} as a node, but its raft does not count it`,
        'this node knows no leader',
      ];
      return {
        id: 'membership_mismatch',
        subject: hostname,
        evidence,
        cause: 'node-without-raft',
        values: { member: hostname },
        explains,
      };
    }
    case 'newcomer': {
      const evidence = [
        'this node has a leader, a raft index of 0 and an empty list of nodes: it joined with a name that was in use',
      ];
      return { id: 'hostname_taken', subject: hostname, evidence, ...otherAddress(membership.address), explains };
    }
    case 'rival': {
      const evidence = [
        `${hostname} is listed at ${membership.address}, where another daemon answers; this host's raft address is ${membership.own}`,
      ];
      return { id: 'hostname_taken', subject: hostname, evidence, ...otherAddress(membership.address), explains };
    }
    case 'member':
    case 'unknown':
      return null;
  }
}

function otherAddress(address: string | null): Pick<CheckFinding, 'values'> {
  return address === null ? {} : { values: { other_address: address } };
}

function describeRename(sign: RenameEvidence, old: string | null, hostname: string): string {
  switch (sign.kind) {
    case 'certificate':
      return `${sign.dataDir}/node has a certificate for ${old} and none for ${hostname}`;
    case 'raft-address':
      return `${sign.address}, this host's raft address, belongs to ${old}`;
    case 'peer':
      return `${sign.peer} lists this host's raft address ${sign.address} as ${old}`;
    case 'not-listed':
      return `this node follows ${sign.leader}, and none of the ${sign.members} members is named ${hostname}`;
    case 'bootstrap-certificate':
      return 'it has raft state, knows no leader and no members, and serves its bootstrap certificate';
    case 'heartbeat-stopped':
      return `it serves its bootstrap certificate, and the last heartbeat of ${hostname} is ${Math.round(sign.ageMs / 1000)} s old, while the other members' heartbeats continue`;
  }
}
