import type { Cause, Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import type { JacodProcess } from '../../../src/probes/jaco/daemon/jacod-process.ts';
import type { SocketFile } from '../../../src/probes/jaco/daemon/socket-file.ts';
import type { Units } from '../../../src/probes/jaco/daemon/unit.ts';
import { SOCKET_CREATION_MS } from '../../../src/probes/jaco/timing.ts';

type CheckFinding = Finding<'daemon_unreachable' | 'socket_hidden' | 'socket_unlinked', 'connect'>;

/** What is known in addition to the failed connect. */
export type SocketContext = {
  readonly path: string;
  readonly file: SocketFile | null;
  readonly process: JacodProcess | null;
  readonly units: Units | null;
  readonly now: number;
};

/** No file at the path (ENOENT): no listener, or a listener whose file is not visible here. */
export function judgeAbsent(context: SocketContext): CheckFinding {
  const { path, file, process } = context;
  const bound = file?.bound ?? [];
  if (bound.length > 0) return unlinkedListener(context, bound);
  if (process === null) return unreachableFinding('other', path, [`${path} does not exist`, UNSEEN_PROCESS]);
  const { main } = process;
  if (main === null)
    return unreachableFinding('not-running', path, [`${path} does not exist, and no jacod is running on this host`]);
  const runs = `jacod, pid ${main.pid}, was started at ${formatTime(main.startedAtMs)}`;
  if (main.startedAtMs !== null && context.now - main.startedAtMs < SOCKET_CREATION_MS)
    return unreachableFinding('starting', path, [`${path} does not exist yet`, runs]);
  return unreachableFinding('no-socket-file', path, [
    `${path} does not exist, and no socket with that path is listening`,
    runs,
  ]);
}

const UNSEEN_PROCESS = 'whether jacod is running could not be determined';

/** A socket file without a listener (ECONNREFUSED). */
export function judgeRefused(context: SocketContext): CheckFinding {
  const { path, file } = context;
  const type = file?.file.type ?? null;
  if (type !== null && type !== 'socket')
    return unreachableFinding('wrong-type', path, [
      `${path} is a ${type === 'other' ? 'special file' : type}, not a socket`,
    ]);
  const main = context.process?.main ?? null;
  const listenerState =
    context.process === null
      ? UNSEEN_PROCESS
      : main === null
        ? 'no jacod is running on this host'
        : `jacod, pid ${main.pid}, does not listen there`;
  return unreachableFinding('stale-socket', path, [
    `${path} exists and refuses connections: it is left over from an earlier daemon`,
    listenerState,
  ]);
}

/**
 * The kernel lists a listener with this path, but the file system shows no file. systemd's socket file was removed when
 * the daemon was killed by a signal. A socket that the daemon created is in a directory of its own mount, or in one
 * that was removed and created again (docs/jaco-daemon/control.md#socket-unlinked).
 */
function unlinkedListener({ path, file, process, units }: SocketContext, bound: readonly string[]): CheckFinding {
  const bySystemd = units !== null && bound.some((name) => units.socket.listen.includes(name));
  const holders = file?.holders?.map(({ pid, program }) => `${program} (pid ${pid})`).join(', ');
  const held = `a socket with the path ${bound.join(', ')} is listening${holders ? `, held by ${holders}` : ''}, but ${path} does not exist`;
  const pid = process?.main === null || process === null ? {} : { pid: String(process.main.pid) };
  const values = { socket: path, socket_dir: path.slice(0, path.lastIndexOf('/')) || '/', ...pid };
  if (process?.socketDirPrivate === true)
    return {
      id: 'socket_hidden',
      subject: null,
      cause: 'private-mount',
      evidence: [held, `the daemon has its own mount at ${values.socket_dir} (seen in its mountinfo)`],
      values,
      explains: ['connect'],
    };
  if (bySystemd || units === null || units.service.load !== 'loaded')
    return {
      id: 'socket_unlinked',
      subject: null,
      evidence: [held],
      values: { socket: path },
      explains: ['connect'],
    };
  return {
    id: 'socket_hidden',
    subject: null,
    evidence: [held, 'the daemon created that socket itself, in a directory that is not visible on this host'],
    values,
    explains: ['connect'],
  };
}

function unreachableFinding(
  cause: Cause<'daemon_unreachable'>,
  path: string,
  evidence: readonly string[],
): CheckFinding {
  return {
    id: 'daemon_unreachable',
    subject: null,
    cause,
    evidence,
    values: { socket: path, address: path },
    explains: ['connect'],
  };
}
