import type { Cause, Finding, Values } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import type { DataDir } from '../../../src/probes/jaco/daemon/data-dir.ts';
import type { SocketFile } from '../../../src/probes/jaco/daemon/socket-file.ts';
import { isServiceRunning, type Units } from '../../../src/probes/jaco/daemon/unit.ts';
import type { StartFailure } from '../../../src/probes/jaco/journal/start-failure.ts';
import { DAEMON_START_MS } from '../../../src/probes/jaco/timing.ts';

type UnitFaultId = 'unit_missing' | 'unit_failed' | 'unit_inactive';

/** The state of the units: running, starting, or down with a finding. */
export type UnitVerdict =
  | { readonly kind: 'running' | 'starting' }
  | { readonly kind: 'down'; readonly finding: Finding<UnitFaultId, 'unit'> };

/** Judges jaco.service and jaco.socket by their state, the daemon's last error and the socket's file. */
export function judgeUnits(
  units: Units,
  failure: StartFailure | null,
  socket: SocketFile | null,
  data: DataDir | null,
  now: number,
): UnitVerdict {
  const { service, socket: socketUnit } = units;
  // A unit whose file was removed or masked keeps running. Its next start is a separate finding.
  if (isServiceRunning(units) && service.active === 'active') return { kind: 'running' };
  if (service.load === 'not-found') return missing('no-service', ['systemd has no unit jaco.service']);
  if (socketUnit.load === 'not-found')
    return missing('no-socket-unit', [
      `systemd has the unit jaco.service (${service.fragment}), but not jaco.socket, which it requires`,
      describeUnits(units),
    ]);
  if (service.load !== 'loaded')
    return failed(service.load === 'masked' ? 'masked' : 'not-loaded', [
      service.load === 'masked'
        ? 'jaco.service is masked: systemd refuses every start of it'
        : `systemd could not load jaco.service: LoadState=${service.load}`,
    ]);
  const loops = service.active === 'activating' && (service.sub === 'auto-restart' || failure?.last != null);
  // A daemon that was killed by a signal logs no error.
  const killed = failure?.last == null && service.exit !== null && service.exit.how !== 'exited';
  if (loops) return exited(killed ? 'killed' : 'restart-loop', units, failure);
  if (service.active === 'activating' || service.active === 'reloading') {
    const since = service.startedAtMs;
    if (since === null || now - since < DAEMON_START_MS) return { kind: 'starting' };
    return exited('restart-loop', units, failure, [
      `it has been starting since ${formatTime(since)} and has not reported that it is ready`,
    ]);
  }
  if (socketUnit.result === 'start-limit-hit') return exited('socket-start-limit', units, failure);
  if (service.result === 'start-limit-hit') return exited('start-limit', units, failure);
  if (service.active === 'failed' || service.result !== 'success') return exited('failed', units, failure);
  return inactive(units, socket, data);
}

function inactive(units: Units, socket: SocketFile | null, data: DataDir | null): UnitVerdict {
  const { service, socket: socketUnit } = units;
  const listening = socketUnit.active === 'active';
  // A daemon that is killed by a signal removes the socket's file, while systemd still listens on the unlinked socket.
  const killed = listening && service.exit !== null && socket?.file.kind === 'absent';
  // systemd forgets a stopped unit that nothing requires; the data directory shows that the daemon ran.
  const fresh = service.startedAtMs === null && service.exit === null && data?.raftState === 'absent';
  const cause = killed ? 'killed' : fresh ? 'never-started' : 'stopped';
  const notDialled =
    listening && !killed
      ? ['jaco.socket is listening, and a connection would start the daemon, so the doctor did not connect']
      : [];
  const unlinked = killed
    ? [
        `jaco.socket is listening, but ${socket.file.path} is missing: the daemon was killed directly, not stopped with systemctl`,
      ]
    : [];
  const since = service.inactiveSinceMs ?? service.exitedAtMs;
  const evidence = [
    describeUnits(units),
    ...(since === null ? [] : [`down since ${formatTime(since)}`]),
    ...unlinked,
    ...notDialled,
  ];
  const boot =
    service.enabled === 'enabled'
      ? []
      : [`jaco.service is ${service.enabled || 'not enabled'}: a boot does not start it`];
  const texts = inactiveTexts(cause, service.exit?.how === 'exited');
  return down({
    id: 'unit_inactive',
    cause,
    subject: null,
    ...texts,
    evidence: [...evidence, ...boot],
    explains: ['unit'],
  });
}

/** systemd restarts a daemon that fails, so one that exited and stays down exited with status 0. */
function inactiveTexts(cause: Cause<'unit_inactive'>, hasExited: boolean) {
  if (cause === 'never-started')
    return {
      title: 'jacod was never started on this host',
      meaning: 'jaco.service is installed and was never started. This host has no raft state.',
      impact: 'This host is not a member of a cluster yet.',
    };
  if (cause === 'stopped' && hasExited)
    return {
      meaning:
        'jacod exited with status 0, so systemd does not start it again. It was stopped, or it ended without an error.',
    };
  return {};
}

/** A unit whose daemon exited, with its last error. */
function exited(
  cause: Cause<'unit_failed'>,
  units: Units,
  failure: StartFailure | null,
  more: readonly string[] = [],
): UnitVerdict {
  const last = failure?.last ?? null;
  const unreadReason = failure?.unseen ? [`the journal has the reason, but could not be read: ${failure.unseen}`] : [];
  const words = last === null ? unreadReason : [`jacod exited at ${formatTime(last.atMs)}: ${last.error}`];
  const values = { last_error: last?.error ?? 'unknown here; read the journal' };
  return failed(cause, [describeUnits(units), ...more, ...words], values);
}

function failed(
  cause: Cause<'unit_failed'>,
  evidence: readonly string[],
  values: Values<'unit_failed'> = {},
): UnitVerdict {
  return down({ id: 'unit_failed', subject: null, cause, evidence, values, explains: ['unit'] });
}

function missing(cause: Cause<'unit_missing'>, evidence: readonly string[]): UnitVerdict {
  return down({ id: 'unit_missing', subject: null, cause, evidence, explains: ['unit'] });
}

function down(finding: Finding<UnitFaultId, 'unit'>): UnitVerdict {
  return { kind: 'down', finding };
}

/** The state in systemd's own words. */
export function describeUnits({ service, socket }: Units): string {
  const ended = service.exit === null ? '' : `, last process ${service.exit.how} with ${service.exit.status}`;
  const restarts = service.active === 'activating' && service.restarts > 0 ? `, ${service.restarts} restarts` : '';
  const socketEnd = socket.result === 'success' ? '' : `, Result=${socket.result}`;
  return `jaco.service is ${service.active} (${service.sub}), Result=${service.result}${ended}${restarts}; jaco.socket is ${socket.active} (${socket.sub})${socketEnd}`;
}
