/** What the doctor reports for a fault of the stand-in cluster. */
type Expected = {
  readonly exit: 0 | 1 | 3;
  /** Every row that neither passes, nor is blocked, nor is not applicable: its status, then ids with cause and subject. */
  readonly rows: { readonly [check: string]: string };
};

export const expected: { readonly [fault: string]: Expected } = {
  'old-release': { exit: 0, rows: {} },
  'oldest-release': { exit: 0, rows: {} },
  'old-release-pull-failed': { exit: 1, rows: { replicas: 'fail image_pull_failed:unauthorized shop/web' } },
  'old-release-never-started': { exit: 1, rows: { replicas: 'fail replica_not_started:no-container shop/web' } },
  healthy: { exit: 0, rows: {} },
  'healthy-even': { exit: 0, rows: {} },
  'no-heartbeat': { exit: 0, rows: {} },
  'healthy-app': { exit: 0, rows: {} },
  'replicas-zero': { exit: 0, rows: {} },
  'start-period': { exit: 0, rows: {} },
  'image-being-pulled': { exit: 0, rows: {} },
  'just-applied': { exit: 0, rows: {} },
  'docker-restarted-once': { exit: 0, rows: {} },
  paused: { exit: 0, rows: {} },
  'network-left-idle': { exit: 0, rows: {} },
  'global-rolled-back': { exit: 0, rows: {} },
  'pending-and-placed': { exit: 0, rows: { deployments: 'warn deployment_pending_stale shop' } },
  'foreign-container': { exit: 0, rows: { containers: 'warn orphan_container jaco_ancient-app-0' } },
  'pool-low': { exit: 0, rows: { 'subnet-pool': 'warn subnet_pool_low' } },
  'config-invalid': { exit: 1, rows: { 'daemon-config': 'fail config_invalid:unknown-key', 'daemon-unit': 'unknown' } },
  'dns-loop': { exit: 1, rows: { 'daemon-config': 'fail dns_forwarder_loop:forwarders', 'daemon-unit': 'unknown' } },
  'config-broken-while-running': { exit: 0, rows: { 'daemon-config': 'warn config_invalid_on_restart:named-key' } },
  'daemon-stopped': {
    exit: 1,
    rows: { 'daemon-unit': 'unknown', 'daemon-socket': 'fail daemon_unreachable:not-running' },
  },
  'stale-socket': {
    exit: 1,
    rows: { 'daemon-unit': 'unknown', 'daemon-socket': 'fail daemon_unreachable:stale-socket' },
  },
  'socket-is-a-file': {
    exit: 1,
    rows: { 'daemon-unit': 'unknown', 'daemon-socket': 'fail daemon_unreachable:wrong-type' },
  },
  'silent-daemon': { exit: 1, rows: { 'daemon-socket': 'fail daemon_unresponsive:silent' } },
  'dripping-daemon': { exit: 1, rows: { 'daemon-socket': 'fail daemon_unresponsive:silent' } },
  'wrong-server': { exit: 1, rows: { 'daemon-socket': 'fail not_jaco_grpc:other' } },
  'noise-on-socket': { exit: 1, rows: { 'daemon-socket': 'fail not_jaco_grpc:other' } },
  'socket-permission': { exit: 1, rows: { 'daemon-socket': 'fail socket_permission_denied:wrong-mode' } },
  'resume-failed': { exit: 1, rows: { 'raft-membership': 'fail raft_resume_failed:unknown' } },
  'hostname-changed': {
    exit: 1,
    rows: {
      'raft-membership': 'fail hostname_changed',
      'control-tls': 'fail tls_bootstrap_certificate:lost-certificate renamed-3',
    },
  },
  'hostname-changed-alone': {
    exit: 1,
    rows: {
      'raft-membership': 'fail hostname_changed',
      'control-tls': 'fail tls_bootstrap_certificate:lost-certificate renamed-1',
    },
  },
  uninitialized: { exit: 1, rows: { 'raft-membership': 'fail cluster_uninitialized' } },
  'removed-member': { exit: 1, rows: { 'raft-membership': 'fail node_not_member:removed' } },
  'removed-member-restarted': { exit: 1, rows: { 'raft-membership': 'fail node_not_member:removed' } },
  'membership-mismatch': {
    exit: 1,
    rows: {
      'raft-membership': 'fail membership_mismatch:node-without-raft demo-1',
      'raft-leader': 'fail leader_view_split:some-without',
    },
  },
  hijacked: { exit: 1, rows: { 'raft-membership': 'fail hostname_taken demo-3' } },
  'quorum-lost': {
    exit: 1,
    rows: {
      'raft-quorum': 'fail quorum_lost:members-silent',
      'node-liveness': 'fail node_unreachable:refused demo-2 node_unreachable:refused demo-3',
    },
  },
  'two-members-voter-dead': {
    exit: 1,
    rows: { 'raft-quorum': 'fail quorum_lost:lone-survivor', 'node-liveness': 'fail node_unreachable:refused demo-1' },
  },
  'dead-member-removed': { exit: 1, rows: { 'raft-quorum': 'fail quorum_lost:member-removed' } },
  'restarted-empty': {
    exit: 1,
    rows: {
      'raft-quorum': 'fail quorum_lost:restarted-empty',
      'node-liveness': 'fail node_unreachable:refused 127.81.0.1:port',
    },
  },
  'restarted-alone': { exit: 1, rows: { 'raft-leader': 'fail no_leader:restarted-empty' } },
  partitioned: { exit: 1, rows: { 'raft-quorum': 'fail node_partitioned:network' } },
  'no-leader': { exit: 1, rows: { 'raft-leader': 'fail no_leader:all-answer' } },
  'split-view': { exit: 1, rows: { 'raft-leader': 'fail leader_view_split:two-leaders' } },
  'leader-address-unknown': { exit: 1, rows: { 'raft-leader': 'fail leader_address_unknown:no-matching-node' } },
  'promotion-stalled': { exit: 1, rows: { 'raft-voters': 'fail voter_promotion_stalled demo-2' } },
  'node-dead': {
    exit: 1,
    rows: {
      'raft-quorum': 'warn quorum_at_risk:voter-silent',
      'node-liveness': 'fail node_unreachable:refused demo-3',
    },
  },
  'node-frozen': {
    exit: 1,
    rows: { 'raft-quorum': 'warn quorum_at_risk:voter-stuck', 'node-liveness': 'fail node_unresponsive demo-3' },
  },
  'heartbeat-stale': { exit: 0, rows: { 'node-liveness': 'warn heartbeat_stale:just-started demo-3' } },
  'clock-skew': { exit: 0, rows: { 'node-liveness': 'warn clock_skew demo-3' } },
  'certificate-of-another-cluster': { exit: 1, rows: { 'control-tls': 'fail tls_untrusted:other-cluster demo-1' } },
  'address-not-in-certificate': { exit: 1, rows: { 'control-tls': 'fail tls_name_mismatch demo-1' } },
  'locked-out': { exit: 0, rows: { 'operator-token': 'warn operator_locked_out' } },
  'certificate-lost': { exit: 1, rows: { 'control-tls': 'fail tls_bootstrap_certificate:lost-certificate demo-1' } },
  'issue-181': { exit: 1, rows: { 'known-issues': 'fail known_issue:upgrade #181' } },
  'issue-187': {
    exit: 1,
    rows: {
      'known-issues': 'fail known_issue:upgrade #187',
      deployments: 'fail deployment_pending:no-eligible-hosts shop',
    },
  },
  'issue-191': { exit: 1, rows: { 'known-issues': 'fail known_issue:upgrade #191' } },
  'issue-171': {
    exit: 1,
    rows: {
      'known-issues': 'fail known_issue:upgrade #171',
      replicas: 'fail image_pull_failed:unauthorized shop/api',
    },
  },
  'issue-152': { exit: 1, rows: { 'known-issues': 'fail known_issue:upgrade #152' } },
  'issue-142': { exit: 1, rows: { 'known-issues': 'fail known_issue:upgrade #142' } },
  'issue-143': { exit: 1, rows: { 'known-issues': 'fail known_issue:upgrade #143', 'raft-voters': 'unknown' } },
  'issue-fixed': { exit: 1, rows: { deployments: 'fail deployment_pending:no-eligible-hosts shop' } },
  'issue-unknown-release': { exit: 3, rows: { 'known-issues': 'unknown' } },
  'docker-stopped': { exit: 1, rows: { 'docker-engine': 'fail docker_error:socket-missing' } },
  'docker-killed': { exit: 1, rows: { 'docker-engine': 'fail docker_error:refused' } },
  'docker-frozen': { exit: 1, rows: { 'docker-engine': 'fail docker_error:silent' } },
  'docker-other-server': { exit: 1, rows: { 'docker-engine': 'fail docker_error:unknown' } },
  'docker-refuses': { exit: 1, rows: { 'docker-engine': 'fail docker_error:unknown' } },
  'exit-loop': { exit: 1, rows: { replicas: 'fail container_exited solo/app' } },
  'exit-loop-running': { exit: 1, rows: { replicas: 'fail container_exited solo/app' } },
  'exits-with-zero': { exit: 1, rows: { replicas: 'fail container_exited solo/app' } },
  'bad-command': { exit: 1, rows: { replicas: 'fail replica_not_started:created solo/app' } },
  'image-not-here': { exit: 1, rows: { replicas: 'fail replica_not_started:no-container solo/app' } },
  'started-nowhere': { exit: 1, rows: { replicas: 'fail replica_not_started:other-node solo/app' } },
  'pull-unauthorized': { exit: 1, rows: { replicas: 'fail image_pull_failed:unauthorized solo/app' } },
  unhealthy: { exit: 1, rows: { replicas: 'fail replica_unhealthy solo/app' } },
  'exhausted-elsewhere': { exit: 1, rows: { replicas: 'fail restart_exhausted solo/app' } },
  'unwatched-replica': { exit: 1, rows: { replicas: 'fail replica_stale solo/app' } },
  'waits-for-sick': { exit: 1, rows: { replicas: 'fail replica_unhealthy shop/db depends_on_unmet shop/web' } },
  'depends-on-circle': { exit: 1, rows: { replicas: 'fail depends_on_cycle ring' } },
  'waits-for-nobody': { exit: 1, rows: { replicas: 'fail depends_on_unmet alone/web' } },
  'too-few-hosts': { exit: 1, rows: { deployments: 'fail deployment_pending:too-few-hosts pinned' } },
  'underscore-in-name': {
    exit: 1,
    rows: {
      deployments: 'fail deployment_name_unsafe my_app',
      replicas: 'fail replica_not_started:created my_app/app',
    },
  },
  'ghost-replicas': { exit: 1, rows: { containers: 'fail orphan_replica shop' } },
  'rolled-back': {
    exit: 1,
    rows: { replicas: 'fail replica_unhealthy solo/app', rollouts: 'fail rollout_rolled_back solo' },
  },
  'rolled-back-once': { exit: 1, rows: { rollouts: 'fail rollout_rolled_back shop' } },
  'network-left-behind': {
    exit: 1,
    rows: {
      containers: 'fail network_conflict:left-behind jaco_old_back',
      replicas: 'fail replica_not_started:created new/app',
    },
  },
  'network-name-taken': { exit: 1, rows: { containers: 'fail network_conflict:foreign-name jaco_solo_back' } },
  'pool-exhausted': { exit: 1, rows: { 'subnet-pool': 'fail subnet_pool_exhausted' } },
};
