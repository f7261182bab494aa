/**
 * MADE UP, all of it. No output of a JacqOS command is published, and none of these forms is claimed to be real:
 * programs of this kind print them, and the reader must handle each.
 */
export type MadeUp = {
  readonly what: string;
  readonly text: string;
  /** Whether the command that printed it failed; pasted text comes from one that did. */
  readonly failed?: false;
  /** Ids that must be read as wrong now, in this order. */
  readonly present: readonly string[];
  /** Ids that must be seen and not be read as wrong. */
  readonly mentioned?: readonly string[];
  readonly unrecognised?: readonly string[];
};

const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** Shapes in which an id is what is wrong now. */
export const present: readonly MadeUp[] = [
  {
    what: 'a blank that is not ASCII',
    text: 'Error:\u00a0missing_package_blob\u2009gone\n',
    present: ['missing_package_blob'],
  },
  {
    what: 'a problem by its type, as RFC 9457 writes it',
    text: json({ type: 'https://errors.test/problems/missing_package_blob', title: 'gone', status: 404 }),
    present: ['missing_package_blob'],
  },
  {
    what: 'a denial, and in the next sentence a report',
    text: 'This is no package_digest_mismatch; Error: missing_package_blob\n',
    present: ['missing_package_blob'],
    mentioned: ['package_digest_mismatch'],
  },
  {
    what: 'colours whose first character a log viewer removed, or wrote out',
    text: '[1;31merror[0m: [31mmissing_package_blob[0m\n\\u001b[31mappend_policy_denied\\u001b[0m\n',
    present: ['missing_package_blob', 'append_policy_denied'],
  },
  {
    what: 'the last test of a list that passed before',
    text: 'ok 1 - missing_runtime_token\nnot ok 2 - append_policy_denied\n',
    present: ['append_policy_denied'],
    mentioned: ['missing_runtime_token'],
  },
  {
    what: 'a heading that is underlined, and the one before it',
    text: 'History\n-------\npackage_digest_mismatch\n\nCurrent\n-------\nappend_policy_denied\n',
    present: ['append_policy_denied'],
    mentioned: ['package_digest_mismatch'],
  },
  {
    what: 'a log in which an outage came and went',
    text: '10:00:00 ERROR runtime_cell_unavailable\n10:00:02 INFO runtime_cell_unavailable resolved\n10:00:03 ERROR append_policy_denied\n',
    present: ['append_policy_denied'],
    mentioned: ['runtime_cell_unavailable'],
  },
  {
    what: 'an outage that came again after it was over',
    text: '10:00:00 INFO recovered from runtime_cell_unavailable\n10:00:03 ERROR runtime_cell_unavailable\n',
    present: ['runtime_cell_unavailable'],
  },
  { what: 'a code', text: json({ code: 'missing_package_blob' }), present: ['missing_package_blob'] },
  {
    what: 'an error object',
    text: json({ error: { id: 'no_active_evaluator', message: 'nothing promoted', retryable: false } }),
    present: ['no_active_evaluator'],
  },
  {
    what: 'an error as a bare string',
    text: json({ error: 'revoked_runtime_token' }),
    present: ['revoked_runtime_token'],
  },
  {
    what: 'a key that cannot be guessed',
    text: json({ zzz: { qqq: 'wrong_runtime_scope' } }),
    present: ['wrong_runtime_scope'],
  },
  {
    what: 'a list of failures, in their order',
    text: json({ failures: ['wrong_runtime_scope', 'missing_package_blob'] }),
    present: ['wrong_runtime_scope', 'missing_package_blob'],
  },
  {
    what: 'a list of objects',
    text: json({
      readiness: 'blocked',
      blockers: [{ id: 'cloud_invite_required' }, { id: 'billing_handoff_not_configured' }],
    }),
    present: ['cloud_invite_required', 'billing_handoff_not_configured'],
  },
  { what: 'a bare list', text: json(['degraded_deployment']), present: ['degraded_deployment'] },
  { what: 'a bare string', text: '"management_writes_disabled"', present: ['management_writes_disabled'] },
  {
    what: 'an id as a key that is true',
    text: json({ checks: { no_active_evaluator: true, read_only_deployment: false } }),
    present: ['no_active_evaluator'],
    mentioned: ['read_only_deployment'],
  },
  {
    what: 'an id as a key of its details',
    text: json({ errors: { invalid_runtime_token: { detail: 'signature' } } }),
    present: ['invalid_runtime_token'],
  },
  {
    what: 'an id as a key of its sentence',
    text: json({ errors: { invalid_runtime_token: 'The signature does not fit.' } }),
    present: ['invalid_runtime_token'],
  },
  {
    what: 'a key that occurs twice',
    text: '{"error":"missing_runtime_token","error":"no_active_evaluator"}',
    present: ['missing_runtime_token', 'no_active_evaluator'],
  },
  {
    what: 'integer keys in their own order',
    text: '{"9":"wrong_runtime_scope","1":"missing_runtime_token"}',
    present: ['wrong_runtime_scope', 'missing_runtime_token'],
  },
  {
    what: 'deeply nested',
    text: `${'{"a":['.repeat(40)}"degraded_deployment"${']}'.repeat(40)}`,
    present: ['degraded_deployment'],
  },
  {
    what: 'NDJSON',
    text: '{"event":"start"}\n{"event":"error","id":"inline_package_too_large"}\n{"event":"end"}\n',
    present: ['inline_package_too_large'],
  },
  {
    what: 'documents without line ends between them',
    text: '{"a":1}{"error":"idempotency_conflict"}',
    present: ['idempotency_conflict'],
  },
  {
    what: 'JSON after text',
    text: 'Deploying shop to production…\nuploading 100%\n{"ok":false,"error":{"code":"missing_package_blob"}}',
    present: ['missing_package_blob'],
  },
  {
    what: 'JSON after text on its line',
    text: 'deploy failed: {"code":"deployment_quota_exceeded"}',
    present: ['deployment_quota_exceeded'],
  },
  {
    what: 'JSON before text',
    text: '{"code":"read_only_deployment"}\nexit status 1',
    present: ['read_only_deployment'],
  },
  { what: 'a byte order mark', text: '\ufeff{"code":"read_only_deployment"}', present: ['read_only_deployment'] },
  {
    what: 'JSON in a string of JSON',
    text: json({ body: json({ error: { code: 'empty_lineage_not_found' } }) }),
    present: ['empty_lineage_not_found'],
  },
  {
    what: 'JSON that was cut off',
    text: '{"status":"failed","errors":[{"id":"runtime_export_quota_exceeded","mess',
    present: ['runtime_export_quota_exceeded'],
  },
  {
    what: 'JSON with a log line in it',
    text: '{"error":"append_policy_denied",\nwarning: slow answer\n"retry":false}',
    present: ['append_policy_denied'],
  },
  {
    what: 'as Node prints an object',
    text: "Error: failed { code: 'missing_package_blob', status: 422, retryable: false }",
    present: ['missing_package_blob'],
  },
  {
    what: 'as Python prints one',
    text: "{'error': 'duplicate_app_name', 'resolved': False, 'at': None}",
    present: ['duplicate_app_name'],
  },
  { what: 'a comma at the end', text: '{"errors":["duplicate_app_name",],}', present: ['duplicate_app_name'] },
  {
    what: 'colours',
    text: '\u001b[31mError:\u001b[0m \u001b[1mmissing_runtime_token\u001b[0m: no bearer',
    present: ['missing_runtime_token'],
  },
  {
    what: 'a link of the terminal',
    text: '\u001b]8;;https://example.test/x\u0007error\u001b]8;;\u0007[missing_runtime_token]: no bearer',
    present: ['missing_runtime_token'],
  },
  {
    what: 'a progress line that was written over',
    text: 'uploading 10%\ruploading 90%\rError: missing_package_blob: none',
    present: ['missing_package_blob'],
  },
  {
    what: 'error[id]',
    text: 'error[unverified_package_publish]: the package is not verified',
    present: ['unverified_package_publish'],
  },
  { what: 'Error: id: message', text: 'Error: duplicate_app_name: choose another', present: ['duplicate_app_name'] },
  {
    what: 'error (id)',
    text: 'error (cloud_device_auth_expired): run login again',
    present: ['cloud_device_auth_expired'],
  },
  { what: 'an id alone', text: 'management_route_missing\n', present: ['management_route_missing'] },
  {
    what: 'an id behind a cross',
    text: '  ✖ workos_identity_rejected  WorkOS said no',
    present: ['workos_identity_rejected'],
  },
  {
    what: 'an id in a sentence',
    text: 'deploy stopped with missing_package_blob after 3 s',
    present: ['missing_package_blob'],
  },
  {
    what: 'an id in brackets behind a sentence',
    text: 'the previous request with this key had another body (idempotency_conflict)',
    present: ['idempotency_conflict'],
  },
  {
    what: 'logfmt',
    text: 'ts=2026-11-24T10:00:00Z level=error op=append code=hosted_projection_stale retry=false',
    present: ['hosted_projection_stale'],
  },
  {
    what: 'a log line',
    text: '2026-11-24T10:00:00.123Z ERROR cloud::deploy package_digest_mismatch expected=… got=…',
    present: ['package_digest_mismatch'],
  },
  {
    what: 'YAML',
    text: 'error:\n  id: too_many_effect_capabilities\n  retryable: false\n',
    present: ['too_many_effect_capabilities'],
  },
  {
    what: 'a chain of causes',
    text: 'Error: deploy failed\nCaused by: management_plane_unavailable: 503',
    present: ['management_plane_unavailable'],
  },
  {
    what: 'a chain of ids',
    text: 'Error: degraded_deployment: caused by: runtime_cell_unavailable: 502',
    present: ['degraded_deployment', 'runtime_cell_unavailable'],
  },
  {
    what: 'a list in a line',
    text: 'failed checks: unverified_package_publish, missing_package_blob and no_active_evaluator',
    present: ['unverified_package_publish', 'missing_package_blob', 'no_active_evaluator'],
  },
  {
    what: 'a list under a heading',
    text: 'Failures:\n  - missing_runtime_token: no bearer\n  - no_active_evaluator: nothing promoted\n',
    present: ['missing_runtime_token', 'no_active_evaluator'],
  },
  {
    what: 'a table',
    text: 'ID                     SCOPE   RETRY\nwrong_runtime_scope    token   after-fix\n',
    present: ['wrong_runtime_scope'],
  },
  {
    what: 'resolved: false',
    text: json({ incidents: [{ id: 'degraded_deployment', resolved: false }] }),
    present: ['degraded_deployment'],
  },
  {
    what: 'resolved_at: null',
    text: json({ incidents: [{ id: 'degraded_deployment', resolved_at: null }] }),
    present: ['degraded_deployment'],
  },
  {
    what: 'a history with one that continues',
    text: json({
      history: [
        { id: 'degraded_deployment', resolved: false },
        { id: 'read_only_deployment', resolved: true },
      ],
    }),
    present: ['degraded_deployment'],
    mentioned: ['read_only_deployment'],
  },
  {
    what: 'the last failure of a command that failed',
    text: json({ ok: false, last_failure: { id: 'missing_package_blob' } }),
    present: ['missing_package_blob'],
  },
  {
    what: 'a name of an error',
    text: json({ error_name: 'wrong_org_or_project_scope' }),
    present: ['wrong_org_or_project_scope'],
  },
  {
    what: 'a failing check by its name',
    text: json({
      checks: [
        { name: 'runtime_cell_unavailable', status: 'failed' },
        { name: 'no_active_evaluator', status: 'passed' },
      ],
    }),
    present: ['runtime_cell_unavailable'],
    mentioned: ['no_active_evaluator'],
  },
  {
    what: 'a secret that was persisted',
    text: json({ receipt: { signed_in: true, secret_material_persisted: true } }),
    present: ['secret_material_persisted'],
  },
  {
    what: 'read_only without an id',
    text: json({ lifecycle: 'active', read_only: true }),
    failed: false,
    present: ['read_only_deployment'],
  },
  {
    what: 'degraded without an id',
    text: json({ runtime: { degraded: true } }),
    failed: false,
    present: ['degraded_deployment'],
  },
  {
    what: 'the fixture as identity',
    text: json({ signed_in: true, user: 'local-studio-user' }),
    failed: false,
    present: ['local_auth_fixture_enabled'],
  },
  {
    what: 'an event of a stream',
    text: 'event: error\ndata: {"type":"hosted_effect_failure","effect":"e1"}\n',
    present: ['hosted_effect_failure'],
  },
  {
    what: 'a trailing help line',
    text: 'error[missing_runtime_token]: no bearer\n  help: a revoked one is revoked_runtime_token\n',
    present: ['missing_runtime_token'],
    mentioned: ['revoked_runtime_token'],
  },
  {
    what: 'an unresolved list',
    text: json({ unresolved: ['manual_reconcile_required'] }),
    present: ['manual_reconcile_required'],
  },
  {
    what: 'who is blocked by what',
    text: json({ account: { state: 'blocked', blocked_by: ['workos_identity_rejected'] } }),
    present: ['workos_identity_rejected'],
  },
  {
    what: 'an error of GraphQL',
    text: json({ data: null, errors: [{ message: 'no', extensions: { code: 'missing_management_route_scope' } }] }),
    present: ['missing_management_route_scope'],
  },
  {
    what: 'below the name of an app',
    text: json({ app: { environment: { failures: ['no_active_evaluator'] } } }),
    failed: false,
    present: ['no_active_evaluator'],
  },
  {
    what: 'the newest deployment',
    text: json({ latest_deployment: { status: 'failed', error: 'package_digest_mismatch' } }),
    failed: false,
    present: ['package_digest_mismatch'],
  },
  {
    what: 'an element',
    text: '<error><code>runtime_export_quota_exceeded</code></error>',
    present: ['runtime_export_quota_exceeded'],
  },
  {
    what: 'JSON that was escaped for a log',
    text: 'level=error body="{\\"code\\":\\"append_policy_denied\\"}"',
    present: ['append_policy_denied'],
  },
  {
    what: 'a failure with all that a page promises',
    text: json({ failure: { id: 'cloud_signups_disabled', next_action: 'Wait', retryability: 'wait' } }),
    present: ['cloud_signups_disabled'],
  },
  {
    what: 'a state that is not a documented healthy one',
    text: json({ states: { hosted_projection_stale: 'active' } }),
    failed: false,
    present: ['hosted_projection_stale'],
  },
  {
    what: 'a status on stdout and an error behind it',
    text: '{"lifecycle":"active"}\nError: revoked_runtime_token: rotate it\n',
    present: ['revoked_runtime_token'],
  },
  { what: 'markdown', text: '**Failure id:** `cloud_invite_invalid`', present: ['cloud_invite_invalid'] },
  {
    what: 'a problem as RFC 7807 has it',
    text: json({ type: 'https://jacqos.test/e/missing_runtime_token', title: 'missing_runtime_token', status: 401 }),
    present: ['missing_runtime_token'],
  },
  {
    what: 'an error by its name',
    text: json({ error: { name: 'wrong_org_or_project_scope', message: 'no' } }),
    present: ['wrong_org_or_project_scope'],
  },
  {
    what: 'one that is not resolved yet',
    text: 'degraded_deployment is not resolved yet',
    present: ['degraded_deployment'],
  },
  {
    what: 'then and now',
    text: 'Previously failed with missing_package_blob, now: no_active_evaluator',
    present: ['no_active_evaluator'],
    mentioned: ['missing_package_blob'],
  },
  {
    what: 'YAML with one open and one over',
    text: '- id: no_active_evaluator\n  status: resolved\n- id: degraded_deployment\n  status: open\n',
    present: ['degraded_deployment'],
    mentioned: ['no_active_evaluator'],
  },
  {
    what: 'as Rust prints a value',
    text: 'Error { id: "export_digest_drift", retryable: false }',
    present: ['export_digest_drift'],
  },
  {
    what: 'JSON in a string, whole',
    text: JSON.stringify(JSON.stringify({ code: 'append_policy_denied' })),
    present: ['append_policy_denied'],
  },
  {
    what: 'what became of one observation of a batch',
    text: json({ observations: [{ index: 0, error: 'append_policy_denied' }] }),
    present: ['append_policy_denied'],
  },
];

