import { check } from '../../src/engine/check.ts';
import { judged, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { healthVerdict } from '../../src/probes/jacqos/health-verdict.ts';
import { findNamedIds } from '../../src/probes/jacqos/named-ids.ts';
import { reported } from '../../src/probes/jacqos/reported.ts';
import { runtimeHealth } from '../../src/probes/jacqos/runtime-health.ts';

const FINDS = ['runtime_cell_unavailable'] as const;

export default check({
  name: 'runtime-cell',
  group: 'runtime',
  where: 'anywhere',
  title: 'the runtime cell answers',
  reads: {
    cell: runtimeHealth,
    reported: attempt(reported),
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
  },
  finds: FINDS,
  judge({ cell, reported, readiness, status }) {
    const verdict = healthVerdict(cell);
    const upEvidence = verdict.kind === 'up' ? verdict.evidence : null;
    const named = findNamedIds(
      FINDS,
      { reported, cell: { kind: 'value', value: cell }, readiness, status },
      () => upEvidence,
    );
    if (verdict.kind === 'down') {
      const evidence = [verdict.evidence, ...named.findings.flatMap((finding) => finding.evidence)];
      return judged([{ id: FINDS[0], subject: null, evidence, explains: ['cell'] }], { notes: named.notes });
    }
    const { notes } = named;
    if (named.findings.length > 0)
      return judged(named.findings, { notes, evidence: verdict.kind === 'up' ? [verdict.evidence] : [verdict.reason] });
    if (verdict.kind === 'unclear') return unknown(verdict.reason, { notes });
    return judged([], { notes: [...notes, ...verdict.notes], evidence: [verdict.evidence] });
  },
});
