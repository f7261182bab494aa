// generated from src/catalog/jaco/*.yaml, src/catalog/jacqos/*.yaml by scripts/compile-catalog.js
/** The products that have a catalogue. */
export const productNames = ['jaco', 'jacqos'] as const;

export type ProductName = (typeof productNames)[number];

/** The catalogue of each product. Its texts are large, so a subject is loaded only if one of its ids is shown. */
export const catalogs = {
  jaco: {
    subjects: [
      {
        ids: ["dns_forwarder_loop","config_invalid","config_invalid_on_restart","unit_missing","port_in_use","bind_address_unavailable","data_disk_full","data_dir_unreadable","data_dir_unwritable","data_dir_locked","unit_failed","unit_inactive","unit_not_enabled","disk_nearly_full","daemon_unreachable","daemon_unresponsive","socket_permission_denied","socket_hidden","socket_unlinked","not_jaco_grpc","binary_not_restarted"],
        load: () => import('./jaco-daemon.ts'),
      },
      {
        ids: ["raft_resume_failed","hostname_changed","cluster_uninitialized","node_not_member","membership_mismatch","hostname_taken","quorum_lost","node_partitioned","quorum_at_risk","no_leader","leader_view_split","leader_address_unknown","voter_promotion_stalled","node_unreachable","node_unresponsive","heartbeat_stale","clock_skew"],
        load: () => import('./jaco-raft.ts'),
      },
      {
        ids: ["tls_untrusted","tls_name_mismatch","tls_bootstrap_certificate","token_missing","token_invalid","token_revoked","operator_locked_out","control_port_exposed"],
        load: () => import('./jaco-access.ts'),
      },
      {
        ids: ["known_issue"],
        load: () => import('./jaco-known-issues.ts'),
      },
      {
        ids: ["docker_error"],
        load: () => import('./jaco-engine.ts'),
      },
      {
        ids: ["isolation_unavailable","firewall_binary_missing","firewall_not_permitted","isolation_self_test_failed","isolation_rules_wrong","foreign_firewall_drop","overlay_exemption_missing","ip_forward_disabled","bridge_down","route_to_pool_wrong","dns_traffic_redirected","pool_traffic_dropped"],
        load: () => import('./jaco-isolation.ts'),
      },
      {
        ids: ["dns_no_upstreams","dns_upstream_unreachable","dns_listener_missing","dns_default_network","dns_service_unresolved","mesh_address_collision","mesh_unavailable","mesh_unavailable_spanning"],
        load: () => import('./jaco-dns.ts'),
      },
      {
        ids: ["subnet_pool_exhausted","subnet_pool_low","deployment_name_unsafe","deployment_pending","deployment_pending_stale","orphan_replica","network_conflict","orphan_container","image_pull_failed","depends_on_cycle","replica_not_started","container_exited","restart_exhausted","replica_unhealthy","replica_stale","depends_on_unmet","rollout_rolled_back"],
        load: () => import('./jaco-runtime.ts'),
      },
      {
        ids: ["ingress_port_conflict","ingress_load_failed","route_taken","route_no_upstreams","route_upstream_unreachable","acme_challenge_intercepted","cert_failed","cert_expired","cert_name_mismatch","cert_not_issued","cert_staging_stuck","cert_not_served","cert_expiring"],
        load: () => import('./jaco-ingress.ts'),
      },
      {
        ids: ["version_skew"],
        load: () => import('./jaco-version-skew.ts'),
      },
      {
        ids: ["validation_failed","parse_failed","unknown_service","unknown_host","unknown_network","reserved_port","legacy_compose_field","env_file_unresolved","replicas_exceed_pinned_hosts","port_conflict","route_tls_mixed","route_multiple_catchall","invalid_depends_on","unknown_depends_on_service","unsupported_depends_on_condition","environment_file_unreadable","required_variable_missing","variable_template_invalid"],
        load: () => import('./jaco-from-text-manifests.ts'),
      },
      {
        ids: ["privilege_denied","deployment_not_found","no_previous_revision","route_not_found","output_format_unsupported","upgrade_verification_failed","upgrade_failed"],
        load: () => import('./jaco-from-text-commands.ts'),
      },
      {
        ids: ["cluster_already_initialized","raft_unavailable","state_unavailable","raft_apply_failed","rand_failed","drain_no_placement","drain_apply_failed","drain_cancelled","drain_timeout","raft_remove_failed","raft_demote_failed","raft_add_voter_failed","join_token_invalid","join_token_consumed","join_token_expired","ca_missing","csr_invalid","ipam_unavailable","backup_failed","no_cluster","logs_unavailable","logs_stream"],
        load: () => import('./jaco-from-text-cluster.ts'),
      },
      {
        ids: ["pulling","inspect_failed","no_state","cannot_satisfy_host_placement","node_already_member","internal"],
        load: () => import('./jaco-explain-only.ts'),
      },
    ],
    topics: () => import('./jaco-topics.ts'),
  },
  jacqos: {
    subjects: [
      {
        ids: ["secret_material_persisted","management_url_malformed","cloud_configuration_missing","management_url_missing","local_auth_fixture_enabled","agentmail_api_key_missing","management_url_conflict","session_persistence_failed","jacqos_cli_missing"],
        load: () => import('./jacqos-local.ts'),
      },
      {
        ids: ["management_plane_unavailable","management_writes_disabled"],
        load: () => import('./jacqos-reach.ts'),
      },
      {
        ids: ["unauthenticated_management_request","auth_state_not_authenticated","verification_email_not_received","verification_email_parse_failed","verification_code_expired","verification_code_rejected","management_route_missing","workos_identity_rejected","cloud_invite_required","cloud_invite_invalid","cloud_signups_disabled","cloud_device_auth_denied","cloud_device_auth_expired","missing_management_route_scope","wrong_org_or_project_scope","duplicate_app_name","billing_handoff_not_configured"],
        load: () => import('./jacqos-account.ts'),
      },
      {
        ids: ["runtime_cell_unavailable"],
        load: () => import('./jacqos-runtime.ts'),
      },
      {
        ids: ["unverified_package_publish","package_digest_mismatch","missing_package_blob","inline_package_too_large","too_many_effect_capabilities","deployment_quota_exceeded","read_only_deployment","degraded_deployment"],
        load: () => import('./jacqos-deployment.ts'),
      },
      {
        ids: ["no_active_evaluator","stale_activation_package_identity"],
        load: () => import('./jacqos-activation.ts'),
      },
      {
        ids: ["runtime_token_issue_quota_exceeded","runtime_token_ttl_exceeds_limit","runtime_token_scope_limit_exceeded","missing_runtime_token","invalid_runtime_token","revoked_runtime_token","wrong_runtime_scope"],
        load: () => import('./jacqos-token.ts'),
      },
      {
        ids: ["hosted_effect_failure","manual_reconcile_required"],
        load: () => import('./jacqos-effects.ts'),
      },
      {
        ids: ["hosted_projection_stale","append_policy_denied","runtime_observation_quota_exceeded","idempotency_conflict"],
        load: () => import('./jacqos-append.ts'),
      },
      {
        ids: ["runtime_export_quota_exceeded","empty_lineage_not_found","export_digest_drift","replay_export_mismatch"],
        load: () => import('./jacqos-replay.ts'),
      },
    ],
    topics: () => import('./jacqos-topics.ts'),
  },
};

/** Loads the search index of each product. */
export const searchIndexes = {
  jaco: () => import('./search-jaco.ts'),
  jacqos: () => import('./search-jacqos.ts'),
};