/** Forms in which an id occurs and is not wrong now. */
export const mentions: readonly MadeUp[] = [
  {
    what: 'the last failure, with the time at which it was over',
    text: json({ last_error: { id: 'degraded_deployment', resolved_at: '2026-11-24T10:00:00Z' } }),
    present: [],
    mentioned: ['degraded_deployment'],
  },
  {
    what: 'an app with the name',
    text: json({
      app: { id: 'missing_package_blob' },
      app_id: 'missing_package_blob',
      request_id: 'append_policy_denied',
    }),
    present: [],
    mentioned: ['missing_package_blob', 'append_policy_denied'],
  },
  {
    what: 'an app by its name in a sentence, a flag, a file and a trace of the shell',
    text: 'deploying app wrong_runtime_scope…\nunknown flag --missing_package_blob\ngrep: append_policy_denied: No such file or directory\n+ echo export_digest_drift\nclass revoked_runtime_token(Exception): pass\n',
    present: [],
    mentioned: [
      'wrong_runtime_scope',
      'missing_package_blob',
      'append_policy_denied',
      'export_digest_drift',
      'revoked_runtime_token',
    ],
  },
  {
    what: 'what usually goes wrong',
    text: 'Common failures: missing_package_blob, package_digest_mismatch\n',
    present: [],
    mentioned: ['missing_package_blob', 'package_digest_mismatch'],
  },
  {
    what: 'a state that is over',
    text: 'no longer degraded_deployment\nread_only_deployment is no longer reported\nwas runtime_cell_unavailable, now healthy\nhosted_projection_stale → healthy\nignoring billing_handoff_not_configured\n',
    present: [],
    mentioned: [
      'degraded_deployment',
      'read_only_deployment',
      'runtime_cell_unavailable',
      'hosted_projection_stale',
      'billing_handoff_not_configured',
    ],
  },
  {
    what: 'a count',
    text: '3x missing_runtime_token in the last hour\n',
    present: [],
    mentioned: ['missing_runtime_token'],
  },
  {
    what: 'an id in the prose of another',
    text: json({ code: 'invalid_runtime_token', message: 'not the same as revoked_runtime_token' }),
    present: ['invalid_runtime_token'],
    mentioned: ['revoked_runtime_token'],
  },
  {
    what: 'an id in the prose below another',
    text: json({
      error: { code: 'invalid_runtime_token', help: { text: 'if it was taken back you see revoked_runtime_token' } },
    }),
    present: ['invalid_runtime_token'],
    mentioned: ['revoked_runtime_token'],
  },
  {
    what: 'history',
    text: json({ lifecycle: 'active', history: [{ id: 'no_active_evaluator' }] }),
    failed: false,
    present: [],
    mentioned: ['no_active_evaluator'],
  },
  {
    what: 'a failure of the past',
    text: json({ history: [{ id: 'no_active_evaluator', status: 'failed' }] }),
    present: [],
    mentioned: ['no_active_evaluator'],
  },
  {
    what: 'the previous failure',
    text: json({ previousFailure: 'missing_package_blob', status: 'active' }),
    failed: false,
    present: [],
    mentioned: ['missing_package_blob'],
  },
  {
    what: 'an audit',
    text: json({ audit: { events: ['runtime_token_issue_quota_exceeded'] } }),
    present: [],
    mentioned: ['runtime_token_issue_quota_exceeded'],
  },
  {
    what: 'receipts',
    text: json({ lifecycle_receipts: [{ result: 'deployment_quota_exceeded' }] }),
    present: [],
    mentioned: ['deployment_quota_exceeded'],
  },
  {
    what: 'a resolved one',
    text: json({ failures: [{ id: 'degraded_deployment', resolved: true }] }),
    present: [],
    mentioned: ['degraded_deployment'],
  },
  {
    what: 'one with the time it was resolved',
    text: json({ failures: [{ id: 'degraded_deployment', resolvedAt: '2026-11-01T00:00:00Z' }] }),
    present: [],
    mentioned: ['degraded_deployment'],
  },
  {
    what: 'one whose flag comes first',
    text: json({ failures: [{ cleared: true, detail: { code: 'degraded_deployment' } }] }),
    present: [],
    mentioned: ['degraded_deployment'],
  },
  {
    what: 'one whose status is resolved',
    text: json({ incidents: [{ id: 'read_only_deployment', status: 'resolved' }] }),
    present: [],
    mentioned: ['read_only_deployment'],
  },
  {
    what: 'a list of resolved ones',
    text: json({ resolved: ['read_only_deployment'], open: [] }),
    present: [],
    mentioned: ['read_only_deployment'],
  },
  {
    what: 'a catalogue',
    text: json({ error_catalog: { missing_runtime_token: 'no bearer', invalid_runtime_token: 'bad shape' } }),
    present: [],
    mentioned: ['missing_runtime_token', 'invalid_runtime_token'],
  },
  {
    what: 'documentation',
    text: json({ docs: { topics: ['append_policy_denied'] } }),
    present: [],
    mentioned: ['append_policy_denied'],
  },
  {
    what: 'an example',
    text: json({ example_error: { code: 'append_policy_denied' } }),
    present: [],
    mentioned: ['append_policy_denied'],
  },
  {
    what: 'the name of an app',
    text: json({ app: { name: 'duplicate_app_name' }, status: 'active' }),
    failed: false,
    present: [],
    mentioned: ['duplicate_app_name'],
  },
  {
    what: 'counts',
    text: json({ failure_counts: { hosted_effect_failure: 3, idempotency_conflict: 1 } }),
    failed: false,
    present: [],
    mentioned: ['hosted_effect_failure', 'idempotency_conflict'],
  },
  {
    what: 'a number of times',
    text: json({ errors: { hosted_effect_failure: 14 } }),
    failed: false,
    present: [],
    mentioned: ['hosted_effect_failure'],
  },
  {
    what: 'a key that is false, null, 0 or an empty list',
    text: json({
      no_active_evaluator: false,
      read_only_deployment: null,
      degraded_deployment: 0,
      hosted_effect_failure: [],
    }),
    failed: false,
    present: [],
    mentioned: ['no_active_evaluator', 'read_only_deployment', 'degraded_deployment', 'hosted_effect_failure'],
  },
  {
    what: 'no secret was persisted',
    text: json({ signed_in: true, secret_material_persisted: false }),
    failed: false,
    present: [],
    mentioned: ['secret_material_persisted'],
  },
  {
    what: 'checks that passed',
    text: json({
      checks: [
        { id: 'missing_runtime_token', ok: true },
        { id: 'no_active_evaluator', status: 'pass' },
      ],
    }),
    failed: false,
    present: [],
    mentioned: ['missing_runtime_token', 'no_active_evaluator'],
  },
  {
    what: 'one that is not active',
    text: json({ flags: [{ id: 'management_writes_disabled', active: false }] }),
    failed: false,
    present: [],
    mentioned: ['management_writes_disabled'],
  },
  {
    what: 'the last failure of a command that did not fail',
    text: json({ lifecycle: 'active', last_failure: { id: 'missing_package_blob' } }),
    failed: false,
    present: [],
    mentioned: ['missing_package_blob'],
  },
  {
    what: 'a link',
    text: json({ help: 'https://jacqos.io/docs/cloud/troubleshooting/#missing_runtime_token' }),
    present: [],
    mentioned: ['missing_runtime_token'],
  },
  {
    what: 'a link in a sentence',
    text: 'see https://jacqos.io/docs/cloud/troubleshooting/#missing_runtime_token',
    present: [],
    mentioned: ['missing_runtime_token'],
  },
  {
    what: 'a file',
    text: 'wrote /tmp/missing_runtime_token.json and notes/no_active_evaluator/x',
    present: [],
    mentioned: ['missing_runtime_token', 'no_active_evaluator'],
  },
  {
    what: 'a list of what there is',
    text: 'Known failure ids:\n  missing_runtime_token\n  no_active_evaluator\n',
    present: [],
    mentioned: ['missing_runtime_token', 'no_active_evaluator'],
  },
  {
    what: 'the troubleshooting table',
    text: '| Error | What It Means | Fix |\n|---|---|---|\n| missing_runtime_token | no bearer | send it |\n',
    present: [],
    mentioned: ['missing_runtime_token'],
  },
  {
    what: 'a history in text',
    text: 'History:\n  10:00 no_active_evaluator\n  11:00 degraded_deployment\n\nlifecycle: active\n',
    present: [],
    mentioned: ['no_active_evaluator', 'degraded_deployment'],
  },
  {
    what: 'a history above the failure',
    text: 'Previous failures:\n  no_active_evaluator\nError: missing_package_blob: none\n',
    present: ['missing_package_blob'],
    mentioned: ['no_active_evaluator'],
  },
  {
    what: 'resolved in text',
    text: 'no_active_evaluator (resolved)\ndegraded_deployment was resolved at 10:00\nread_only_deployment: cleared\n',
    present: [],
    mentioned: ['no_active_evaluator', 'degraded_deployment', 'read_only_deployment'],
  },
  {
    what: 'resolved in a column',
    text: '10:00  no_active_evaluator   resolved\n',
    present: [],
    mentioned: ['no_active_evaluator'],
  },
  {
    what: 'resolved in a block',
    text: '- id: no_active_evaluator\n  resolved: true\n- id: missing_runtime_token\n  resolved: false\n',
    present: ['missing_runtime_token'],
    mentioned: ['no_active_evaluator'],
  },
  {
    what: 'logfmt of a resolved one above a present one',
    text: 'id=no_active_evaluator resolved=true\nid=missing_runtime_token resolved=false\n',
    present: ['missing_runtime_token'],
    mentioned: ['no_active_evaluator'],
  },
  {
    what: 'a check that is well',
    text: 'missing_runtime_token: ok\nno_active_evaluator = false\n',
    present: [],
    mentioned: ['missing_runtime_token', 'no_active_evaluator'],
  },
  {
    what: 'a count in text',
    text: 'hosted_effect_failure: 12\nidempotency_conflict (3)\n',
    present: [],
    mentioned: ['hosted_effect_failure', 'idempotency_conflict'],
  },
  {
    what: 'a denial',
    text: 'there was no missing_runtime_token this time',
    present: [],
    mentioned: ['missing_runtime_token'],
  },
  {
    what: 'a condition',
    text: 'If you get wrong_runtime_scope, issue another token.',
    present: [],
    mentioned: ['wrong_runtime_scope'],
  },
  {
    what: 'an explanation',
    text: 'missing_runtime_token means that no bearer was sent',
    present: [],
    mentioned: ['missing_runtime_token'],
  },
  {
    what: 'a name in text',
    text: 'app name: duplicate_app_name\nan app named no_active_evaluator\n',
    present: [],
    mentioned: ['duplicate_app_name', 'no_active_evaluator'],
  },
  {
    what: 'the command line itself',
    text: '$ jacqos cloud select --app-name duplicate_app_name\n',
    present: [],
    mentioned: ['duplicate_app_name'],
  },
  { what: 'last week', text: 'we had degraded_deployment last week', present: [], mentioned: ['degraded_deployment'] },
  {
    what: 'a document under a heading of the past',
    text: 'Previous attempt:\n{"code":"missing_package_blob"}\n',
    present: [],
    mentioned: ['missing_package_blob'],
  },
  {
    what: 'an example before a document',
    text: 'Example response: {"code":"missing_package_blob"}\nError: append_policy_denied: no\n',
    present: ['append_policy_denied'],
    mentioned: ['missing_package_blob'],
  },
  {
    what: 'a history of NDJSON',
    text: 'History:\n{"id":"missing_package_blob"}\n{"id":"no_active_evaluator"}\n',
    present: [],
    mentioned: ['missing_package_blob', 'no_active_evaluator'],
  },
  {
    what: 'a read-only token',
    text: json({ token: { read_only: true }, lifecycle: 'active' }),
    failed: false,
    present: [],
  },
  {
    what: 'the fixture in prose',
    text: json({ note: 'never fall back to local-studio-user', user: 'ada' }),
    failed: false,
    present: [],
  },
  {
    what: 'YAML with a history',
    text: 'lifecycle: active\nhistory:\n  - no_active_evaluator\nhealth: healthy\n',
    present: [],
    mentioned: ['no_active_evaluator'],
  },
  {
    what: 'a deployment that was replaced',
    text: json({
      deployments: [
        { n: 1, status: 'superseded', error: 'missing_package_blob' },
        { n: 2, status: 'active' },
      ],
    }),
    failed: false,
    present: [],
    mentioned: ['missing_package_blob'],
  },
  {
    what: 'attempts of a command that came through',
    text: json({ attempts: [{ error: 'management_plane_unavailable' }], ok: true }),
    failed: false,
    present: [],
    mentioned: ['management_plane_unavailable'],
  },
  {
    what: 'the last failure in a status that was pasted',
    text: json({ lifecycle: 'active', health: 'healthy', last_failure: 'missing_package_blob' }),
    present: [],
    mentioned: ['missing_package_blob'],
  },
  {
    what: 'related ids',
    text: json({ error: { code: 'invalid_runtime_token', see_also: ['revoked_runtime_token'] } }),
    present: ['invalid_runtime_token'],
    mentioned: ['revoked_runtime_token'],
  },
  {
    what: 'what may be tried again',
    text: json({ retryable_ids: ['runtime_cell_unavailable'], ok: true }),
    failed: false,
    present: [],
    mentioned: ['runtime_cell_unavailable'],
  },
  {
    what: 'a lineage of that name',
    text: json({ lineage: 'idempotency_conflict', environment: 'read_only_deployment' }),
    failed: false,
    present: [],
    mentioned: ['idempotency_conflict', 'read_only_deployment'],
  },
  {
    what: 'ticks',
    text: '✓ no_active_evaluator\n[ok] missing_runtime_token\nread_only_deployment ....... ok\n',
    present: [],
    mentioned: ['no_active_evaluator', 'missing_runtime_token', 'read_only_deployment'],
  },
  {
    what: 'a change log',
    text: 'Changes:\n- fixed export_digest_drift for empty lineages\n',
    present: [],
    mentioned: ['export_digest_drift'],
  },
  {
    what: 'failures counted by id',
    text: json({ failures_by_id: { wrong_runtime_scope: 1 } }),
    present: [],
    mentioned: ['wrong_runtime_scope'],
  },
  {
    what: 'text on what it is not',
    text: 'wrong_runtime_scope is not the reason here',
    present: [],
    mentioned: ['wrong_runtime_scope'],
  },
  {
    what: 'a glossary without the word',
    text: json({ ids: { missing_runtime_token: { description: 'no bearer', fix: 'send it' } } }),
    failed: false,
    present: [],
    mentioned: ['missing_runtime_token'],
  },
  {
    what: 'what to wait for',
    text: 'Retry after management_plane_unavailable clears',
    present: [],
    mentioned: ['management_plane_unavailable'],
  },
  {
    what: 'a question',
    text: 'Did you mean missing_runtime_token?',
    present: [],
    mentioned: ['missing_runtime_token'],
  },
  {
    what: 'where to read more',
    text: 'For more about missing_runtime_token see the docs',
    present: [],
    mentioned: ['missing_runtime_token'],
  },
  {
    what: 'user observations',
    text: json({
      error: 'append_policy_denied',
      observation: { kind: 'ticket', payload: { error: 'missing_runtime_token' } },
    }),
    present: ['append_policy_denied'],
    mentioned: ['missing_runtime_token'],
  },
  {
    what: 'a fact that was derived',
    text: json({ lifecycle: 'active', facts: [{ relation: 'seen', value: 'no_active_evaluator' }] }),
    failed: false,
    present: [],
    mentioned: ['no_active_evaluator'],
  },
];

