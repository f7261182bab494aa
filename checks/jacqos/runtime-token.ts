import { check } from '../../src/engine/check.ts';
import { type Cause, type Finding, judged, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { environment, type TokenState } from '../../src/probes/jacqos/environment.ts';
import { explainByCell } from '../../src/probes/jacqos/explain-outage.ts';
import { findNamedIds, isReported } from '../../src/probes/jacqos/named-ids.ts';
import { reportedOutput } from '../../src/probes/jacqos/reported-output.ts';
import { runtimeHealth } from '../../src/probes/jacqos/runtime-health.ts';
import { runtimeObservation } from '../../src/probes/jacqos/runtime-observation.ts';

const FINDS = [
  'runtime_token_issue_quota_exceeded',
  'runtime_token_ttl_exceeds_limit',
  'runtime_token_scope_limit_exceeded',
  'missing_runtime_token',
  'invalid_runtime_token',
  'revoked_runtime_token',
  'wrong_runtime_scope',
] as const;

type TokenFinding = Finding<(typeof FINDS)[number], 'readiness' | 'status'>;
type MalformedTokenFinding = Finding<'missing_runtime_token' | 'invalid_runtime_token', never>;
const VARIABLE = 'JACQOS_RUNTIME_TOKEN';

export default check({
  name: 'runtime-token',
  group: 'token',
  where: 'anywhere',
  title: 'the runtime accepts the token',
  reads: {
    environment,
    observed: attempt(runtimeObservation),
    reported: attempt(reportedOutput),
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
    cell: attempt(runtimeHealth),
  },
  finds: FINDS,
  applies: ({ environment: { token }, observed, reported, readiness, status }) =>
    observed.kind !== 'not-applicable' ||
    findNamedIds(FINDS, { reported, readiness, status }).findings.length > 0 ||
    isMalformed(token) ||
    'only a call to the runtime shows it: give its output with --from, or make a call with --deep',
  judge({ environment: { token }, observed, reported, readiness, status, cell }) {
    const named = findNamedIds(FINDS, { reported, readiness, status, observed });
    const findings = named.findings.map((finding) => addTokenState(finding, token));
    const isAsked = observed.kind !== 'not-applicable';
    const shape = malformedTokenFinding(token, isAsked);
    const { notes } = named;
    if (findings.length > 0) return judged(findings, { notes });
    // Without a call the token was not refused: the variable may serve another purpose.
    if (shape !== null)
      return judged([isAsked || isReported(reported, FINDS) ? shape : { ...shape, severity: 'warn' }], { notes });
    if (observed.kind === 'failed')
      return unknown(observed.failure.detail, explainByCell(observed.failure, cell), { notes });
    if (observed.kind === 'not-applicable') return judged([], { notes });
    const { asked, status: code, unrecognised } = observed.value;
    if (code >= 200 && code < 300)
      return judged([], { notes, evidence: [`${asked} answered ${code} to a GET with the token`] });
    const unknownSuffix =
      unrecognised.length === 0
        ? ''
        : ` and ${unrecognised.map((word) => `"${word}"`).join(', ')}, which no page documents`;
    return unknown(
      `${asked} answered ${code} without a documented id${unknownSuffix}: the status alone is not evidence`,
      { kind: 'do', text: 'Check in Studio that the token is for this app and environment, and is not revoked.' },
      { notes },
    );
  },
});

function isMalformed(token: TokenState): boolean {
  return token === 'blank' || token === 'quotes' || token === 'line-break' || token === 'unsendable';
}

/** Adds the state of the token variable of this shell to a finding. */
function addTokenState(finding: TokenFinding, token: TokenState): TokenFinding {
  if (finding.id === 'missing_runtime_token') {
    const cause = token === 'unset' || token === 'blank' ? token : 'set';
    const evidence = [...finding.evidence, `${VARIABLE} is ${cause === 'unset' ? 'not set' : cause} here`];
    return { ...finding, id: finding.id, cause, evidence };
  }
  if (finding.id !== 'invalid_runtime_token') return finding;
  const shape = malformedTokenFinding(token, true);
  if (shape?.id !== 'invalid_runtime_token') return { ...finding, id: finding.id, cause: 'refused' };
  return { ...shape, explains: finding.explains ?? [], evidence: [...finding.evidence, ...shape.evidence] };
}

/**
 * The fault of the token variable that is visible without the token format; an unset one counts only if `isRequired`.
 */
function malformedTokenFinding(token: TokenState, isRequired: boolean): MalformedTokenFinding | null {
  const invalid = (cause: Cause<'invalid_runtime_token'>, problem: string): MalformedTokenFinding => {
    return { id: 'invalid_runtime_token', subject: null, cause, evidence: [`the value of ${VARIABLE} ${problem}`] };
  };
  switch (token) {
    case 'set':
      return null;
    case 'unset':
      return isRequired
        ? { id: 'missing_runtime_token', subject: null, cause: 'unset', evidence: [`${VARIABLE} is not set here`] }
        : null;
    case 'blank':
      return {
        id: 'missing_runtime_token',
        subject: null,
        cause: 'blank',
        evidence: [`${VARIABLE} is set but empty`],
      };
    case 'quotes':
      return invalid('quotes', 'has quotes around it');
    case 'line-break':
      return invalid('line-break', 'has a line break or a blank in it');
    case 'unsendable':
      return invalid('unsendable', 'has a character that is not allowed in a header');
  }
}
