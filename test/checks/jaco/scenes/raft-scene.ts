import { readFileSync } from 'node:fs';
import { jaco } from '../../../../checks/jaco.ts';
import { severityOf } from '../../../../src/catalog/generated/ids.ts';
import { notApplicable, type Outcome, value } from '../../../../src/engine/outcome.ts';
import type { Row } from '../../../../src/engine/row.ts';
import { type Listener, listeners } from '../../../../src/probes/host/listeners.ts';
import { clusterStatus } from '../../../../src/probes/jaco/control/cluster-status.ts';
import { type PeerAnswer, viewOf } from '../../../../src/probes/jaco/control/peer-view.ts';
import { type ClusterStatus, statusFact } from '../../../../src/probes/jaco/control/status-fact.ts';
import { NO_RAFT_LINES, type RaftLines, raftLines } from '../../../../src/probes/jaco/journal/raft-lines.ts';
import { type LastRemoval, lastRemoval } from '../../../../src/probes/jaco/raft/last-removal.ts';
import { type LocalNode, localNode } from '../../../../src/probes/jaco/raft/local-node.ts';
import { type Peer, peerName } from '../../../../src/probes/jaco/raft/peer-answer.ts';
import { type PeerStatuses, peerStatuses } from '../../../../src/probes/jaco/raft/peer-status.ts';
import { type PeerTarget, targetsOf } from '../../../../src/probes/jaco/raft/peer-targets.ts';
import { type StableStatus, type StatusSample, stableStatus } from '../../../../src/probes/jaco/raft/stable-status.ts';
import { NodeStatus, SuffrageKind } from '../../../../src/wire/jaco.ts';
import { judgeFacts, onlyGroups } from '../../scene.ts';

type Stamp = { seconds: string; nanos: number } | null;
type Captured = {
  nodes: {
    hostname: string;
    address: string;
    status: string;
    joined_at: Stamp;
    grpc_address: string;
    last_pressure_at: Stamp;
    status_details: Record<string, string>;
  }[];
  suffrages: { hostname: string; kind: string }[];
  leader: string;
  raft_index: string;
  initialized: boolean;
};

/** A Cluster.Status answer of a real daemon, as the probe maps it. */
export function captured(name: string): ClusterStatus {
  const file = new URL(`../../../captures/control/${name}.json`, import.meta.url);
  const { response } = JSON.parse(readFileSync(file, 'utf8')) as { response: Captured };
  return statusFact({
    initialized: response.initialized,
    leader: response.leader,
    raftIndex: response.raft_index,
    suffrages: response.suffrages.map(({ hostname, kind }) => ({ hostname, kind: SuffrageKind[kind as 'VOTER'] })),
    nodes: response.nodes.map((node) => ({
      hostname: node.hostname,
      address: node.address,
      serverCertFingerprint: Buffer.alloc(0),
      wireguardPubkey: Buffer.alloc(0),
      status: NodeStatus[node.status as 'READY'],
      statusDetails: node.status_details,
      joinedAt: node.joined_at ?? undefined,
      grpcAddress: node.grpc_address,
      cpuPressure: 0,
      memoryPressure: 0,
      lastPressureAt: node.last_pressure_at ?? undefined,
    })),
  });
}

/** The state of another node's address: its status, or how it fails. */
export type Other = ClusterStatus | 'dead' | 'frozen' | 'gone' | 'web' | 'unnamed' | 'unsure';

export type Scene = {
  readonly status: ClusterStatus;
  readonly host?: Partial<LocalNode>;
  /** By hostname, or by address if no name is known. The default answers as a follower of the same cluster. */
  readonly others?: { readonly [name: string]: Other };
  readonly lines?: Partial<RaftLines>;
  readonly removal?: LastRemoval;
  readonly samples?: readonly StatusSample[];
  /** The local leader in the second sample; null for none. */
  readonly localAgain?: string | null;
  readonly now?: number;
  readonly listening?: readonly Listener[];
};

/** Ten seconds after the newest time stamp of a status. */
export function soonAfter({ nodes }: ClusterStatus): number {
  return Math.max(0, ...nodes.map((node) => Math.max(node.lastPressureAtMs ?? 0, node.joinedAtMs ?? 0))) + 10_000;
}

export function hostOf(hostname: string, status: ClusterStatus, given: Partial<LocalNode> = {}): LocalNode {
  const own = status.nodes.find((node) => node.hostname === hostname);
  return {
    vantage: 'node',
    hostname,
    named: true,
    bootstrapLeaf: null,
    raftState: 'present',
    raftStateWhy: null,
    daemonShutOut: null,
    dataDir: '/var/lib/jaco',
    certificates: [hostname],
    joinPeers: null,
    caPath: null,
    raftAddress: own?.address ?? null,
    grpcAddress: own?.grpcAddress ?? null,
    raftPort: 7001,
    grpcPort: 7000,
    heartbeatMs: 30_000,
    startedAtMs: null,
    ...given,
  };
}

