import type { Finding } from '../../../src/engine/finding.ts';
import type { JacodConfig } from '../../../src/probes/jaco/daemon/jacod-config.ts';
import type { StartFailure } from '../../../src/probes/jaco/journal/start-failure.ts';
import type { UnitVerdict } from './judge-units.ts';

type Down = Extract<UnitVerdict, { kind: 'down' }>;
type StateFinding = Down['finding'];

/**
 * Why a daemon exits. `file`: jacod rejects its jacod.yaml, which daemon-config reports. `found`: another finding of
 * this check. `state`: the reason is unknown, so the unit's state is the finding.
 */
export type EndReason =
  | { readonly kind: 'file'; readonly reason: string }
  | { readonly kind: 'found' }
  | { readonly kind: 'state'; readonly finding: StateFinding };

/** Chooses the finding of a unit that is down. `causes` are the other ids that this check found. */
export function endReason(
  { finding }: Down,
  causes: readonly Finding['id'][],
  failure: StartFailure | null,
  config: JacodConfig | null,
): EndReason {
  if (finding.id !== 'unit_failed') return { kind: 'state', finding };
  if (config?.problem)
    return {
      kind: 'file',
      reason: `jaco.service is not running because jacod rejects jacod.yaml: ${config.problem.message}`,
    };
  const last = failure?.last ?? null;
  const isExplained = causes.some((id) => endingCauses(last?.reason.kind ?? 'other').includes(id));
  if (isExplained) return { kind: 'found' };
  if (last === null || (last.reason.kind !== 'config' && last.reason.kind !== 'forwarder-loop'))
    return { kind: 'state', finding };
  const fixed = config?.changedAtMs != null && config.changedAtMs > last.atMs;
  if (!fixed)
    return { kind: 'file', reason: `jaco.service is not running because jacod rejects jacod.yaml: ${last.error}` };
  // Only a restart loop continues without help; a start limit stays until it is reset.
  if (finding.cause !== 'restart-loop') return { kind: 'state', finding };
  return {
    kind: 'file',
    reason: 'jaco.service is waiting for its next automatic start; the file that jacod rejected was changed',
  };
}

/** Findings that can explain the last error of a daemon that exited. */
function endingCauses(kind: NonNullable<StartFailure['last']>['reason']['kind']): readonly Finding['id'][] {
  switch (kind) {
    case 'port-in-use':
      return ['port_in_use'];
    case 'address-gone':
    case 'no-private-address':
      return ['bind_address_unavailable'];
    case 'disk-full':
      return ['data_disk_full'];
    case 'unwritable':
      return ['data_dir_unreadable', 'data_dir_unwritable'];
    default:
      // Without an error text: systemd ends a daemon that waits for another's lock, and a held port can be inferred.
      return ['data_dir_locked', 'port_in_use'];
  }
}
