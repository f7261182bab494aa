import { check } from '../../src/engine/check.ts';
import { judged, pass, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { commandResult } from '../../src/probes/jacqos/command-result.ts';
import { explainByPlane, unclearAnswer } from '../../src/probes/jacqos/explain-outage.ts';
import { managementHealth } from '../../src/probes/jacqos/management-health.ts';
import { findNamedIds } from '../../src/probes/jacqos/named-ids.ts';
import { reportedOutput } from '../../src/probes/jacqos/reported-output.ts';

const FINDS = [
  'unauthenticated_management_request',
  'auth_state_not_authenticated',
  'verification_email_not_received',
  'verification_email_parse_failed',
  'verification_code_expired',
  'verification_code_rejected',
  'management_route_missing',
  'workos_identity_rejected',
  'cloud_invite_required',
  'cloud_invite_invalid',
  'cloud_signups_disabled',
  'cloud_device_auth_denied',
  'cloud_device_auth_expired',
  'missing_management_route_scope',
  'wrong_org_or_project_scope',
  'duplicate_app_name',
  'billing_handoff_not_configured',
] as const;

/** Ids that a ready account refutes. A failed sign-in, a role or a name may still be wrong. */
const REFUTED: readonly string[] = [
  'unauthenticated_management_request',
  'auth_state_not_authenticated',
  'workos_identity_rejected',
  'cloud_invite_required',
  'cloud_signups_disabled',
];
const COMMAND = 'jacqos cloud readiness --json';

export default check({
  name: 'account-readiness',
  group: 'account',
  where: 'anywhere',
  title: 'the account is ready',
  reads: {
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
    reported: attempt(reportedOutput),
    health: attempt(managementHealth),
  },
  finds: FINDS,
  judge({ readiness, status, reported, health }) {
    const result = readiness.kind === 'value' ? commandResult(readiness.value, COMMAND) : null;
    const isReady =
      result?.doubt === null && readiness.kind === 'value' && readiness.value.reading.present.length === 0;
    const named = findNamedIds(FINDS, { reported, readiness, status }, (id) =>
      isReady && REFUTED.includes(id) ? `${COMMAND} reports that the account is ready` : null,
    );
    const { findings } = named;
    const notes = [...named.notes, ...(result?.notes ?? [])];
    // Billing blocks nothing, so it comes after ids that do.
    const ordered = findings.toSorted((a, b) => rank(a.id) - rank(b.id));
    const isComplete = readiness.kind !== 'value' || (readiness.value.end === 'exit' && !readiness.value.cut);
    // The missing part of the output may contain an id that is worse than billing.
    if (ordered.some(({ id }) => rank(id) === 0) || (ordered.length > 0 && isComplete))
      return judged(ordered, { notes, evidence: result?.evidence ?? [] });
    if (readiness.kind === 'not-applicable') return pass([readiness.reason], { notes });
    if (readiness.kind === 'failed')
      return unknown(readiness.failure.detail, explainByPlane(readiness.failure, health), { notes });
    if (result === null || result.doubt === null) return pass(result?.evidence ?? [], { notes });
    const { doubt, next, evidence } = result;
    return unknown(doubt, explainByPlane(unclearAnswer(cloudReadiness, doubt, next), health), { evidence, notes });
  },
});

function rank(id: (typeof FINDS)[number]): number {
  return id === 'billing_handoff_not_configured' ? 1 : 0;
}
