import { type FailureWhy, failed, type Outcome, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { tryConnect } from '../../io/try-connect.ts';
import { jacodIds } from '../daemon/inspect-process.ts';
import { isSameSocket } from '../daemon/is-same-socket.ts';
import { controlSocketPath, type SocketPath } from '../daemon/socket-path.ts';
import { isServiceRunning, type Units, unit } from '../daemon/unit.ts';
import { probe } from '../jaco-probe.ts';

/** A connect that was accepted. */
export type ControlConnect = { readonly path: string; readonly ms: number };

const LIMIT_MS = 1_000;
/** The path on which systemd listens in the packages. */
const PACKAGED = '/run/jaco/jaco.sock';

/**
 * A bare connect to the control socket. Failures: `withheld`: the connect would start the daemon; `absent`: no file
 * (ENOENT); `denied`: the doctor has no access (EACCES); `refused`: no listener behind the file (ECONNREFUSED);
 * `silent`: its queue is full. The system's code is in the detail. If systemd says that the daemon is not running, the
 * failure is the unit's.
 */
export const controlConnect = probe({
  name: 'jaco.control-connect',
  right: 'root or group jaco',
  after: { unit: attempt(unit), path: controlSocketPath },
  deadlineMs: 1_500,
  async collect(io, { unit: units, path }, signal): Promise<Result<ControlConnect>> {
    const withheld = await dialWithholdReason(units, path);
    if (withheld !== null)
      return failed('withheld', 'connect', `the doctor did not connect to ${path.path}: ${withheld}`, unit);
    io.phase('connect');
    const result = await tryConnect({ path: path.path }, LIMIT_MS, signal);
    if (result.kind === 'connected') return value({ path: path.path, ms: result.ms });
    const because = (await isStopped(units, path)) ? unit : undefined;
    if (result.kind === 'no-answer')
      return failed('silent', 'connect', `${path.path}: no answer to a connect within ${result.ms} ms`, because);
    return failed(failureWhy(result.code), 'connect', `connect to ${path.path}: ${result.code}`, because);
  },
});

/** Why a connect would change something; null if it would not. */
async function dialWithholdReason(units: Outcome<Units>, path: SocketPath): Promise<string | null> {
  if (units.kind === 'value') {
    const starts = units.value.service.load === 'loaded' && units.value.socket.active === 'active';
    return starts && path.activates && !isServiceRunning(units.value)
      ? 'jaco.service is not running, and a connection would start it'
      : null;
  }
  if (units.kind === 'not-applicable' || !isSameSocket(path.path, PACKAGED) || (await jacodIds()).length > 0)
    return null;
  return 'whether jaco.service is running is unknown, and a connection could start it';
}

/** Whether the socket belongs to a unit whose daemon is not running, so that the failure is the unit's. */
async function isStopped(units: Outcome<Units>, path: SocketPath): Promise<boolean> {
  if (units.kind !== 'value' || isServiceRunning(units.value)) return false;
  // Without jaco.socket, or if started manually, the daemon creates the socket itself.
  return path.activates || (path.from !== 'given' && (await jacodIds()).length === 0);
}

function failureWhy(code: string): FailureWhy {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent';
  if (code === 'EACCES' || code === 'EPERM') return 'denied';
  // A full queue means that the listener no longer accepts; a file that is not a socket also refuses (unix(7)).
  if (code === 'EAGAIN') return 'silent';
  return code === 'ECONNREFUSED' ? 'refused' : 'unreadable';
}
