import { check } from '../../src/engine/check.ts';
import { judged, pass, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { commandResult } from '../../src/probes/jacqos/command-result.ts';
import { explainByCell, explainByPlane, unclearAnswer } from '../../src/probes/jacqos/explain-outage.ts';
import { managementHealth } from '../../src/probes/jacqos/management-health.ts';
import { findNamedIds } from '../../src/probes/jacqos/named-ids.ts';
import type { StatusFields } from '../../src/probes/jacqos/reader/states.ts';
import { reportedOutput } from '../../src/probes/jacqos/reported-output.ts';
import { runtimeHealth } from '../../src/probes/jacqos/runtime-health.ts';

const FINDS = ['deployment_quota_exceeded', 'read_only_deployment', 'degraded_deployment'] as const;
/** Ids that a healthy status refutes. A quota is not a state of a deployment. */
const REFUTED: readonly string[] = ['read_only_deployment', 'degraded_deployment'];
const COMMAND = 'jacqos cloud status --json';

export default check({
  name: 'deployment-status',
  group: 'deployment',
  where: 'anywhere',
  title: 'the deployment is healthy and accepts changes',
  reads: {
    status: attempt(cloudStatus),
    readiness: attempt(cloudReadiness),
    reported: attempt(reportedOutput),
    health: attempt(managementHealth),
    cell: attempt(runtimeHealth),
  },
  finds: FINDS,
  judge({ status, readiness, reported, health, cell }) {
    const result = status.kind === 'value' ? commandResult(status.value, COMMAND) : null;
    const isHealthy = result?.doubt === null && status.kind === 'value' && status.value.reading.present.length === 0;
    const named = findNamedIds(FINDS, { reported, readiness, status }, (id) =>
      isHealthy && REFUTED.includes(id) ? `${COMMAND} reports ${result.evidence.join(', ')}` : null,
    );
    const { findings } = named;
    const notes = [...named.notes, ...(result?.notes ?? [])];
    const evidence = [
      ...(result?.evidence ?? []),
      ...(status.kind === 'value' && status.value.reading.documents.whole > 0
        ? statusLines(status.value.reading.shown)
        : []),
    ];
    if (findings.length > 0) return judged(findings, { notes, evidence });
    if (status.kind === 'not-applicable') return pass([status.reason], { notes });
    if (status.kind === 'failed')
      return unknown(status.failure.detail, explainByPlane(explainByCell(status.failure, cell), health), { notes });
    if (result === null || result.doubt === null) return pass(evidence, { notes });
    const failure = explainByPlane(explainByCell(unclearAnswer(cloudStatus, result.doubt, result.next), cell), health);
    return unknown(result.doubt, failure, { evidence, notes });
  },
});

/** The fields of status that the published page names besides state words, unchanged or as "not present". */
function statusLines({ packageDigest, evaluatorDigest, lastActivity }: StatusFields): readonly string[] {
  const short = (digest: string): string => (digest.length > 24 ? `${digest.slice(0, 24)}…` : digest);
  return [
    `active package digest: ${packageDigest === null ? 'not present' : short(packageDigest)}`,
    `evaluator digest: ${evaluatorDigest === null ? 'not present' : short(evaluatorDigest)}`,
    `last activity: ${lastActivity ?? 'not present'}`,
  ];
}
