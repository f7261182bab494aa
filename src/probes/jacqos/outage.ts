import type { Failure, Outcome } from '../../engine/outcome.ts';
import type { Health } from './health.ts';
import { verdictOf } from './health-verdict.ts';
import { managementHealth } from './management-health.ts';
import { runtimeHealth } from './runtime-health.ts';

/** Why something could not be learnt: the plane that it is asked at is down, if that was seen; else the failure given. */
export function behindPlane<F extends Failure | null>(
  failure: F,
  health: Outcome<{ readonly planes: readonly Health[] }>,
): Failure | F {
  if (health.kind !== 'value' || !health.value.planes.every((plane) => verdictOf(plane).kind === 'down'))
    return failure;
  return down(managementHealth.name, 'the management plane is down');
}

/** The same for the runtime cell. */
export function behindCell<F extends Failure | null>(failure: F, cell: Outcome<Health>): Failure | F {
  if (cell.kind !== 'value' || verdictOf(cell.value).kind !== 'down') return failure;
  return down(runtimeHealth.name, 'the runtime cell is down');
}

function down(root: string, detail: string): Failure {
  return { why: 'refused', phase: 'answer', detail, root };
}
