import { check } from '../../src/engine/check.ts';
import { type Judgement, judged, pass, unknown, unknownBecause } from '../../src/engine/finding.ts';
import { type Failure, factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { identity } from '../../src/probes/host/identity.ts';
import { clusterStatus } from '../../src/probes/jaco/control/cluster-status.ts';
import { controlConnect } from '../../src/probes/jaco/control/control-connect.ts';
import { servers } from '../../src/probes/jaco/control/servers.ts';
import { jacodConfig } from '../../src/probes/jaco/daemon/jacod-config.ts';
import { jacodProcess } from '../../src/probes/jaco/daemon/jacod-process.ts';
import { socketFile } from '../../src/probes/jaco/daemon/socket-file.ts';
import { controlSocketPath, type SocketPath } from '../../src/probes/jaco/daemon/socket-path.ts';
import { unit } from '../../src/probes/jaco/daemon/unit.ts';
import { judgeAbsent, judgeRefused, type SocketContext } from './daemon-socket/judge-absent.ts';
import { judgeServers } from './daemon-socket/judge-servers.ts';
import { judgeForeign, judgeSilent } from './daemon-socket/judge-silent.ts';
import { asListed, intendedRights, wrongRights } from './daemon-socket/socket-rights.ts';

const IDS = [
  'daemon_unreachable',
  'daemon_unresponsive',
  'socket_permission_denied',
  'socket_hidden',
  'socket_unlinked',
  'not_jaco_grpc',
] as const;

type SocketJudgement = Judgement<(typeof IDS)[number], 'connect' | 'status' | 'servers'>;

export default check({
  name: 'daemon-socket',
  group: 'daemon',
  where: 'anywhere',
  title: 'the daemon answers its clients on the control socket or operator port',
  reads: {
    servers: attempt(servers),
    path: attempt(controlSocketPath),
    connect: attempt(controlConnect),
    status: attempt(clusterStatus),
    file: attempt(socketFile),
    unit: attempt(unit),
    process: attempt(jacodProcess),
    identity: attempt(identity),
    config: attempt(jacodConfig),
  },
  finds: IDS,
  applies: ({ servers: asked, path }) =>
    asked.kind !== 'not-applicable' || path.kind !== 'not-applicable' || path.reason,
  judge(
    { servers: asked, path: socketPath, connect, status, file, unit: units, process, identity, config },
    now,
  ): SocketJudgement {
    if (asked.kind === 'value') return judgeServers(asked.value);
    if (asked.kind === 'failed') return unknownBecause(asked);
    if (socketPath.kind !== 'value') return unknownBecause(socketPath);
    const path = socketPath.value;
    const context: SocketContext = {
      path: path.path,
      file: factOf(file),
      process: factOf(process),
      units: factOf(units),
      now,
    };
    const intended = intendedRights(context.units);
    const rights =
      context.file === null || (path.from === 'given' && !path.activates) ? null : wrongRights(context.file, intended);
    const notes = socketNotes(path);
    if (connect.kind === 'not-applicable') return unknown(connect.reason, { kind: 'answer' }, { notes });
    // A daemon that its configuration file prevents from starting listens nowhere. daemon-config reports the file.
    if (
      connect.kind === 'failed' &&
      context.units === null &&
      context.process?.main === null &&
      factOf(config)?.problem
    )
      return unknown(connect.failure.detail, connect.failure, { notes });
    if (connect.kind === 'failed')
      return judgeConnectFailure(
        connect.failure,
        context,
        rights,
        notes,
        currentUser(factOf(identity), intended.group ?? 'jaco'),
      );
    if (status.kind === 'failed') return judgeStatusFailure(status.failure, context, notes);
    const listed = context.file?.file.kind === 'there' ? [asListed(context.file.file)] : [];
    const answered = [`${path.path} answered Cluster.Status; connected in ${connect.value.ms} ms`, ...listed];
    return rights === null ? pass(answered, { notes }) : judged([rights], { evidence: answered, notes });
  },
});

function judgeConnectFailure(
  failure: Failure,
  context: SocketContext,
  rights: ReturnType<typeof wrongRights>,
  notes: readonly string[],
  me: string,
): SocketJudgement {
  // systemd says that the daemon is not running. That is a finding of daemon-unit, not of the socket.
  if (failure.root === unit.name) return unknown(failure.detail, failure, { notes });
  switch (failure.why) {
    case 'denied':
      return rights === null ? unknown(`${failure.detail}: ${me}`, failure, { notes }) : judged([rights], { notes });
    case 'absent':
      return judged([judgeAbsent(context)], { notes });
    case 'refused':
      return judged([judgeRefused(context)], { notes });
    case 'silent':
      return judged([judgeSilent(context.path, failure.detail, context.process)], { notes });
    default:
      return unknown(failure.detail, failure, { notes });
  }
}

function judgeStatusFailure(failure: Failure, context: SocketContext, notes: readonly string[]): SocketJudgement {
  if (failure.why === 'silent') return judged([judgeSilent(context.path, failure.detail, context.process)], { notes });
  const answered = failure.phase === 'grpc' || failure.phase === 'answer';
  if (failure.why === 'unreadable' && answered) return judged([judgeForeign(context.path, failure)], { notes });
  // An error from the daemon itself is an answer, with any text.
  if (failure.phase === 'answer' && (failure.why === 'refused' || failure.why === 'denied'))
    return pass([`${context.path} answered Cluster.Status with an error: ${failure.detail}`], { notes });
  return unknown(failure.detail, failure, { notes });
}

function socketNotes({ label, path, from }: SocketPath): readonly string[] {
  const origin = {
    given: 'as asked for',
    unit: 'which jaco.socket listens on',
    config: 'from jacod.yaml',
    default: 'the default',
  }[from];
  return label === null
    ? []
    : [
        `unix_socket of jacod.yaml says ${label}, but systemd passes ${path} to the daemon, ${origin}; only the daemon's log uses the other path`,
      ];
}

function currentUser(
  identity: { readonly user: string | null; readonly uid: number; readonly groups: readonly string[] } | null,
  group: string,
): string {
  const name =
    identity === null
      ? 'this user'
      : `${identity.user ?? `uid ${identity.uid}`} (groups ${identity.groups.join(', ')})`;
  const verdict = identity?.groups.includes(group)
    ? `is in group ${group}, but access was denied`
    : `is not in group ${group}`;
  return `the socket is for root and group ${group}; user ${name} ${verdict}`;
}
