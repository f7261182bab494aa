import type { ClusterStatus } from '../../../src/probes/jaco/control/status-fact.ts';
import { leaderListsNoServers } from '../../../src/probes/jaco/raft/leader-views.ts';
import { type Sign, signature } from './signature.ts';

/** A cluster with fewer members needs no further vote. */
const MEMBERS_WITH_VOTES = 3;

/** #187: a deployment is PENDING and pins a service to a host that is not a member. */
export const pinnedToUnknownHost = signature(['deployments', 'cluster'], ({ deployments, cluster }) => {
  const { nodes, omitted } = cluster.last;
  const members = new Set(nodes.map(({ hostname }) => hostname));
  if (members.size === 0 || omitted > 0) return [];
  return deployments.list.flatMap(({ name, status, services }): readonly Sign[] => {
    if (status !== 'pending') return [];
    const pinned = services.flatMap(({ name: service, placement, hosts }) =>
      placement === 'hosts'
        ? hosts.filter((host) => !members.has(host)).map((host) => `service ${service} to host ${host}`)
        : [],
    );
    if (pinned.length === 0) return [];
    return [
      {
        about: name,
        evidence: [
          `deployment ${name} is PENDING: it pins ${pinned.slice(0, 5).join(', ')}, which is not a member; members: ${[...members].slice(0, 10).join(', ')}`,
        ],
        impact: `No replica of ${name} is placed.`,
        madeAtMs: null,
      },
    ];
  });
});

/** The first node has the only vote, so it is the leader. */
function leaderName({ leader, nodes }: ClusterStatus): string {
  return nodes.find(({ address }) => address === leader)?.hostname ?? leader;
}

/** #143: a cluster of three or more, whose leader answers without a list of raft servers. */
export const leaderWithoutSuffrages = signature(['cluster', 'host', 'peers'], ({ cluster, host, peers }) => {
  const { last } = cluster;
  if (last.nodes.length < MEMBERS_WITH_VOTES || !leaderListsNoServers(last, host, peers.peers)) return [];
  return [
    {
      about: null,
      evidence: [
        `the leader ${last.leader} of ${last.nodes.length} members lists no voters: only the first node has a vote`,
      ],
      impact: `If ${leaderName(last)} fails, no leader can be elected.`,
      madeAtMs: null,
    },
  ];
});