/** Words that are not a documented id, however similar. */
export const strangers: readonly MadeUp[] = [
  {
    what: 'one letter more',
    text: 'Error: missing_runtime_tokens: none',
    present: [],
    unrecognised: ['missing_runtime_tokens'],
  },
  {
    what: 'one letter less',
    text: json({ code: 'missing_runtime_toke' }),
    present: [],
    unrecognised: ['missing_runtime_toke'],
  },
  {
    what: 'capitals',
    text: json({ code: 'MISSING_RUNTIME_TOKEN' }),
    present: [],
    unrecognised: ['MISSING_RUNTIME_TOKEN'],
  },
  { what: 'hyphens', text: 'error: missing-runtime-token', present: [], unrecognised: ['missing-runtime-token'] },
  { what: 'humps', text: json({ type: 'missingRuntimeToken' }), present: [], unrecognised: ['missingRuntimeToken'] },
  {
    what: 'a name space',
    text: json({ code: 'cloud.missing_runtime_token' }),
    present: [],
    unrecognised: ['cloud.missing_runtime_token'],
  },
  {
    what: 'an id of tomorrow',
    text: json({ error: { code: 'runtime_region_moved' } }),
    present: [],
    unrecognised: ['runtime_region_moved'],
  },
  {
    what: 'an id of tomorrow in text',
    text: 'error[lineage_frozen]: try later',
    present: [],
    unrecognised: ['lineage_frozen'],
  },
  {
    what: 'an id of the other product',
    text: json({ errors: ['quorum_lost'] }),
    present: [],
    unrecognised: ['quorum_lost'],
  },
  {
    what: 'with a known one',
    text: json({ errors: ['runtime_region_moved', 'no_active_evaluator'] }),
    present: ['no_active_evaluator'],
    unrecognised: ['runtime_region_moved'],
  },
  {
    what: 'as a key of failures',
    text: json({ failures: { runtime_region_moved: true } }),
    present: [],
    unrecognised: ['runtime_region_moved'],
  },
  {
    what: 'part of a longer word',
    text: 'my_missing_runtime_token_counter and no_active_evaluators_of_the_app',
    present: [],
  },
  { what: 'in another alphabet', text: 'error: missing_runtime_t\u043eken', present: [] },
  { what: 'with something invisible in it', text: 'error: missing_runtime_\u200btoken', present: [] },
  {
    what: 'what looks like a secret',
    text: json({ error: 'sk_live_9f8a7b6c5d4e3f2a1b0c' }),
    present: [],
    unrecognised: [],
  },
  {
    what: 'common words',
    text: json({ mode: 'prefer_committed_activation', project_id: 'shop_one' }),
    failed: false,
    present: [],
    unrecognised: [],
  },
  {
    what: 'a reason of good news',
    text: json({ status: 'ready', reason: 'account_ready', code: 'all_good' }),
    failed: false,
    present: [],
    unrecognised: [],
  },
];
