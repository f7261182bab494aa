import type { Finding } from '../../../src/engine/finding.ts';
import type { Mismatch } from '../../../src/probes/jaco/control/view-mismatch.ts';
import type { LocalNode } from '../../../src/probes/jaco/raft/local-node.ts';
import type { Membership } from '../../../src/probes/jaco/raft/membership.ts';

type Found = Finding<'hostname_changed' | 'node_not_member' | 'membership_mismatch' | 'hostname_taken', 'leader'>;

/** A member that only one of the leader's two lists has. */
export function mismatchOf({ member, kind }: Mismatch): Found {
  const seen =
    kind === 'raft-without-node'
      ? `raft counts ${member}, and no node is listed under that name`
      : `${member} is listed as a node, and raft does not count it`;
  return { id: 'membership_mismatch', subject: member, evidence: [seen], cause: kind, values: { member } };
}

/** What is wrong with this node's own place. */
export function ofPlace(place: Membership, { hostname, vantage }: LocalNode): Found | null {
  const explains = ['leader'] as const;
  switch (place.kind) {
    case 'renamed': {
      const values = place.old === null ? {} : { old_hostname: place.old };
      return {
        id: 'hostname_changed',
        subject: null,
        evidence: vantage === 'node' ? [place.seen, `this host is called ${hostname}`] : [place.seen],
        values,
        explains,
      };
    }
    case 'removed': {
      const who = place.tellers.slice(0, 5).join(', ');
      const one = place.tellers.length === 1;
      const evidence = [
        `${who} ${one ? 'follows' : 'follow'} the leader ${place.leader} and ${one ? 'does' : 'do'} not list ${hostname}`,
        'this node knows no leader',
      ];
      // This node knows no leader; its peers do, and the finding says which.
      const values = {
        ...(place.leaderName === null ? {} : { leader_name: place.leaderName }),
        ...(place.leaderGrpc === null ? {} : { leader_grpc: place.leaderGrpc }),
      };
      return { id: 'node_not_member', subject: null, evidence, cause: 'removed', values, explains };
    }
    case 'outside-raft': {
      const evidence = [
        `${place.teller}, which leads, lists ${hostname} as a node, and raft there does not count it`,
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
        'this node has a leader, a raft index of 0 and an empty list of nodes: it joined under a name that was in use',
      ];
      return { id: 'hostname_taken', subject: hostname, evidence, ...otherAddress(place.address), explains };
    }
    case 'rival': {
      const evidence = [
        `${hostname} is listed at ${place.address}, where another daemon answers; this host's raft address is ${place.own}`,
      ];
      return { id: 'hostname_taken', subject: hostname, evidence, ...otherAddress(place.address), explains };
    }
    case 'member':
    case 'unknown':
      return null;
  }
}

function otherAddress(address: string | null): Pick<Found, 'values'> {
  return address === null ? {} : { values: { other_address: address } };
}
