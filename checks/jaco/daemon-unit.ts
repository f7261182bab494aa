import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged, notJudgedBecause, unknown } from '../../src/engine/finding.ts';
import type { NextStep } from '../../src/engine/next-step.ts';
import { factOf, type Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { hostAddresses } from '../../src/probes/host/addresses.ts';
import { listeners } from '../../src/probes/host/listeners.ts';
import { type DataDir, dataDir } from '../../src/probes/jaco/daemon/data-dir.ts';
import { jacodConfig } from '../../src/probes/jaco/daemon/jacod-config.ts';
import { jacodProcess } from '../../src/probes/jaco/daemon/jacod-process.ts';
import { socketFile } from '../../src/probes/jaco/daemon/socket-file.ts';
import { unit } from '../../src/probes/jaco/daemon/unit.ts';
import { raftLines } from '../../src/probes/jaco/journal/raft-lines.ts';
import { startFailure } from '../../src/probes/jaco/journal/start-failure.ts';
import { closedData, dataDiskFull, lockedData, nearlyFullDisk } from './daemon-unit/data-directory-findings.ts';
import { endReason } from './daemon-unit/end-reason.ts';
import { judgeUnits, type UnitVerdict } from './daemon-unit/judge-units.ts';
import { lostAddress } from './daemon-unit/lost-address.ts';
import { notEnabled } from './daemon-unit/not-enabled.ts';
import { failedBind, heldRaftPort, inferredPort } from './daemon-unit/port-conflicts.ts';
import { unitEvidence, unitNotes } from './daemon-unit/unit-evidence.ts';

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

type CheckFinding = Finding<(typeof IDS)[number], 'unit'>;

const NAME_CONFIG: NextStep = {
  kind: 'flag',
  flag: '--config',
  value: 'FILE',
  why: 'the jacod.yaml that the unit reads',
};

export default check({
  name: 'daemon-unit',
  group: 'daemon',
  where: 'node',
  title: 'the daemon is running and can use its data directory',
  reads: {
    unit: attempt(unit),
    process: attempt(jacodProcess),
    data: attempt(dataDir),
    config: attempt(jacodConfig),
    failure: attempt(startFailure),
    lines: attempt(raftLines),
    listeners: attempt(listeners),
    addresses: attempt(hostAddresses),
    socket: attempt(socketFile),
  },
  finds: IDS,
  judge(facts, now) {
    const units = factOf(facts.unit);
    const process = factOf(facts.process);
    const data = factOf(facts.data);
    const failure = factOf(facts.failure);
    const lines = factOf(facts.lines);
    const sockets = factOf(facts.listeners);
    // systemd does not know a jacod that was started manually.
    const byHand = process?.main != null && process.from === 'scan';
    const state = units === null || byHand ? null : judgeUnits(units, failure, factOf(facts.socket), data, now);
    const config = factOf(facts.config);
    const addresses = factOf(facts.addresses);
    const causes = [
      failure && failedBind(failure, sockets),
      config && addresses && process ? lostAddress(config, addresses, process) : null,
      failure && endsByItself(state) ? inferredPort(failure, config?.settings?.listenAddr ?? null, sockets) : null,
      lines && heldRaftPort(lines, process?.main?.pid ?? null, sockets),
      data && dataDiskFull(data, lines?.noSpaceAtMs ?? null, failure, now),
      data && closedData(data),
      data && process && lockedData(data, process),
    ].filter((one) => one !== null);
    const down = state?.kind === 'down' ? state : null;
    const ids = causes.map(({ id }) => id);
    const reason = down === null ? null : endReason(down, ids, failure, config);
    const findings: CheckFinding[] = [
      ...causes.map((cause): CheckFinding => (down === null ? cause : { ...cause, explains: ['unit'] })),
      ...(reason?.kind === 'state' ? [reason.finding] : []),
      ...(units && data ? notEnabled(units, data, state) : []),
      ...(data && !ids.includes('data_disk_full') ? [nearlyFullDisk(data)].filter((one) => one !== null) : []),
    ].sort((a, b) => IDS.indexOf(a.id) - IDS.indexOf(b.id));
    const evidence = unitEvidence(reason?.kind === 'state' ? null : units, process, data);
    if (findings.length === 0 && reason?.kind === 'file')
      return unknown(
        reason.reason,
        { why: 'withheld', phase: 'start', detail: 'jaco.service is not running', root: unit.name, next: NAME_CONFIG },
        { evidence },
      );
    return judged(findings, {
      evidence,
      notes: unitNotes(facts.unit, state, data, process, byHand),
      notJudged: [
        ...(reason?.kind === 'file'
          ? [{ subject: 'jaco.service', reason: reason.reason, next: NAME_CONFIG, root: unit.name }]
          : []),
        ...unitNotJudged('jaco.service', facts.unit),
        ...unitNotJudged('the data directory', facts.data),
        ...unjudgedAccess(data),
      ],
    });
  },
});

function endsByItself(state: UnitVerdict | null): boolean {
  return state?.kind === 'down' && state.finding.id === 'unit_failed';
}

function unitNotJudged(subject: string, outcome: Outcome): readonly NotJudged[] {
  return outcome.kind === 'failed' ? [notJudgedBecause(subject, outcome.failure)] : [];
}

function unjudgedAccess(data: DataDir | null): readonly NotJudged[] {
  return data?.access.kind === 'unknown'
    ? [{ subject: `rights on ${data.path}`, reason: data.access.why, next: { kind: 'as-root' } }]
    : [];
}
