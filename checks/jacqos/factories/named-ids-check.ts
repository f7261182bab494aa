import type { Id } from '../../../src/catalog/generated/ids.ts';
import { check } from '../../../src/engine/check.ts';
import { judged } from '../../../src/engine/finding.ts';
import { attempt } from '../../../src/engine/probe.ts';
import { cloudReadiness } from '../../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../../src/probes/jacqos/cloud-status.ts';
import { findNamedIds } from '../../../src/probes/jacqos/named-ids.ts';
import { reportedOutput } from '../../../src/probes/jacqos/reported-output.ts';
import { runtimeObservation } from '../../../src/probes/jacqos/runtime-observation.ts';

/**
 * Declares a check of a step that the doctor cannot repeat, because that would change something. It finds only the ids
 * that the output of a command or an answer of the runtime names, and is not applicable if none is named: `otherwise`
 * says why.
 */
export function namedIdsCheck<const I extends Id>(definition: {
  readonly name: string;
  readonly group: string;
  readonly title: string;
  readonly finds: readonly I[];
  readonly otherwise: string;
}) {
  const { finds, otherwise, ...rest } = definition;
  return check({
    ...rest,
    where: 'anywhere',
    reads: {
      reported: attempt(reportedOutput),
      readiness: attempt(cloudReadiness),
      status: attempt(cloudStatus),
      observed: attempt(runtimeObservation),
    },
    finds,
    applies: ({ reported, readiness, status, observed }) =>
      findNamedIds(finds, { reported, readiness, status, observed }).findings.length > 0 || otherwise,
    judge({ reported, readiness, status, observed }) {
      const { findings, notes } = findNamedIds(finds, { reported, readiness, status, observed });
      return judged(findings, { notes });
    },
  });
}
