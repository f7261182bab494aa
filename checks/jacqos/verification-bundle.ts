import { check } from '../../src/engine/check.ts';
import { judged, unknown } from '../../src/engine/finding.ts';
import type { Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { appDir } from '../../src/probes/jacqos/app-dir.ts';
import { bundle } from '../../src/probes/jacqos/bundle.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import type { ReportedOutput } from '../../src/probes/jacqos/jacqos-probe.ts';
import { findNamedIds } from '../../src/probes/jacqos/named-ids.ts';
import { reportedOutput } from '../../src/probes/jacqos/reported-output.ts';
import type { CommandAnswer } from '../../src/probes/jacqos/run-jacqos.ts';
import { bundleState } from './verification-bundle/bundle-state.ts';

const FINDS = [
  'unverified_package_publish',
  'package_digest_mismatch',
  'missing_package_blob',
  'inline_package_too_large',
  'too_many_effect_capabilities',
] as const;

export default check({
  name: 'verification-bundle',
  group: 'package',
  where: 'anywhere',
  title: 'nothing reports a failed verification of the package',
  reads: {
    app: attempt(appDir),
    bundle: attempt(bundle),
    reported: attempt(reportedOutput),
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
  },
  finds: FINDS,
  applies: ({ app, reported, readiness, status }) =>
    app.kind !== 'value' ||
    app.value.toml !== 'absent' ||
    findNamedIds(FINDS, { reported, readiness, status }).findings.length > 0 ||
    `${app.value.dir} is not the folder of an app: it has no jacqos.toml`,
  judge({ app, bundle, reported, readiness, status }) {
    const named = findNamedIds(FINDS, { reported, readiness, status });
    const state = bundleState(app, bundle);
    const notes = [...named.notes, ...state.notes];
    const reportedFindings = named.findings.map((finding) =>
      finding.id === FINDS[0] ? { ...finding, id: finding.id, cause: 'reported' as const } : finding,
    );
    if (state.kind === 'failed') {
      const reportedEvidence = reportedFindings.filter(({ id }) => id === FINDS[0]).flatMap(({ evidence }) => evidence);
      const finding = {
        id: FINDS[0],
        subject: null,
        cause: 'bundle-failed',
        evidence: [...state.evidence, ...reportedEvidence],
      } as const;
      // A failed bundle explains only a failed publish.
      const isCause = reportedFindings.length > 0 || !namesOtherStep(reported, readiness, status);
      return judged(
        [
          isCause ? finding : { ...finding, severity: 'warn' as const },
          ...reportedFindings.filter(({ id }) => id !== FINDS[0]),
        ],
        { notes },
      );
    }
    if (reportedFindings.length > 0) return judged(reportedFindings, { notes, evidence: state.evidence });
    if (state.kind === 'unclear') return unknown(state.reason, state.next, { notes });
    return judged([], { notes, evidence: state.evidence });
  },
});

/** Whether an id outside the package and billing is named: then another step failed. */
function namesOtherStep(
  reported: Outcome<ReportedOutput>,
  readiness: Outcome<CommandAnswer>,
  status: Outcome<CommandAnswer>,
): boolean {
  const present = [
    ...(reported.kind === 'value' ? reported.value.present : []),
    ...(readiness.kind === 'value' ? readiness.value.reading.present : []),
    ...(status.kind === 'value' ? status.value.reading.present : []),
  ];
  return present.some((id) => id !== 'billing_handoff_not_configured' && !(FINDS as readonly string[]).includes(id));
}
