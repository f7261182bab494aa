import { check } from '../../src/engine/check.ts';
import { judged, pass, unknown } from '../../src/engine/finding.ts';
import type { Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { type BundleFact, bundle } from '../../src/probes/jacqos/bundle.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { commandResult } from '../../src/probes/jacqos/command-result.ts';
import { explainByCell, explainByPlane, unclearAnswer } from '../../src/probes/jacqos/explain-outage.ts';
import { managementHealth } from '../../src/probes/jacqos/management-health.ts';
import { findNamedIds } from '../../src/probes/jacqos/named-ids.ts';
import { reportedOutput } from '../../src/probes/jacqos/reported-output.ts';
import type { CommandAnswer } from '../../src/probes/jacqos/run-jacqos.ts';
import { runtimeHealth } from '../../src/probes/jacqos/runtime-health.ts';
import { runtimeObservation } from '../../src/probes/jacqos/runtime-observation.ts';

const FINDS = ['no_active_evaluator', 'stale_activation_package_identity'] as const;
const COMMAND = 'jacqos cloud status --json';

export default check({
  name: 'activation',
  group: 'activation',
  where: 'anywhere',
  title: 'the active evaluator is the expected one',
  reads: {
    status: attempt(cloudStatus),
    readiness: attempt(cloudReadiness),
    reported: attempt(reportedOutput),
    observed: attempt(runtimeObservation),
    bundle: attempt(bundle),
    health: attempt(managementHealth),
    cell: attempt(runtimeHealth),
  },
  finds: FINDS,
  judge({ status, readiness, reported, observed, bundle, health, cell }) {
    const result = status.kind === 'value' ? commandResult(status.value, COMMAND) : null;
    const activeState = result?.doubt === null ? findActiveState(status) : null;
    const named = findNamedIds(FINDS, { reported, readiness, status, observed }, (id) =>
      activeState !== null && id === 'no_active_evaluator' ? `${COMMAND} says ${activeState}` : null,
    );
    const notes = [...named.notes, ...digestNotes(status, bundle), ...(result?.notes ?? [])];
    if (named.findings.length > 0) return judged(named.findings, { notes });
    if (status.kind === 'not-applicable') return pass([status.reason], { notes });
    if (status.kind === 'failed')
      return unknown(status.failure.detail, explainByPlane(explainByCell(status.failure, cell), health), { notes });
    if (result === null || result.doubt === null) return pass(result?.evidence ?? [], { notes });
    const failure = explainByPlane(explainByCell(unclearAnswer(cloudStatus, result.doubt, result.next), cell), health);
    return unknown(result.doubt, failure, { evidence: result.evidence, notes });
  },
});

/** The state word of status that means active; null if there is none. */
function findActiveState(status: Outcome<CommandAnswer>): string | null {
  if (status.kind !== 'value' || status.value.reading.present.length > 0) return null;
  const state = status.value.reading.words.find(
    ({ key, word }) => /^(?:active|promoted)$/i.test(word) || (/(?:active|promoted)$/i.test(key) && word === 'true'),
  );
  return state === undefined ? null : `${state.key}: ${state.word}`;
}

/** A local evaluator that differs from the active one is not a fault: every change starts that way. */
function digestNotes(status: Outcome<CommandAnswer>, bundle: Outcome<BundleFact>): readonly string[] {
  const hosted = status.kind === 'value' ? status.value.reading.shown.evaluatorDigest : null;
  const local =
    bundle.kind === 'value' && bundle.value.found.kind === 'read' ? bundle.value.found.evaluatorDigest : null;
  if (hosted === null || local === null) return [];
  if (hosted === local) return ['the evaluator of the local bundle is the active one'];
  return [
    'the evaluator of the local bundle differs from the active one: normal after a change that is not promoted yet',
  ];
}
