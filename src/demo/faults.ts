import type { Cluster } from './cluster.ts';

/** Something that can be wrong with a cluster, and what the doctor should say of it first. */
export type Fault = {
  readonly name: string;
  /** What was done, in a few words. */
  readonly title: string;
  readonly group: 'none' | 'daemon' | 'raft' | 'access';
  /** The node that the doctor runs on, counted from 1. */
  readonly on: number;
  /** Real nodes that the cluster starts with. */
  readonly nodes: number;
  arrange(cluster: Cluster): void | Promise<void>;
  /** The first failing id, null where nothing fails. */
  readonly expects: string | null;
  /** The first warning where nothing fails, or null. */
  readonly warns: string | null;
};

type Given = Pick<Fault, 'title' | 'arrange'> & Partial<Pick<Fault, 'on' | 'nodes' | 'expects' | 'warns'>>;

function group(of: Fault['group'], faults: Readonly<Record<string, Given>>): Fault[] {
  const defaults = { group: of, on: 1, nodes: 3, expects: null, warns: null };
  return Object.entries(faults).map(([name, given]) => ({ ...defaults, name, ...given }));
}

const none = group('none', {
  healthy: { title: 'three members, demo-1 leads', arrange() {} },
  'healthy-even': { title: 'four members: one has no vote, as it should be', nodes: 4, arrange() {} },
  'no-heartbeat': {
    title: 'a member that never sent a heartbeat, as without cgroup v2',
    arrange: (cluster) => cluster.muteHeartbeat(3),
  },
});

const daemon = group('daemon', {
  'config-invalid': {
    title: 'an unknown key in jacod.yaml keeps the daemon from starting',
    expects: 'config_invalid',
    async arrange(cluster) {
      cluster.node(1).breakConfig('listen_adr: 10.0.0.1:7000\n');
      await cluster.node(1).stop();
    },
  },
  'dns-loop': {
    title: 'a forwarder that is a bridge gateway of JACO itself keeps the daemon from starting',
    expects: 'dns_forwarder_loop',
    async arrange(cluster) {
      cluster.node(1).breakConfig('dns:\n  forwarders: [10.244.3.1]\n');
      await cluster.node(1).stop();
    },
  },
  'config-broken-while-running': {
    title: 'jacod.yaml was broken after the daemon had started',
    warns: 'config_invalid_on_restart',
    arrange: (cluster) => cluster.node(1).breakConfig('log_level: verbose\n'),
  },
  'daemon-stopped': {
    title: 'the daemon is stopped and its socket is gone',
    expects: 'daemon_unreachable',
    arrange: (cluster) => cluster.node(1).stop(),
  },
  'stale-socket': {
    title: 'the daemon was killed and left its socket behind',
    expects: 'daemon_unreachable',
    arrange: (cluster) => cluster.node(1).kill(),
  },
  'socket-is-a-file': {
    title: 'a plain file stands where the socket should be',
    expects: 'daemon_unreachable',
    arrange: (cluster) => cluster.node(1).replaceSocketByFile(),
  },
  'silent-daemon': {
    title: 'the daemon is frozen: it accepts connections and says nothing',
    expects: 'daemon_unresponsive',
    arrange: (cluster) => cluster.node(1).freeze(),
  },
  'dripping-daemon': {
    title: 'the socket answers a byte at a time, and never a whole frame',
    expects: 'daemon_unresponsive',
    arrange: (cluster) => cluster.node(1).drip('socket'),
  },
  'wrong-server': {
    title: 'a web server listens at the path of the socket',
    expects: 'not_jaco_grpc',
    arrange: (cluster) => cluster.node(1).garbage('http', 'socket'),
  },
  'noise-on-socket': {
    title: 'what listens on the socket speaks no known protocol',
    expects: 'not_jaco_grpc',
    arrange: (cluster) => cluster.node(1).garbage('noise', 'socket'),
  },
  'socket-permission': {
    title: 'the socket is closed to its group (mode 0600)',
    expects: 'socket_permission_denied',
    arrange: (cluster) => cluster.node(1).setSocketMode(0o600),
  },
});

const raft = group('raft', {
  'resume-failed': {
    title: 'raft state is on disk, but the daemon could not open it and says it is uninitialized',
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
    title: 'the only host of a cluster was renamed: initialized, but it knows nobody',
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
    title: 'this host was removed from the cluster and its daemon still runs',
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
    title: 'the leader removed itself: the member list still has it, raft does not',
    on: 2,
    expects: 'membership_mismatch',
    arrange: (cluster) => cluster.leaderRemovesItself(),
  },
  hijacked: {
    title: 'a second host joined under the name of this one',
    on: 3,
    expects: 'hostname_taken',
    arrange: async (cluster) => void (await cluster.hijack(3)),
  },
  'quorum-lost': {
    title: 'two of three members are dead',
    expects: 'quorum_lost',
    arrange: (cluster) => cluster.loseQuorum(),
  },
  'two-members-voter-dead': {
    title: 'two members have one voter, and it is dead',
    nodes: 2,
    on: 2,
    expects: 'quorum_lost',
    arrange: (cluster) => cluster.node(1).kill(),
  },
  'dead-member-removed': {
    title: 'a dead third member was removed: both listed members answer and cannot elect',
    expects: 'quorum_lost',
    arrange: (cluster) => cluster.removeDeadMember(3),
  },
  'restarted-empty': {
    title: 'restarted without quorum: members and tokens look gone, the peer it joined through is silent',
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
    title: 'this node is cut off from its peers, who have a leader',
    on: 3,
    expects: 'node_partitioned',
    arrange: (cluster) => cluster.partition(3),
  },
  'no-leader': {
    title: 'every member answers and none leads',
    expects: 'no_leader',
    arrange: (cluster) => cluster.election(Infinity),
  },
  'split-view': {
    title: 'two members each claim to lead',
    expects: 'leader_view_split',
    arrange: (cluster) => cluster.splitLeader(),
  },
  'leader-address-unknown': {
    title: 'the leader goes by an address that no member has',
    expects: 'leader_address_unknown',
    arrange: (cluster) => cluster.readdressLeader(),
  },
  'promotion-stalled': {
    title: 'three members for days, and only one of them votes',
    expects: 'voter_promotion_stalled',
    arrange: (cluster) => cluster.stallPromotion(),
  },
  'node-dead': {
    title: 'one of three members is dead',
    expects: 'node_unreachable',
    arrange: (cluster) => cluster.node(3).kill(),
  },
  'node-frozen': {
    title: 'one of three members accepts connections and says nothing',
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

const access = group('access', {
  'certificate-of-another-cluster': {
    title: 'the port serves the certificate of another cluster',
    expects: 'tls_untrusted',
    arrange: (cluster) => void (cluster.node(1).certificate = 'stranger'),
  },
  'address-not-in-certificate': {
    title: "the node's address is not the one in its certificate",
    expects: 'tls_name_mismatch',
    arrange: (cluster) => void (cluster.node(1).certificate = 'moved'),
  },
  'certificate-lost': {
    title: 'the node certificate is gone and the daemon serves its bootstrap one',
    expects: 'tls_bootstrap_certificate',
    arrange: (cluster) => cluster.node(1).loseCertificate(),
  },
});

/** All faults by name; `healthy` first. */
export const faults: ReadonlyMap<string, Fault> = new Map(
  [...none, ...daemon, ...raft, ...access].map((fault) => [fault.name, fault]),
);
