import type { Failure, Outcome } from '../../engine/outcome.ts';
import type { Health } from './health.ts';
import { verdictOf } from './health-verdict.ts';
import { managementHealth } from './management-health.ts';
import { runtimeHealth } from './runtime-health.ts';

/**
 * Why something could not be learnt: the plane that it is asked at is down, if that was seen; else the failure given. A command
 * that could not even be started has its own reason.
 */
export function behindPlane(failure: Failure, health: Outcome<{ readonly planes: readonly Health[] }>): Failure {
  if (
    failure.phase === 'start' ||
    health.kind !== 'value' ||
    !health.value.planes.every((plane) => verdictOf(plane).kind === 'down')
  )
    return failure;
  return down(managementHealth.name, 'the management plane is down');
}

/** The same for the runtime cell. */
export function behindCell(failure: Failure, cell: Outcome<Health>): Failure {
  if (failure.phase === 'start' || cell.kind !== 'value' || verdictOf(cell.value).kind !== 'down') return failure;
  return down(runtimeHealth.name, 'the runtime cell is down');
}

/** A command that answered and showed nothing certain: a finding that explains its failure explains this too. */
export function unlearnt(probe: { readonly name: string }, detail: string): Failure {
  return { why: 'unreadable', phase: 'answer', detail, root: probe.name };
}

function down(root: string, detail: string): Failure {
  return { why: 'refused', phase: 'answer', detail, root };
}
