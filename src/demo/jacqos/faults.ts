import { expiredCertificate } from './certificates.ts';
import { json } from './plane.ts';
import type { StandInCloud } from './stand-in-cloud.ts';

/** A fault, and the id that the doctor is expected to report. */
export type Fault = {
  readonly name: string;
  readonly title: string;
  readonly arrange: (cloud: StandInCloud) => void | Promise<void>;
  /** The first failing id; null if no check may fail. */
  readonly expects: string | null;
  readonly verdict: 'pass' | 'warn' | 'fail' | 'unknown';
};

type FaultDefinition = Pick<Fault, 'title' | 'arrange'> & {
  readonly expects?: string;
  readonly verdict?: Fault['verdict'];
};

/** Output of a failed command. It is invented, like all output of the stand-in. */
const failedCommand = (id: string, message: string) => ({
  stdout: `${JSON.stringify({ error: { id, message, retryable: false } })}\n`,
  code: 1,
});

const definitions: Readonly<Record<string, FaultDefinition>> = {
  healthy: { title: 'both planes answer, the account is ready, the deployment is active', arrange() {} },

  'management-down': {
    title: 'the management plane answers 503; promoted endpoints keep serving',
    expects: 'management_plane_unavailable',
    arrange: ({ management, program }) => {
      management.answer = json(503, { error: 'upstream' });
      program.readiness = failedCommand('unauthenticated_management_request', 'no session');
      program.status = { stderr: 'error: request failed\n', code: 1 };
    },
  },
  'management-refused': {
    title: 'nothing listens at the management address',
    expects: 'management_plane_unavailable',
    arrange: ({ management }) => management.refuse(),
  },
  'writes-paused': {
    title: 'support has paused changes; running endpoints keep serving',
    expects: 'management_writes_disabled',
    arrange: (cloud) => {
      cloud.pasted = 'Error: management_writes_disabled: changes are paused\n';
    },
  },
  'sign-in-page': {
    title: "a hotel's network answers instead of the management plane",
    verdict: 'unknown',
    arrange: ({ management }) => {
      management.answer = { kind: 'answer', status: 302, location: 'https://login.hotel.test/' };
    },
  },
  'certificate-expired': {
    title: "the runtime cell's certificate is expired",
    verdict: 'unknown',
    arrange: ({ runtime }) => runtime.showCertificate(expiredCertificate),
  },
  'plane-silent': {
    title: 'the management plane accepts the request and never answers',
    verdict: 'unknown',
    arrange: ({ management }) => {
      management.answer = { kind: 'silent' };
    },
  },

  'signed-out': {
    title: 'no user is signed in',
    expects: 'unauthenticated_management_request',
    arrange: ({ program }) => {
      program.readiness = failedCommand('unauthenticated_management_request', 'sign in first');
      program.status = failedCommand('unauthenticated_management_request', 'sign in first');
    },
  },
  'not-invited': {
    title: 'the cloud accepts invited organizations only',
    expects: 'cloud_invite_required',
    arrange: ({ program }) => {
      program.readiness = {
        stdout:
          '{"readiness":"blocked","blockers":[{"id":"billing_handoff_not_configured"},{"id":"cloud_invite_required"}]}\n',
        code: 1,
      };
      program.status = { stderr: 'error: nothing is selected\n', code: 1 };
    },
  },
  'billing-open': {
    title: 'the billing owner is not set, which blocks nothing',
    verdict: 'warn',
    arrange: ({ program }) => {
      program.readiness = { stdout: '{"account":{"status":"ready"},"warnings":["billing_handoff_not_configured"]}\n' };
    },
  },
  'outage-over': {
    title: 'pasted output reports an outage that is over',
    verdict: 'pass',
    arrange: (cloud) => {
      cloud.pasted = 'error[management_plane_unavailable]: 503\n';
    },
  },

  'cell-down': {
    title: 'the runtime cell is down, so the deployment is degraded',
    expects: 'runtime_cell_unavailable',
    arrange: ({ runtime, program }) => {
      runtime.answer = json(502, { error: 'bad gateway' });
      program.status = { stdout: '{"lifecycle":"active","failures":["degraded_deployment"]}\n', code: 1 };
    },
  },
  unverified: {
    title: 'local verification failed, so a deploy would be refused',
    expects: 'unverified_package_publish',
    arrange: ({ app }) =>
      app.verify('failed', {
        checks: [
          { name: 'orders_fixture', status: 'failed' },
          { name: 'redaction', status: 'passed' },
        ],
      }),
  },
  'deploy-refused': {
    title: 'a deploy was rejected for its package; jacqos cloud deploy 2>&1 | jacqos-doctor --from -',
    expects: 'package_digest_mismatch',
    arrange: (cloud) => {
      cloud.pasted =
        'Deploying shop…\n{"ok":false,"error":{"id":"package_digest_mismatch","message":"not the verified package"},"history":[{"id":"no_active_evaluator"}]}\n';
    },
  },
  'read-only': {
    title: 'the deployment is read-only: inspect and export work, changes do not',
    expects: 'read_only_deployment',
    arrange: ({ program }) => {
      program.status = { stdout: '{"lifecycle":"read-only","failures":[{"id":"read_only_deployment"}]}\n', code: 1 };
    },
  },
  degraded: {
    title: 'the deployment is degraded while its cell answers',
    expects: 'degraded_deployment',
    arrange: ({ program }) => {
      program.status = {
        stdout:
          '{"lifecycle":"active","health":"degraded","failures":[{"id":"degraded_deployment","resolved":false}]}\n',
        code: 1,
      };
    },
  },
  'nothing-promoted': {
    title: 'nothing is promoted for this app and environment',
    expects: 'no_active_evaluator',
    arrange: ({ program }) => {
      program.status = failedCommand('no_active_evaluator', 'promote a verified deployment');
    },
  },
  'strange-word': {
    title: 'status reports a word that no page documents',
    verdict: 'unknown',
    arrange: ({ program }) => {
      program.status = { stdout: '{"lifecycle":"hibernating","health":"healthy"}\n' };
    },
  },

  'token-revoked': {
    title: 'a runtime call was rejected because of its token',
    expects: 'revoked_runtime_token',
    arrange: (cloud) => {
      cloud.pasted = '{"error":"revoked_runtime_token"}\n';
    },
  },
  'token-of-another-app': {
    title: 'the runtime reports with --deep that the token has another scope',
    expects: 'wrong_runtime_scope',
    arrange: (cloud) => {
      cloud.deep = true;
      cloud.env['JACQOS_RUNTIME_TOKEN'] = 'stand-in-token-0123456789';
      cloud.program.status = { stdout: '{"lifecycle":"active","health":"healthy","environment_id":"prod"}\n' };
      cloud.runtime.answersByPath.set(
        '/v0/apps/shop/envs/prod/observe',
        json(403, { error: { id: 'wrong_runtime_scope' } }),
      );
    },
  },
  'effect-unclear': {
    title: 'the result of an effect is unknown, and a person has to decide',
    expects: 'manual_reconcile_required',
    arrange: ({ program }) => {
      program.status = {
        stdout: '{"lifecycle":"active","health":"healthy","effects":[{"id":"manual_reconcile_required"}]}\n',
      };
    },
  },
  'append-refused': {
    title: 'the write policy rejected an append',
    expects: 'append_policy_denied',
    arrange: (cloud) => {
      cloud.pasted = 'append failed: append_policy_denied: this class of write is not declared\n';
    },
  },
  'export-differs': {
    title: 'a replay does not match the hosted evidence',
    expects: 'export_digest_drift',
    arrange: (cloud) => {
      cloud.pasted =
        'Replaying…\nerror[export_digest_drift]: mapper output differs\nerror[replay_export_mismatch]: 3 facts differ\n';
    },
  },

  'no-command': {
    title: 'the jacqos command is not on PATH',
    expects: 'jacqos_cli_missing',
    arrange: (cloud) => {
      cloud.env['PATH'] = '/usr/bin:/bin';
    },
  },
  'command-hangs': {
    title: 'jacqos cloud status never ends',
    verdict: 'unknown',
    arrange: ({ program }) => {
      program.status = { lines: ["trap '' TERM INT HUP", 'sleep 600'] };
    },
  },
  'secret-in-workspace': {
    title: 'a readable private key is in .jacqos/cloud',
    expects: 'secret_material_persisted',
    arrange: ({ app }) =>
      app.write('.jacqos/cloud/key.pem', '-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n'),
  },
  'address-malformed': {
    title: 'the variable of the management plane does not contain an address',
    expects: 'management_url_malformed',
    arrange: (cloud) => {
      cloud.env['JACQOS_MANAGEMENT_URL'] = 'cloud.jacqos.io';
    },
  },
  'two-planes': {
    title: 'two variables name different planes',
    verdict: 'warn',
    arrange: (cloud) => {
      cloud.env['JACQOS_MANAGEMENT_URL'] = cloud.management.url;
      cloud.env['JACQOS_LIVE_MANAGEMENT_URL'] = `${cloud.management.url}/live`;
    },
  },
};

/** All faults by name; `healthy` first. */
export const faults: ReadonlyMap<string, Fault> = new Map(
  Object.entries(definitions).map(([name, { title, arrange, expects = null, verdict }]) => [
    name,
    { name, title, arrange, expects, verdict: verdict ?? (expects === null ? 'pass' : 'fail') },
  ]),
);
