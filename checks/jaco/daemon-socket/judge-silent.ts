import type { Cause, Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import type { Failure } from '../../../src/engine/outcome.ts';
import { serverKind } from '../../../src/probes/jaco/control/server-kind.ts';
import type { JacodProcess } from '../../../src/probes/jaco/daemon/jacod-process.ts';

/**
 * The connection was accepted, or queued by the kernel, but no answer came. The state of the process shows how it is
 * stuck.
 */
export function judgeSilent(
  path: string,
  reason: string,
  process: JacodProcess | null,
): Finding<'daemon_unresponsive', 'connect' | 'status'> {
  const main = process?.main ?? null;
  const state = main?.state ?? '';
  const cause = state === 'T' || state === 't' ? 'stopped-process' : state === 'D' ? 'disk-wait' : 'silent';
  const states = {
    'stopped-process': 'it is stopped (state T)',
    'disk-wait': 'it is waiting for a device (state D)',
    silent: `its state is ${state}`,
  };
  const runs =
    main === null ? [] : [`jacod, pid ${main.pid}, was started at ${formatTime(main.startedAtMs)}; ${states[cause]}`];
  const pid = main === null ? {} : { pid: String(main.pid) };
  return {
    id: 'daemon_unresponsive',
    subject: null,
    cause,
    ...silentTexts(cause, main?.pid ?? null),
    evidence: [
      reason.startsWith('connected, then no ')
        ? reason.replace(/^connected, then no /, `${path} accepted the connection, but jacod sent no `)
        : `${path}: ${reason}`,
      ...runs,
    ],
    values: { socket: path, ...pid },
    explains: ['connect', 'status'],
  };
}

function silentTexts(cause: Cause<'daemon_unresponsive'>, pid: number | null): { readonly meaning?: string } {
  if (cause === 'stopped-process')
    return { meaning: `jacod (pid ${pid}) is stopped (state T): a signal or a debugger stopped it.` };
  if (cause === 'disk-wait')
    return { meaning: `jacod (pid ${pid}) is waiting for a disk or another device (state D), so it does not answer.` };
  return {};
}

/** Something answered that is not JACO's service. */
export function judgeForeign(path: string, { detail, phase }: Failure): Finding<'not_jaco_grpc', 'status'> {
  const cause = phase === 'answer' ? 'other-grpc' : serverKind(detail);
  const observed = { 'other-grpc': 'another gRPC service', 'web-server': 'a web server', other: 'not a gRPC server' }[
    cause
  ];
  return {
    id: 'not_jaco_grpc',
    subject: null,
    cause,
    evidence: [`${path} accepted the connection and answered: ${detail}`],
    values: { socket: path, address: path, seen: observed },
    explains: ['status'],
  };
}
