import { check } from '../../src/engine/check.ts';
import { judged, unknown } from '../../src/engine/finding.ts';
import type { NextStep } from '../../src/engine/next-step.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { healthVerdict } from '../../src/probes/jacqos/health-verdict.ts';
import { managementHealth } from '../../src/probes/jacqos/management-health.ts';
import { findNamedIds } from '../../src/probes/jacqos/named-ids.ts';
import { reportedOutput } from '../../src/probes/jacqos/reported-output.ts';
import { runtimeHealth } from '../../src/probes/jacqos/runtime-health.ts';

const FINDS = ['management_plane_unavailable', 'management_writes_disabled'] as const;

const NAME_ONE_PLANE: NextStep = {
  kind: 'flag',
  flag: '--management-url',
  value: 'URL',
  why: 'the plane that you use',
};

export default check({
  name: 'management-plane',
  group: 'reach',
  where: 'anywhere',
  title: 'the management plane answers and accepts changes',
  reads: {
    health: managementHealth,
    cell: attempt(runtimeHealth),
    reported: attempt(reportedOutput),
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
  },
  finds: FINDS,
  judge({ health, cell, reported, readiness, status }) {
    const others = cell.kind === 'value' ? [cell.value, ...health.planes] : health.planes;
    const verdicts = health.planes.map((plane) => healthVerdict(plane, others));
    const up = verdicts.filter((verdict) => verdict.kind === 'up');
    const down = verdicts.filter((verdict) => verdict.kind === 'down');
    const upEvidence = up.map((verdict) => verdict.evidence);
    const allUp = up.length === verdicts.length;
    const planes = { kind: 'value', value: health } as const;
    const named = findNamedIds(FINDS, { reported, planes, readiness, status }, (id) =>
      id === 'management_plane_unavailable' && allUp ? upEvidence.join('; ') : null,
    );
    const notes = [...named.notes, ...up.flatMap((verdict) => verdict.notes)];
    // If two planes are named and one is down, it is not known which one is meant.
    if (down.length === verdicts.length) {
      const serving =
        cell.kind === 'value' && healthVerdict(cell.value).kind === 'up'
          ? ['the runtime cell answers: promoted endpoints keep serving']
          : [];
      const isTypo = down.every(({ cause }) => cause === 'unknown-name');
      const otherFindings = named.findings.filter(({ id }) => id !== FINDS[0]);
      const reportedEvidence = named.findings.filter(({ id }) => id === FINDS[0]).flatMap(({ evidence }) => evidence);
      const evidence = [...down.map((verdict) => verdict.evidence), ...reportedEvidence, ...serving];
      const source = health.planes.map((plane) => plane.source).join(' and ');
      const cause = isTypo ? 'unknown-name' : 'outage';
      const finding = {
        id: FINDS[0],
        cause,
        subject: null,
        evidence,
        values: { source },
        explains: ['health'],
      } as const;
      return judged([finding, ...otherFindings], { notes });
    }
    const findings = named.findings.map((finding) =>
      finding.id === FINDS[0] ? { ...finding, id: finding.id, cause: 'outage' as const } : finding,
    );
    if (findings.length > 0) return judged(findings, { notes, evidence: upEvidence });
    if (allUp) return judged([], { notes, evidence: upEvidence });
    const reasons = verdicts.flatMap((verdict) =>
      verdict.kind === 'unclear'
        ? [verdict.reason]
        : verdict.kind === 'down'
          ? [`${verdict.evidence}; the other variable names a different plane`]
          : [],
    );
    const unclear = verdicts.find((verdict) => verdict.kind === 'unclear');
    return unknown(reasons.join('; '), unclear?.next ?? NAME_ONE_PLANE, { notes, evidence: upEvidence });
  },
});
