/** What the doctor reports for a fault of the stand-in cloud. */
type Expected = {
  readonly exit: 0 | 1 | 3;
  /**
   * Every row that neither passes, nor is blocked, nor is not applicable: its status, then ids with cause and subject.
   */
  readonly rows: { readonly [check: string]: string };
  /** Words that only this fault can quote: an answer, a path, or the source that named the id. */
  readonly proof: RegExp;
};

export const expected: { readonly [fault: string]: Expected } = {
  healthy: { exit: 0, rows: {}, proof: /account\.status: ready/ },
  'management-down': {
    exit: 1,
    rows: {
      'management-plane': 'fail management_plane_unavailable:outage',
      'account-readiness': 'fail unauthenticated_management_request',
    },
    proof: /\/api\/v0\/health .*503/,
  },
  'management-refused': {
    exit: 1,
    rows: { 'management-plane': 'fail management_plane_unavailable:outage' },
    proof: /ECONNREFUSED/,
  },
  'writes-paused': {
    exit: 1,
    rows: { 'management-plane': 'fail management_writes_disabled' },
    proof: /output .*management_writes_disabled/,
  },
  'sign-in-page': { exit: 3, rows: { 'management-plane': 'unknown' }, proof: /login\.hotel\.test/ },
  'certificate-expired': {
    exit: 3,
    rows: { 'runtime-cell': 'unknown' },
    proof: /tls: .*JacqOS stand-in test CA.*Jan 1 00:00:00 2021 GMT/,
  },
  'plane-silent': { exit: 3, rows: { 'management-plane': 'unknown' }, proof: /first-byte: / },
  'signed-out': {
    exit: 1,
    rows: { 'account-readiness': 'fail unauthenticated_management_request' },
    proof: /readiness --json \(exit 1\) .*unauthenticated_management_request/,
  },
  'not-invited': {
    exit: 1,
    rows: {
      'account-readiness': 'fail cloud_invite_required billing_handoff_not_configured',
      'deployment-status': 'unknown',
      activation: 'unknown',
    },
    proof: /readiness --json \(exit 1\) .*cloud_invite_required/,
  },
  'billing-open': {
    exit: 0,
    rows: { 'account-readiness': 'warn billing_handoff_not_configured' },
    proof: /readiness --json \(exit 0\) .*billing_handoff_not_configured/,
  },
  'outage-over': { exit: 0, rows: {}, proof: /management_plane_unavailable .* 200/ },
  'cell-down': {
    exit: 1,
    rows: { 'runtime-cell': 'fail runtime_cell_unavailable:outage', 'deployment-status': 'fail degraded_deployment' },
    proof: /\/healthz .*502/,
  },
  unverified: {
    exit: 1,
    rows: { 'verification-bundle': 'fail unverified_package_publish:bundle-failed' },
    proof: /orders_fixture/,
  },
  'deploy-refused': {
    exit: 1,
    rows: { 'verification-bundle': 'fail package_digest_mismatch' },
    proof: /output .*package_digest_mismatch/,
  },
  'read-only': {
    exit: 1,
    rows: { 'deployment-status': 'fail read_only_deployment' },
    proof: /status --json \(exit 1\) .*read_only_deployment/,
  },
  degraded: {
    exit: 1,
    rows: { 'deployment-status': 'fail degraded_deployment' },
    proof: /status --json \(exit 1\) .*degraded_deployment/,
  },
  'nothing-promoted': {
    exit: 1,
    rows: { activation: 'fail no_active_evaluator' },
    proof: /status --json \(exit 1\) .*no_active_evaluator/,
  },
  'strange-word': {
    exit: 3,
    rows: { 'deployment-status': 'unknown', activation: 'unknown' },
    proof: /lifecycle: hibernating/,
  },
  'token-revoked': {
    exit: 1,
    rows: { 'runtime-token': 'fail revoked_runtime_token' },
    proof: /output .*revoked_runtime_token/,
  },
  'token-of-another-app': {
    exit: 1,
    rows: { 'runtime-token': 'fail wrong_runtime_scope' },
    proof: /v0\/apps\/shop\/envs\/prod\/observe \(403\) .*wrong_runtime_scope/,
  },
  'effect-unclear': {
    exit: 1,
    rows: { 'hosted-effects': 'fail manual_reconcile_required' },
    proof: /status --json \(exit 0\) .*manual_reconcile_required/,
  },
  'append-refused': { exit: 1, rows: { append: 'fail append_policy_denied' }, proof: /output .*append_policy_denied/ },
  'export-differs': {
    exit: 1,
    rows: { replay: 'fail export_digest_drift replay_export_mismatch' },
    proof: /output .*export_digest_drift/,
  },
  'no-command': {
    exit: 1,
    rows: { cli: 'fail jacqos_cli_missing:absent' },
    proof: /no jacqos in the 2 folders of PATH/,
  },
  'command-hangs': {
    exit: 3,
    rows: { 'deployment-status': 'unknown', activation: 'unknown' },
    proof: /cloud status --json/,
  },
  'secret-in-workspace': {
    exit: 1,
    rows: { 'secret-material': 'fail secret_material_persisted:in-workspace' },
    proof: /key\.pem.*private key/,
  },
  'address-malformed': {
    exit: 1,
    rows: { configuration: 'fail management_url_malformed JACQOS_MANAGEMENT_URL' },
    proof: /JACQOS_MANAGEMENT_URL .*cloud\.jacqos\.io/,
  },
  'two-planes': {
    exit: 0,
    rows: { configuration: 'warn management_url_conflict' },
    proof: /JACQOS_LIVE_MANAGEMENT_URL/,
  },
};
