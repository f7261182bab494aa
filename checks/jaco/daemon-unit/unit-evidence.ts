import { formatBytes, formatTime } from '../../../src/engine/format.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { DataDir } from '../../../src/probes/jaco/daemon/data-dir.ts';
import type { JacodProcess } from '../../../src/probes/jaco/daemon/jacod-process.ts';
import type { Units } from '../../../src/probes/jaco/daemon/unit.ts';
import { describeUnits, type UnitVerdict } from './judge-units.ts';

/** The evidence of a pass: the unit, the process, the data directory. */
export function unitEvidence(
  units: Units | null,
  process: JacodProcess | null,
  data: DataDir | null,
): readonly string[] {
  const main = process?.main;
  const space = data?.space ? `, ${formatBytes(data.space.freeBytes)} free` : '';
  return [
    ...(units === null ? [] : [describeUnits(units)]),
    ...(main == null
      ? []
      : [
          `jacod, pid ${main.pid}, has been running as ${main.user ?? 'an unknown user'} since ${formatTime(main.startedAtMs)}`,
        ]),
    ...(data === null
      ? []
      : [
          `${data.path}: owner ${data.owner ?? '?'}:${data.group ?? '?'}, mode ${data.mode?.toString(8).padStart(4, '0') ?? '?'}${space}`,
        ]),
  ];
}

/** Normal states that look wrong, and what only root could see. */
export function unitNotes(
  units: Outcome<Units>,
  state: UnitVerdict | null,
  data: DataDir | null,
  process: JacodProcess | null,
  byHand: boolean,
): readonly string[] {
  const service = units.kind === 'value' ? units.value.service : null;
  return [
    ...(units.kind === 'not-applicable' ? ['jaco.service was not checked: this host does not run systemd'] : []),
    ...(byHand && service !== null
      ? [
          `the running daemon was not started by systemd, whose jaco.service is ${service.load === 'loaded' ? service.active : service.load}`,
        ]
      : []),
    ...(state?.kind === 'starting' ? ['jaco.service is starting; it reports that it is ready within about 1 s'] : []),
    ...(data?.access.kind === 'full' && data.access.unseen !== null
      ? [`the owner of the files in ${data.access.unseen} was not checked: only root and jacod can list them`]
      : []),
    ...otherDaemons(process),
    ...(service?.needsReload
      ? ['unit files were changed and systemd still uses the old ones; run systemctl daemon-reload']
      : []),
    ...(service?.enabled === 'disabled' && data?.raftState === 'denied'
      ? ['jaco.service is disabled, which matters only on a member; only root can see whether this host is one']
      : []),
    ...(service !== null && service.active === 'active' && service.restarts > 0
      ? [
          `systemd restarted the daemon ${service.restarts} times since it was last started manually; it has been running since ${formatTime(service.activeSinceMs)}`,
        ]
      : []),
  ];
}

/** Other daemons whose data directory only root can see. */
function otherDaemons(process: JacodProcess | null): readonly string[] {
  const undetermined = (process?.others ?? [])
    .filter(({ sameDataDir }) => sameDataDir === null)
    .map(({ jacod }) => jacod.pid);
  return undetermined.length === 0
    ? []
    : [
        `another jacod is running on this host (pid ${undetermined.join(', ')}); only root can see whether it uses the same data directory`,
      ];
}
