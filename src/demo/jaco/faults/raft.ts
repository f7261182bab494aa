import { faultGroup } from '../fault.ts';

/** Faults between members: membership, quorum, leadership, votes, liveness. */
export const raftFaults = faultGroup('raft', {
  'resume-failed': {
    title: 'raft state is on disk, but the daemon could not open it and reports uninitialized',
    expects: 'raft_resume_failed',
    arrange: (cluster) => cluster.node(1).failResume(),
  },
  'hostname-changed': {
    title: 'the host was renamed after it had joined',
    on: 3,
    expects: 'hostname_changed',
    arrange: (cluster) => cluster.renameHost(3),
  },
  'hostname-changed-alone': {
    title: 'the only host of a cluster was renamed: it is initialized, but knows no members',
    nodes: 1,
    expects: 'hostname_changed',
    arrange: (cluster) => cluster.renameHost(1),
  },
  uninitialized: {
    title: 'a daemon that was never initialized',
    nodes: 1,
    expects: 'cluster_uninitialized',
    arrange: (cluster) => cluster.node(1).uninitialize(),
  },
  'removed-member': {
    title: 'this host was removed from the cluster and its daemon is still running',
    on: 3,
    expects: 'node_not_member',
    arrange: (cluster) => cluster.removeMember(3),
  },
  'removed-member-restarted': {
    title: 'this host was removed, then restarted: it answers with an empty state',
    on: 3,
    expects: 'node_not_member',
    arrange(cluster) {
      cluster.removeMember(3);
      cluster.node(3).restartEmpty();
    },
  },
  'membership-mismatch': {
    title: 'the leader removed itself: the member list still has it, but raft does not',
    on: 2,
    expects: 'membership_mismatch',
    arrange: (cluster) => cluster.leaderRemovesItself(),
  },
  hijacked: {
    title: 'a second host joined under the name of this one',
    on: 3,
    expects: 'hostname_taken',
    arrange: async (cluster) => void (await cluster.takeOverName(3)),
  },
  'quorum-lost': {
    title: 'two of three members are dead',
    expects: 'quorum_lost',
    arrange: (cluster) => cluster.loseQuorum(),
  },
  'two-members-voter-dead': {
    title: 'two members have one voter, and that one is dead',
    nodes: 2,
    on: 2,
    expects: 'quorum_lost',
    arrange: (cluster) => cluster.node(1).kill(),
  },
  'dead-member-removed': {
    title: 'a dead third member was removed: both listed members answer and cannot elect a leader',
    expects: 'quorum_lost',
    arrange: (cluster) => cluster.removeDeadMember(3),
  },
  'restarted-empty': {
    title: 'restarted without quorum: members and tokens look lost, the peer through which it joined is silent',
    on: 2,
    expects: 'quorum_lost',
    async arrange(cluster) {
      await cluster.node(3).kill();
      await cluster.node(1).kill();
      cluster.node(2).restartEmpty();
    },
  },
  'restarted-alone': {
    title: 'the first node restarted without quorum: nothing on it names a peer',
    expects: 'no_leader',
    async arrange(cluster) {
      await cluster.loseQuorum();
      cluster.node(1).restartEmpty();
    },
  },
  partitioned: {
    title: 'this node is partitioned from its peers, which have a leader',
    on: 3,
    expects: 'node_partitioned',
    arrange: (cluster) => cluster.partition(3),
  },
  'no-leader': {
    title: 'every member answers and none is the leader',
    expects: 'no_leader',
    arrange: (cluster) => cluster.election(Infinity),
  },
  'split-view': {
    title: 'two members each claim to lead',
    expects: 'leader_view_split',
    arrange: (cluster) => cluster.splitLeader(),
  },
  'leader-address-unknown': {
    title: 'the leader has an address that no member has',
    expects: 'leader_address_unknown',
    arrange: (cluster) => cluster.changeLeaderAddress(),
  },
  'promotion-stalled': {
    title: 'three members for days, and only one of them is a voter',
    expects: 'voter_promotion_stalled',
    arrange: (cluster) => cluster.stallPromotion(),
  },
  'node-dead': {
    title: 'one of three members is dead',
    expects: 'node_unreachable',
    arrange: (cluster) => cluster.node(3).kill(),
  },
  'node-frozen': {
    title: 'one of three members accepts connections but does not answer',
    expects: 'node_unresponsive',
    arrange: (cluster) => cluster.node(3).freeze(),
  },
  'heartbeat-stale': {
    title: 'a member answers, but its last heartbeat is ten minutes old',
    warns: 'heartbeat_stale',
    arrange: (cluster) => cluster.stallHeartbeat(3, 600_000),
  },
  'clock-skew': {
    title: "a member's clock is ten minutes ahead",
    warns: 'clock_skew',
    arrange: (cluster) => cluster.skewClock(3, 600_000),
  },
});
