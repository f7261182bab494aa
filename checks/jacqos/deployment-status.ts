import { check } from '../../src/engine/check.ts';
import { judged, pass, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { commandResult } from '../../src/probes/jacqos/command-standing.ts';
import { managementHealth } from '../../src/probes/jacqos/management-health.ts';
import { namedIn } from '../../src/probes/jacqos/named.ts';
import { behindCell, behindPlane, unlearnt } from '../../src/probes/jacqos/outage.ts';
import type { Shown } from '../../src/probes/jacqos/reader/states.ts';
import { reported } from '../../src/probes/jacqos/reported.ts';
import { runtimeHealth } from '../../src/probes/jacqos/runtime-health.ts';

const FINDS = ['deployment_quota_exceeded', 'read_only_deployment', 'degraded_deployment'] as const;
/** What a status that says nothing but well refutes. A quota is no state of a deployment. */
const REFUTED: readonly string[] = ['read_only_deployment', 'degraded_deployment'];
const COMMAND = 'jacqos cloud status --json';

export default check({
  name: 'deployment-status',
  group: 'deployment',
  where: 'anywhere',
  title: 'the deployment is well and takes changes',
  reads: {
    status: attempt(cloudStatus),
    readiness: attempt(cloudReadiness),
    reported: attempt(reported),
    health: attempt(managementHealth),
    cell: attempt(runtimeHealth),
  },
  finds: FINDS,
  judge({ status, readiness, reported, health, cell }) {
    const standing = status.kind === 'value' ? commandResult(status.value, COMMAND) : null;
    const well = standing?.doubt === null && status.kind === 'value' && status.value.reading.present.length === 0;
    const { findings, notes } = namedIn(FINDS, { reported, readiness, status }, (id) =>
      well && REFUTED.includes(id) ? `${COMMAND} says ${standing.evidence.join(', ')}` : null,
    );
    const evidence = [
      ...(standing?.evidence ?? []),
      ...(status.kind === 'value' && status.value.reading.documents.whole > 0
        ? shownLines(status.value.reading.shown)
        : []),
    ];
    if (findings.length > 0) return judged(findings, { notes, evidence });
    if (status.kind === 'not-applicable') return pass([status.reason], { notes });
    if (status.kind === 'failed')
      return unknown(status.failure.detail, { failure: behindPlane(behindCell(status.failure, cell), health), notes });
    if (standing === null || standing.doubt === null) return pass(evidence, { notes });
    const failure = behindPlane(behindCell(unlearnt(cloudStatus, standing.doubt), cell), health);
    return unknown(standing.doubt, { evidence, notes, failure });
  },
});

/** What the page says to look at besides the words, as it was printed; what is not there is said to be not there. */
function shownLines({ packageDigest, evaluatorDigest, lastActivity }: Shown): readonly string[] {
  const short = (digest: string): string => (digest.length > 24 ? `${digest.slice(0, 24)}…` : digest);
  return [
    `active package digest: ${packageDigest === null ? 'not present' : short(packageDigest)}`,
    `evaluator digest: ${evaluatorDigest === null ? 'not present' : short(evaluatorDigest)}`,
    `last activity: ${lastActivity ?? 'not present'}`,
  ];
}