const FAILURES = {
  dead: { why: 'refused', phase: 'connect', code: 'ECONNREFUSED', grpc: null },
  gone: { why: 'timeout', phase: 'connect', code: null, grpc: null },
  frozen: { why: 'silent', phase: 'tls', code: null, grpc: null },
  web: { why: 'unreadable', phase: 'tls', code: 'not-tls', grpc: null },
  unnamed: { why: 'absent', phase: 'resolve', code: 'ENOTFOUND', grpc: null },
  unsure: { why: 'unreadable', phase: 'connect', code: null, grpc: null },
} as const;

function peerOf(target: PeerTarget, other: Other, host: LocalNode): Peer {
  if (typeof other === 'object') {
    const answer: PeerAnswer = { kind: 'status', verified: true, view: viewOf(other, host.hostname, host.raftAddress) };
    return { ...target, connect: { kind: 'connected', ms: 1 }, tlsFault: null, answer };
  }
  const connect =
    other === 'dead'
      ? ({ kind: 'error', code: 'ECONNREFUSED', ms: 1 } as const)
      : other === 'gone'
        ? ({ kind: 'no-answer', ms: 1500 } as const)
        : other === 'unnamed'
          ? ({ kind: 'error', code: 'ENOTFOUND', ms: 1 } as const)
          : ({ kind: 'connected', ms: 1 } as const);
  return {
    ...target,
    connect,
    tlsFault: null,
    answer: { kind: 'failure', detail: `${other} at ${target.grpcAddress}`, ...FAILURES[other] },
  };
}

/** The whole of group 2 over a scene: one row for each check, including blocked ones. */
export function judgeRaft(scene: Scene, hostname = 'jaco-1') {
  const { status } = scene;
  const now = scene.now ?? soonAfter(status);
  const host = hostOf(hostname, status, scene.host);
  const lines: RaftLines = { ...NO_RAFT_LINES, ...scene.lines };
  const { targets: known, omitted } = targetsOf(status, host, lines);
  const targets = host.vantage === 'node' ? known : known.map((target): PeerTarget => ({ ...target, by: 'listed' }));
  const follower: ClusterStatus = { ...status, suffrages: [] };
  const peers = targets.map((target) => peerOf(target, scene.others?.[peerName(target)] ?? follower, host));
  const samples = scene.samples ?? [
    { atMs: 0, leader: status.leader, raftIndex: status.raftIndex, members: status.nodes.length },
  ];
  return judgeRaftFacts(
    {
      status,
      settled: { samples, last: status, lost: null },
      host,
      lines,
      peers: { peers, omitted, localAgain: scene.localAgain ?? null },
      listening: scene.listening ?? [],
      removal: status.leader === '' ? value(scene.removal ?? { removal: null }) : notApplicable('leader'),
    },
    now,
  );
}

/** The outcomes of the probes of group 2. */
type RaftFacts = {
  readonly status: ClusterStatus;
  readonly settled: StableStatus;
  readonly host: LocalNode;
  readonly lines?: RaftLines;
  readonly peers: PeerStatuses;
  readonly removal: Outcome;
  readonly listening?: readonly Listener[];
};

/** The five checks over facts, with all derived facts. */
function judgeRaftFacts(
  { status, settled, host, lines = NO_RAFT_LINES, peers, removal, listening = [] }: RaftFacts,
  now: number,
) {
  const given = {
    [clusterStatus.name]: value(status),
    [stableStatus.name]: value(settled),
    [localNode.name]: value(host),
    [raftLines.name]: value(lines),
    [peerStatuses.name]: value(peers),
    [lastRemoval.name]: removal,
    [listeners.name]: value({ listeners: listening, unix: [], holdersVisible: true }),
  };
  return Object.values(judgeFacts(onlyGroups(jaco, 'raft'), given, { now }));
}

/** Rows in short: status, then the ids found, or the blocking id. */
export function inShort(rows: readonly Row[]): Record<string, string> {
  return Object.fromEntries(
    rows.map((row) => [
      row.name,
      [
        row.status,
        ...(row.blockedBy === null ? [] : [row.blockedBy]),
        ...row.findings.map((finding) => finding.id),
      ].join(' '),
    ]),
  );
}

/** The first failing id, as for the headline. */
export function firstOf(rows: readonly Row[]): string | null {
  return (
    rows
      .flatMap((row) => (row.status === 'fail' ? row.findings : []))
      .find((finding) => severityOf[finding.id] === 'fail')?.id ?? null
  );
}

export function row(rows: readonly Row[], name: string): Row {
  const found = rows.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no row ${name}`);
  return found;
}

/** A scene's findings of one id, in short. */
export function found(rows: readonly Row[], id: string) {
  return rows.flatMap((one) => one.findings).filter((finding) => finding.id === id);
}
