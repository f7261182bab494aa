import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { jacoIds, jacoTextIds, severityOf } from '../../src/catalog/generated/ids.ts';

const { entries } = await loadCatalog('jaco');

/** The checks in order, with the ids that each may find, causes first. A ! marks a warning. */
const ORDER: readonly (readonly [string, string])[] = [
  ['daemon-config', 'dns_forwarder_loop config_invalid config_invalid_on_restart!'],
  [
    'daemon-unit',
    'unit_missing port_in_use bind_address_unavailable data_disk_full data_dir_unreadable data_dir_unwritable data_dir_locked unit_failed unit_inactive unit_not_enabled! disk_nearly_full!',
  ],
  [
    'daemon-socket',
    'daemon_unreachable daemon_unresponsive socket_permission_denied socket_hidden socket_unlinked not_jaco_grpc',
  ],
  ['daemon-version', 'binary_not_restarted!'],
  [
    'raft-membership',
    'raft_resume_failed hostname_changed cluster_uninitialized node_not_member membership_mismatch hostname_taken',
  ],
  ['raft-quorum', 'quorum_lost node_partitioned quorum_at_risk!'],
  ['raft-leader', 'no_leader leader_view_split leader_address_unknown'],
  ['raft-voters', 'voter_promotion_stalled'],
  ['node-liveness', 'node_unreachable node_unresponsive heartbeat_stale! clock_skew!'],
  ['control-tls', 'tls_untrusted tls_name_mismatch tls_bootstrap_certificate'],
  ['operator-token', 'token_missing token_invalid token_revoked operator_locked_out!'],
  ['control-exposure', 'control_port_exposed!'],
  ['known-issues', 'known_issue'],
  ['docker-engine', 'docker_error'],
  ['node-isolation', 'isolation_unavailable'],
  ['nft-self-test', 'firewall_binary_missing firewall_not_permitted isolation_self_test_failed'],
  ['nft-rules', 'isolation_rules_wrong foreign_firewall_drop'],
  ['overlay-exemptions', 'overlay_exemption_missing'],
  ['kernel-network', 'ip_forward_disabled bridge_down route_to_pool_wrong'],
  ['container-traffic', 'dns_traffic_redirected pool_traffic_dropped'],
  ['dns-upstreams', 'dns_no_upstreams dns_upstream_unreachable'],
  ['dns-listeners', 'dns_listener_missing'],
  ['dns-answers', 'dns_default_network dns_service_unresolved'],
  ['mesh', 'mesh_address_collision! mesh_unavailable! mesh_unavailable_spanning'],
  ['subnet-pool', 'subnet_pool_exhausted subnet_pool_low!'],
  ['deployments', 'deployment_name_unsafe deployment_pending deployment_pending_stale!'],
  ['containers', 'orphan_replica network_conflict orphan_container!'],
  [
    'replicas',
    'image_pull_failed depends_on_cycle replica_not_started container_exited restart_exhausted replica_unhealthy replica_stale depends_on_unmet',
  ],
  ['rollouts', 'rollout_rolled_back'],
  ['ingress-listeners', 'ingress_port_conflict ingress_load_failed'],
  ['routes', 'route_taken route_no_upstreams route_upstream_unreachable'],
  [
    'certificates',
    'acme_challenge_intercepted cert_failed cert_expired cert_name_mismatch cert_not_issued cert_staging_stuck cert_not_served cert_expiring!',
  ],
  ['version-skew', 'version_skew!'],
];

test('entries that a check finds, now or later, are in the order of the checks', () => {
  const found = entries
    .filter(({ caught }) => caught.how === 'live' || caught.how === 'planned')
    .map(({ id, severity }) => [id, severity]);
  const wanted = ORDER.flatMap(([, ids]) =>
    ids.split(' ').map((id) => [id.replace('!', ''), id.endsWith('!') ? 'warn' : 'fail']),
  );
  expect(found).toEqual(wanted);
});

test('then come those of text, then those that are only explained', () => {
  const rank = { live: 0, planned: 0, 'from-text': 1, 'explain-only': 2 };
  const ranks = entries.map((entry) => rank[entry.caught.how]);
  expect(ranks).toEqual([...ranks].sort());
  for (const entry of entries.filter((one) => one.caught.how === 'from-text'))
    expect(entry.severity, entry.id).toBe('fail');
  for (const entry of entries.filter((one) => one.caught.how === 'explain-only'))
    expect(entry.severity, entry.id).toBe('none');
});

test('every further code of the source has an entry', () => {
  const codes =
    'raft_unavailable state_unavailable raft_apply_failed rand_failed privilege_denied route_not_found route_tls_mixed route_multiple_catchall invalid_depends_on unknown_depends_on_service unsupported_depends_on_condition drain_no_placement drain_apply_failed drain_cancelled drain_timeout raft_remove_failed raft_demote_failed raft_add_voter_failed backup_failed no_cluster logs_unavailable logs_stream join_token_invalid join_token_consumed join_token_expired ca_missing csr_invalid ipam_unavailable pulling container_exited inspect_failed no_state restart_exhausted cannot_satisfy_host_placement';
  const ofSource = entries.filter((entry) => entry.origin === 'jaco-source').map((entry) => entry.id);
  expect([...ofSource].sort()).toEqual(codes.split(' ').sort());
});

test('an id follows only from ids before it among the live ones, and never from itself', () => {
  const place = new Map<string, number>(jacoIds.map((id, index) => [id, index]));
  for (const entry of entries.filter(({ caught }) => caught.how === 'live' || caught.how === 'planned'))
    for (const upstream of entry.symptomOf)
      expect(place.get(upstream), `${entry.id} from ${upstream}`).toBeLessThan(place.get(entry.id) ?? -1);
});

test('the small module carries ids, severities and the ids of text as the large one has them', () => {
  expect(jacoIds).toEqual(entries.map((entry) => entry.id));
  expect(Object.entries(severityOf)).toEqual(
    expect.arrayContaining(entries.map((entry) => [entry.id, entry.severity])),
  );
  const ofText = entries.filter((entry) => entry.caught.how === 'from-text').map((entry) => entry.id);
  expect(jacoTextIds.filter((id) => jacoIds.includes(id))).toEqual(ofText);
});

test('the pairs that are easily taken for each other explain themselves', () => {
  const pairs = [
    ['token_missing', 'token_invalid'],
    ['hostname_taken', 'node_already_member'],
    ['ingress_port_conflict', 'port_conflict'],
    ['cert_not_issued', 'cert_failed'],
    ['isolation_rules_wrong', 'isolation_self_test_failed'],
  ];
  for (const [one, other] of pairs.flatMap(([a, b]) => [
    [a, b],
    [b, a],
  ]))
    expect(
      entries.find((entry) => entry.id === one)?.notToBeConfusedWith.map((pair) => pair.id),
      one,
    ).toContain(other);
});

test('only a documented passing state is transient', () => {
  const transient = entries.filter((entry) => entry.retry.kind === 'transient').map((entry) => entry.id);
  expect(transient).toEqual(['no_leader']);
});
