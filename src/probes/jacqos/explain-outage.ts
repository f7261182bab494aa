import type { NextStep } from '../../engine/next-step.ts';
import type { Failure, Outcome } from '../../engine/outcome.ts';
import type { Health } from './health.ts';
import { healthVerdict } from './health-verdict.ts';
import { managementHealth } from './management-health.ts';
import { runtimeHealth } from './runtime-health.ts';

/**
 * The failure to report for a command: an outage of the management plane if it was measured, else `failure`. A command
 * that could not start keeps its own failure.
 */
export function explainByPlane(failure: Failure, health: Outcome<{ readonly planes: readonly Health[] }>): Failure {
  if (
    failure.phase === 'start' ||
    health.kind !== 'value' ||
    !health.value.planes.every((plane) => healthVerdict(plane).kind === 'down')
  )
    return failure;
  return outageFailure(managementHealth.name, 'the management plane is down');
}

/** The same for the runtime cell. */
export function explainByCell(failure: Failure, cell: Outcome<Health>): Failure {
  if (failure.phase === 'start' || cell.kind !== 'value' || healthVerdict(cell.value).kind !== 'down') return failure;
  return outageFailure(runtimeHealth.name, 'the runtime cell is down');
}

/** The failure of a command whose answer is inconclusive. A finding that explains `probe` explains this too. */
export function unclearAnswer(probe: { readonly name: string }, detail: string, next: NextStep): Failure {
  return { why: 'unreadable', phase: 'answer', detail, root: probe.name, next };
}

function outageFailure(root: string, detail: string): Failure {
  return { why: 'refused', phase: 'answer', detail, root };
}
