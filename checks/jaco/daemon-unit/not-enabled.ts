import type { Cause, Finding } from '../../../src/engine/finding.ts';
import type { DataDir } from '../../../src/probes/jaco/daemon/data-dir.ts';
import type { Units } from '../../../src/probes/jaco/daemon/unit.ts';
import type { UnitVerdict } from './judge-units.ts';

type CheckFinding = Finding<'unit_not_enabled', never>;

/** A member whose daemon will not start at the next boot or with the next start command. */
export function notEnabled(
  units: Units,
  { raftState, path }: DataDir,
  state: UnitVerdict | null,
): readonly CheckFinding[] {
  if (raftState !== 'present') return [];
  const why = obstacle(units, state?.kind === 'running');
  if (why === null) return [];
  const member = `${path}/raft/log.db makes this host a member`;
  return [
    {
      id: 'unit_not_enabled',
      subject: null,
      cause: why.cause,
      ...disabledText(why.cause),
      evidence: [`${why.seen}, and ${member}`],
    },
  ];
}

function disabledText(cause: Cause<'unit_not_enabled'>): { readonly meaning?: string } {
  return cause === 'disabled'
    ? { meaning: 'jaco.service is not enabled on this host, which is a member. A disabled jaco.socket is normal.' }
    : {};
}

/**
 * The obstacle of the next start. If the daemon is down, a mask or a missing file is reported as the reason for that
 * instead.
 */
function obstacle(
  { service, socket }: Units,
  running: boolean,
): { cause: Cause<'unit_not_enabled'>; seen: string } | null {
  if (running) {
    const masked = [
      ...(service.load === 'masked' ? ['jaco.service'] : []),
      ...(socket.load === 'masked' ? ['jaco.socket'] : []),
    ];
    if (masked.length > 0)
      return { cause: 'masked', seen: `${masked.join(' and ')} was masked while the daemon was running` };
    const gone = [
      ...(service.load === 'not-found' ? ['jaco.service'] : []),
      ...(socket.load === 'not-found' ? ['jaco.socket'] : []),
    ];
    if (gone.length > 0)
      return {
        cause: 'unit-file-gone',
        seen: `the daemon is running, but the unit file of ${gone.join(' and ')} is missing`,
      };
  }
  // jaco.socket is disabled on every healthy node, because the service pulls it in.
  const left = service.load === 'loaded' && ['disabled', 'enabled-runtime'].includes(service.enabled);
  return left ? { cause: 'disabled', seen: `jaco.service is ${service.enabled}` } : null;
}
