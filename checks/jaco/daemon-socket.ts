import { check } from '../../src/engine/check.ts';
import { type Judgement, judged, pass, unknown, unknownBecause } from '../../src/engine/finding.ts';
import { type Failure, factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { identity } from '../../src/probes/host/identity.ts';
import { clusterStatus } from '../../src/probes/jaco/control/cluster-status.ts';
import { controlConnect } from '../../src/probes/jaco/control/control-connect.ts';
import { servers } from '../../src/probes/jaco/control/servers.ts';
import { jacodConfig } from '../../src/probes/jaco/daemon/config.ts';
import { jacodProcess } from '../../src/probes/jaco/daemon/process.ts';
import { socketFile } from '../../src/probes/jaco/daemon/socket-file.ts';
import { controlSocketPath, type SocketPath } from '../../src/probes/jaco/daemon/socket-path.ts';
import { unit } from '../../src/probes/jaco/daemon/unit.ts';
import { type Around, judgeAbsent, judgeRefused } from './daemon-socket/absent.ts';
import { asListed, meantFor, wrongRights } from './daemon-socket/rights.ts';
import { judgeServers } from './daemon-socket/servers.ts';
import { judgeForeign, judgeSilent } from './daemon-socket/silent.ts';

const IDS = [
  'daemon_unreachable',
  'daemon_unresponsive',
  'socket_permission_denied',
  'socket_hidden',
  'socket_unlinked',
  'not_jaco_grpc',
] as const;

type Judged = Judgement<(typeof IDS)[number], 'connect' | 'status' | 'servers'>;

export default check({
  name: 'daemon-socket',
  group: 'daemon',
  where: 'anywhere',
  title: 'the daemon answers on its control socket or operator port, for those it is meant for',
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
  judge({ servers: asked, path: where, connect, status, file, unit: units, process, identity, config }, now): Judged {
    if (asked.kind === 'value') return judgeServers(asked.value);
    if (asked.kind === 'failed') return unknownBecause(asked);
    if (where.kind !== 'value') return unknownBecause(where);
    const path = where.value;
    const around: Around = { path: path.path, file: factOf(file), process: factOf(process), units: factOf(units), now };
    const meant = meantFor(around.units);
    const rights =
      around.file === null || (path.from === 'given' && !path.activates) ? null : wrongRights(around.file, meant);
    const notes = notesOf(path);
    if (connect.kind === 'not-applicable') return unknown(connect.reason, { notes });
    // A daemon that its own file keeps from starting listens nowhere: that is the file's finding.
    if (connect.kind === 'failed' && around.units === null && around.process?.main === null && factOf(config)?.problem)
      return unknown(connect.failure.detail, { failure: connect.failure, notes });
    if (connect.kind === 'failed')
      return unconnected(connect.failure, around, rights, notes, whoAmI(factOf(identity), meant.group ?? 'jaco'));
    if (status.kind === 'failed') return unanswered(status.failure, around, notes);
    const listed = around.file?.file.kind === 'there' ? [asListed(around.file.file)] : [];
    const answered = [`${path.path} answered Cluster.Status; the connect took ${connect.value.ms} ms`, ...listed];
    return rights === null ? pass(answered, { notes }) : judged([rights], { evidence: answered, notes });
  },
});

function unconnected(
  failure: Failure,
  around: Around,
  rights: ReturnType<typeof wrongRights>,
  notes: readonly string[],
  me: string,
): Judged {
  // systemd says that the daemon does not run: that is the unit's finding and not the socket's.
  if (failure.root === unit.name) return unknown(failure.detail, { failure, notes });
  switch (failure.why) {
    case 'denied':
      return rights === null ? unknown(`${failure.detail}: ${me}`, { failure, notes }) : judged([rights], { notes });
    case 'absent':
      return judged([judgeAbsent(around)], { notes });
    case 'refused':
      return judged([judgeRefused(around)], { notes });
    case 'silent':
      return judged([judgeSilent(around.path, failure.detail, around.process)], { notes });
    default:
      return unknown(failure.detail, { failure, notes });
  }
}

function unanswered(failure: Failure, around: Around, notes: readonly string[]): Judged {
  if (failure.why === 'silent') return judged([judgeSilent(around.path, failure.detail, around.process)], { notes });
  const spoke = failure.phase === 'grpc' || failure.phase === 'answer';
  if (failure.why === 'unreadable' && spoke) return judged([judgeForeign(around.path, failure)], { notes });
  // An error of the daemon's own is an answer, whatever it says.
  if (failure.phase === 'answer' && (failure.why === 'refused' || failure.why === 'denied'))
    return pass([`${around.path} answered Cluster.Status with an error: ${failure.detail}`], { notes });
  return unknown(failure.detail, { failure, notes });
}

function notesOf({ label, path, from }: SocketPath): readonly string[] {
  const origin = {
    given: 'as asked for',
    unit: 'which jaco.socket listens on',
    config: 'from jacod.yaml',
    default: 'the default',
  }[from];
  return label === null
    ? []
    : [
        `unix_socket of jacod.yaml says ${label}, but systemd hands the daemon ${path}, ${origin}; only the daemon's log uses the other name`,
      ];
}

function whoAmI(
  identity: { readonly user: string | null; readonly uid: number; readonly groups: readonly string[] } | null,
  group: string,
): string {
  const name =
    identity === null
      ? 'this user'
      : `${identity.user ?? `uid ${identity.uid}`} (groups ${identity.groups.join(', ')})`;
  const verdict = identity?.groups.includes(group) ? 'is in it and was kept out all the same' : 'is neither';
  return `the socket is for root and group ${group}; ${name} ${verdict}`;
}
