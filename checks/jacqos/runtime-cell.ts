import { check } from '../../src/engine/check.ts';
import { judged, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { healthVerdict } from '../../src/probes/jacqos/health-verdict.ts';
import { managementHealth } from '../../src/probes/jacqos/management-health.ts';
import { findNamedIds } from '../../src/probes/jacqos/named-ids.ts';
import { reportedOutput } from '../../src/probes/jacqos/reported-output.ts';
import { runtimeHealth } from '../../src/probes/jacqos/runtime-health.ts';

const FINDS = ['runtime_cell_unavailable'] as const;

export default check({
  name: 'runtime-cell',
  group: 'runtime',
  where: 'anywhere',
  title: 'the runtime cell answers',
  reads: {
    cell: runtimeHealth,
    health: attempt(managementHealth),
    reported: attempt(reportedOutput),
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
  },
  finds: FINDS,
  judge({ cell, health, reported, readiness, status }) {
    const verdict = healthVerdict(cell, health.kind === 'value' ? health.value.planes : []);
    const upEvidence = verdict.kind === 'up' ? verdict.evidence : null;
    const named = findNamedIds(
      FINDS,
      { reported, cell: { kind: 'value', value: cell }, readiness, status },
      () => upEvidence,
    );
    if (verdict.kind === 'down') {
      const evidence = [verdict.evidence, ...named.findings.flatMap((finding) => finding.evidence)];
      const { cause } = verdict;
      const finding = {
        id: FINDS[0],
        cause,
        subject: null,
        evidence,
        values: { source: cell.source },
        explains: ['cell'],
      } as const;
      return judged([finding], { notes: named.notes });
    }
    const { notes } = named;
    const findings = named.findings.map((finding) => ({ ...finding, cause: 'outage' as const }));
    if (findings.length > 0)
      return judged(findings, { notes, evidence: verdict.kind === 'up' ? [verdict.evidence] : [verdict.reason] });
    if (verdict.kind === 'unclear') return unknown(verdict.reason, verdict.next, { notes });
    return judged([], { notes: [...notes, ...verdict.notes], evidence: [verdict.evidence] });
  },
});
