import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged, unknown } from '../../src/engine/finding.ts';
import type { Json } from '../../src/engine/json.ts';
import type { Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { listeners } from '../../src/probes/host/listeners.ts';
import { type JacodConfig, jacodConfig } from '../../src/probes/jaco/config.ts';
import { type DataDir, dataDir } from '../../src/probes/jaco/data-dir.ts';
import { moment } from '../../src/probes/jaco/moment.ts';
import { type JacodProcess, jacodProcess } from '../../src/probes/jaco/process.ts';
import { raftLines } from '../../src/probes/jaco/raft-lines.ts';
import { socketFile } from '../../src/probes/jaco/socket-file.ts';
import { type ExitReason, type StartFailure, startFailure } from '../../src/probes/jaco/start-failure.ts';
import { type Units, unit } from '../../src/probes/jaco/unit.ts';
import { closedData, fullDisk, inUnits, lockedData, nearlyFullDisk } from './daemon-unit/data.ts';
import { failedBind, guessedPort, heldRaftPort } from './daemon-unit/ports.ts';
import { type State, said, stateOf } from './daemon-unit/state.ts';

const IDS = [
  'unit_missing',
  'port_in_use',
  'bind_address_unavailable',
  'data_disk_full',
  'data_dir_unreadable',
  'data_dir_unwritable',
  'data_dir_locked',
  'unit_failed',
  'unit_inactive',
  'unit_not_enabled',
  'disk_nearly_full',
] as const;

type Found = Finding<(typeof IDS)[number], 'unit'>;

export default check({
  name: 'daemon-unit',
  group: 'daemon',
  where: 'node',
  title: 'the daemon is kept running and can use its data directory',
  reads: {
    unit: attempt(unit),
    process: attempt(jacodProcess),
    data: attempt(dataDir),
    config: attempt(jacodConfig),
    failure: attempt(startFailure),
    lines: attempt(raftLines),
    listeners: attempt(listeners),
    socket: attempt(socketFile),
  },
  finds: IDS,
  judge(facts, now) {
    const units = known(facts.unit);
    const process = known(facts.process);
    const data = known(facts.data);
    const failure = known(facts.failure);
    const lines = known(facts.lines);
    const sockets = known(facts.listeners);
    // A jacod that somebody started by hand is not systemd's to know.
    const byHand = process?.main != null && process.from === 'scan';
    const state = units === null || byHand ? null : stateOf(units, failure, known(facts.socket), now);
    const config = known(facts.config);
    const refused = process?.main == null ? (config?.problem ?? null) : null;
    const causes = [
      failure && failedBind(failure, sockets),
      failure && endsByItself(state) ? guessedPort(failure, config?.settings?.listenAddr ?? null, sockets) : null,
      lines && heldRaftPort(lines, process?.main?.pid ?? null, sockets),
      data && fullDisk(data, lines?.noSpaceAtMs ?? null, failure, now),
      data && closedData(data),
      data && process && lockedData(data, process),
    ].filter((one) => one !== null);
    const full = causes.some(({ id }) => id === 'data_disk_full');
    const found: Found[] = [
      ...causes.map((cause): Found => (state?.kind === 'down' ? { ...cause, explains: ['unit'] } : cause)),
      ...stateFinding(state, causes, failure, refused !== null),
      ...(units && data ? notEnabled(units, data) : []),
      ...(data && !full ? [nearlyFullDisk(data)].filter((one) => one !== null) : []),
    ].sort((a, b) => IDS.indexOf(a.id) - IDS.indexOf(b.id));
    if (found.length === 0 && state?.kind === 'down')
      return unknown(whyRefused(refused, config, failure), {
        failure: { why: 'withheld', phase: 'start', detail: 'jaco.service does not run', root: unit.name },
        evidence: evidenceOf(units, process, data, false),
      });
    return judged(found, {
      evidence: evidenceOf(units, process, data, state?.kind === 'down'),
      notes: notesOf(facts.unit, state, data, process, byHand),
      notJudged: [
        ...unjudged('jaco.service', facts.unit),
        ...unjudged('the data directory', facts.data),
        ...unjudgedAccess(data),
      ],
    });
  },
});

/** The unit's own finding, unless why it fails is known: a refused jacod.yaml is daemon-config's, other reasons stand here. */
function stateFinding(
  state: State | null,
  causes: readonly Found[],
  failure: StartFailure | null,
  configRefused: boolean,
): readonly Found[] {
  if (state?.kind !== 'down') return [];
  if (state.finding.id !== 'unit_failed') return [state.finding];
  return configRefused || explainsExit(failure?.last?.reason.kind ?? 'other', causes) ? [] : [state.finding];
}

/** A daemon that stops at its own file is no finding of the unit's. */
function whyRefused(problem: JacodConfig['problem'], config: JacodConfig | null, failure: StartFailure | null): string {
  if (problem !== null) return `jaco.service does not run because jacod.yaml is refused: ${problem.message}`;
  const last = failure?.last ?? null;
  if (last !== null && config?.changedAtMs != null && config.changedAtMs > last.atMs)
    return 'jaco.service waits for its next automatic start; the file it was refused for has been changed since';
  return `jaco.service does not run because jacod.yaml is refused: ${last?.error ?? 'no word of the daemon was found'}`;
}

function endsByItself(state: State | null): boolean {
  return state?.kind === 'down' && state.finding.id === 'unit_failed';
}

function explainsExit(reason: ExitReason['kind'], causes: readonly Found[]): boolean {
  // An unreadable data directory ends no daemon; one that waits for another's lock is ended by systemd, without a word.
  if (reason === 'other') return causes.some(({ id }) => id === 'data_dir_locked' || id === 'port_in_use');
  if (reason === 'unwritable')
    return causes.some(({ id }) => id === 'data_dir_unwritable' || id === 'data_dir_unreadable');
  return true;
}

function notEnabled({ service }: Units, { raftState, path }: DataDir): readonly Found[] {
  // jaco.socket is disabled on every healthy node: the service pulls it in.
  if (
    raftState !== 'present' ||
    service.load !== 'loaded' ||
    !['disabled', 'enabled-runtime'].includes(service.enabled)
  )
    return [];
  return [
    {
      id: 'unit_not_enabled',
      subject: null,
      evidence: [`jaco.service is ${service.enabled}, and ${path}/raft/log.db makes this host a member`],
    },
  ];
}

function evidenceOf(
  units: Units | null,
  process: JacodProcess | null,
  data: DataDir | null,
  down: boolean,
): readonly string[] {
  const main = process?.main;
  const space = data?.space ? `, ${inUnits(data.space.freeBytes)} free` : '';
  return [
    ...(units === null || down ? [] : [said(units)]),
    ...(main == null
      ? []
      : [`jacod, pid ${main.pid}, runs as ${main.user ?? 'an unknown user'} since ${moment(main.startedAtMs)}`]),
    ...(data === null
      ? []
      : [
          `${data.path}: owner ${data.owner ?? '?'}:${data.group ?? '?'}, mode ${data.mode?.toString(8).padStart(4, '0') ?? '?'}${space}`,
        ]),
  ];
}

function notesOf(
  units: Outcome<Units>,
  state: State | null,
  data: DataDir | null,
  process: JacodProcess | null,
  byHand: boolean,
): readonly string[] {
  const service = units.kind === 'value' ? units.value.service : null;
  return [
    ...(units.kind === 'not-applicable' ? [`the unit was not judged: ${units.reason}`] : []),
    ...(byHand && service !== null
      ? [
          `the daemon that runs here was not started by systemd, whose jaco.service is ${service.load === 'loaded' ? service.active : service.load}`,
        ]
      : []),
    ...(state?.kind === 'starting'
      ? ['jaco.service is just starting; it says that it is ready within a second or so']
      : []),
    ...(data?.access.kind === 'full' && data.access.unseen !== null
      ? [`what lies in ${data.access.unseen} only root and the daemon can see; it is taken to belong to the daemon`]
      : []),
    ...strangersOf(process),
    ...(service?.needsReload
      ? ['unit files changed and systemd was not told: systemctl daemon-reload; until then it runs by the old ones']
      : []),
    ...(service?.enabled === 'disabled' && data?.raftState === 'denied'
      ? ['jaco.service is disabled; whether this host is a member, for which that would matter, only root can see']
      : []),
    ...(service !== null && service.active === 'active' && service.restarts > 0
      ? [
          `systemd restarted the daemon ${service.restarts} times since it was last started by hand; it runs now since ${moment(service.activeSinceMs)}`,
        ]
      : []),
  ];
}

/** Daemons of which only root can see whose data they use. */
function strangersOf(process: JacodProcess | null): readonly string[] {
  const unseen = (process?.others ?? [])
    .filter(({ sameDataDir }) => sameDataDir === null)
    .map(({ jacod }) => jacod.pid);
  return unseen.length === 0
    ? []
    : [`another jacod runs here (pid ${unseen.join(', ')}); whether it uses the same data directory only root can see`];
}

function unjudged(subject: string, outcome: Outcome<Json>): readonly NotJudged[] {
  return outcome.kind === 'failed' ? [{ subject, reason: outcome.failure.detail, root: outcome.failure.root }] : [];
}

function unjudgedAccess(data: DataDir | null): readonly NotJudged[] {
  return data?.access.kind === 'unknown' ? [{ subject: `rights on ${data.path}`, reason: data.access.why }] : [];
}

function known<T extends Json>(outcome: Outcome<T>): T | null {
  return outcome.kind === 'value' ? outcome.value : null;
}
