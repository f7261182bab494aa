import { type Cause, judged, unknown } from '../../../src/engine/finding.ts';
import { formatProcess, formatTime } from '../../../src/engine/format.ts';
import type { Listener } from '../../../src/probes/host/listeners.ts';
import { dataDir } from '../../../src/probes/jaco/daemon/data-dir.ts';
import type { RaftLines } from '../../../src/probes/jaco/journal/raft-lines.ts';
import { type ResumeError, resumeError } from '../../../src/probes/jaco/journal/resume-error.ts';
import type { LeaderView } from '../../../src/probes/jaco/raft/leader-views.ts';
import type { LocalNode } from '../../../src/probes/jaco/raft/local-node.ts';

/** The daemon answers that it has no raft state: a fresh host, a failed resume, or no access to the directory. */
export function judgeUninitialized(host: LocalNode, lines: RaftLines, sockets: readonly Listener[] | null) {
  const [listening, portsSeen] = [sockets ?? [], sockets !== null];
  const { dataDir: path, raftState, daemonShutOut } = host;
  const failure = lines.resumeFailure;
  if (failure !== null || (raftState === 'present' && daemonShutOut === null)) {
    const evidence = [
      ...(raftState === 'present'
        ? [`${path}/raft/log.db exists, and the daemon answers initialized=false`]
        : ['the daemon answers initialized=false']),
      ...(failure === null ? [] : [`jacod logged at ${formatTime(failure.atMs)}: auto-resume failed: ${failure.text}`]),
    ];
    // The program that listens on the raft port now is not this daemon, which listens there only after it has resumed.
    const holder = listening.find(({ protocol, port }) => protocol === 'tcp' && port === host.raftPort);
    const logged = failure === null ? 'unknown' : RESUME_CAUSES[resumeError(failure.text).kind];
    // If the port was taken at the start and is free now, a restart is enough.
    const cause =
      failure === null && holder !== undefined
        ? 'port-busy'
        : logged === 'port-busy' && holder === undefined && portsSeen
          ? 'port-freed'
          : logged;
    const isFree = portsSeen && holder === undefined && (cause === 'port-freed' || failure === null);
    const freed = isFree ? [`nothing is listening on the raft port ${host.raftPort} now`] : [];
    const program = holder?.program ?? null;
    const holderLine =
      holder === undefined
        ? []
        : [
            `${program === null ? 'another program' : `process ${formatProcess(program, holder.pid)}`} is listening on ${holder.address}:${holder.port}`,
          ];
    return judged([
      {
        id: 'raft_resume_failed',
        subject: null,
        ...resumeTexts(cause, host.raftPort, failure === null),
        evidence: [...evidence, ...holderLine, ...freed],
        cause,
        values: {
          port: String(host.raftPort),
          ...(program === null ? {} : { holder: `${program} (pid ${holder?.pid})` }),
        },
        explains: ['leader'],
      },
    ]);
  }
  if (daemonShutOut !== null) {
    // daemon-unit reports this: the daemon cannot read its raft state, and takes that for none.
    const detail = `the daemon cannot read its raft state: ${daemonShutOut}`;
    return unknown(detail, { why: 'denied', phase: 'read', detail, root: dataDir.name, next: { kind: 'answer' } });
  }
  if (raftState === 'unknown')
    return unknown(
      `the daemon answers initialized=false, and whether this host has raft state could not be determined: ${host.raftStateWhy}`,
      { kind: 'as-root' },
    );
  return judged([
    {
      id: 'cluster_uninitialized',
      subject: null,
      evidence: ['the daemon answers initialized=false', `${path}/raft/log.db does not exist`],
      explains: ['leader'],
    },
  ]);
}

function resumeTexts(cause: Cause<'raft_resume_failed'>, port: number, isSilent: boolean) {
  if (cause === 'unknown' && isSilent)
    return {
      meaning:
        'This host has raft state, but jacod could not open it at its start, and does not try again. No line that is visible here says why.',
    };
  if (cause !== 'port-busy') return {};
  return {
    title: `jacod could not open its raft state, because another program holds the raft port ${port}`,
    meaning: `This host has raft state. jacod could not listen on port ${port} at its start, and does not try again. It answers like a fresh node: never initialize it.`,
  };
}

/**
 * The same answer over the network, where the disk is not visible. Only another node can show that raft state should
 * exist. `led` are those that have a leader.
 */
export function judgeUninitializedRemote({ hostname, grpcAddress }: LocalNode, led: readonly LeaderView[]) {
  const answers = `${grpcAddress} answers initialized=false`;
  const source = led.find(({ view }) => view.self !== null);
  if (source !== undefined)
    return judged([
      {
        id: 'raft_resume_failed',
        subject: hostname,
        evidence: [answers, `${source.name} lists ${hostname} as a member, so it did not load its raft state`],
        cause: 'unknown',
        explains: ['leader'],
      },
    ]);
  return judged([
    {
      id: 'cluster_uninitialized',
      subject: hostname,
      evidence: [
        answers,
        'whether its disk has raft state is not visible over the network: check that before you initialize it',
      ],
      explains: ['leader'],
    },
  ]);
}

/** The catalogue's causes of `raft_resume_failed`. */
const RESUME_CAUSES = {
  'port-in-use': 'port-busy',
  'address-gone': 'address-gone',
  'permission-denied': 'data-dir-unreadable',
  'read-only': 'read-only',
  'no-space': 'disk-full',
  'lock-held': 'lock-held',
  'damaged-log': 'damaged-log',
  'no-hostname': 'no-hostname',
  other: 'unknown',
} as const satisfies { readonly [K in ResumeError['kind']]: Cause<'raft_resume_failed'> };
