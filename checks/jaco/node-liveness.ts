import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { clusterStatus } from '../../src/probes/jaco/control/cluster-status.ts';
import { knownLeader } from '../../src/probes/jaco/raft/known-leader.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import {
  acceptedConnection,
  describePeerFailure,
  livenessOf,
  type Peer,
  peerName,
} from '../../src/probes/jaco/raft/peer-answer.ts';
import { peerStatuses } from '../../src/probes/jaco/raft/peer-status.ts';
import { stableStatus } from '../../src/probes/jaco/raft/stable-status.ts';
import { judgeHeartbeats } from './node-liveness/judge-heartbeats.ts';
import { judgeUnreached } from './node-liveness/judge-unreached.ts';

type CheckFinding = Finding<'node_unreachable' | 'node_unresponsive' | 'heartbeat_stale' | 'clock_skew', never>;

export default check({
  name: 'node-liveness',
  group: 'raft',
  where: 'anywhere',
  title: 'every member answers and sends fresh heartbeats',
  reads: {
    cluster: clusterStatus,
    settled: stableStatus,
    peers: peerStatuses,
    host: localNode,
    leader: attempt(knownLeader),
  },
  finds: ['node_unreachable', 'node_unresponsive', 'heartbeat_stale', 'clock_skew'],
  applies: ({ cluster }) => cluster.initialized || 'jacod reports that it is uninitialized',
  judge({ settled: { last }, peers: { peers, omitted }, host, leader }, now) {
    const others = peers.filter((peer) => !peer.rival);
    const alive = others.filter((peer) => livenessOf(peer) === 'answers').map(peerName);
    const answering = [host.hostname, ...alive];
    const unreached = judgeUnreached(others, leader.kind === 'value' ? last.nodes : null, answering, now);
    const known = [...answering, ...unreached.living];
    const isWhole = last.omitted === 0 && last.nodes.every(({ hostname }) => known.includes(hostname));
    // An address of no known member while every member was seen elsewhere: a member's second address, or a mistyped
    // one.
    const isUnowned = (peer: Peer): boolean => isWhole && peer.by === 'given' && peer.hostname === null;
    const dead = [...others.filter((peer) => !isUnowned(peer)).flatMap(livenessFinding), ...unreached.findings];
    const notJudged: NotJudged[] = [
      ...others
        .filter((peer) => isUnowned(peer) && livenessFinding(peer).length > 0)
        .map((peer) => ({
          subject: peerName(peer),
          reason: `every member answers at another address, so it is unknown whose address this is: ${describePeerFailure(peer)}`,
          next: { kind: 'do', text: 'Remove that address from --server, or from the lists of this cluster.' } as const,
        })),
      ...others
        .filter((peer) => livenessOf(peer) === 'unclear')
        .map((peer) => ({
          subject: peerName(peer),
          reason: acceptedConnection(peer)
            ? `what answers at its address is not its daemon: ${describePeerFailure(peer)}`
            : `its address could not be asked: ${describePeerFailure(peer)}`,
          next: { kind: 'on-node', node: peer.hostname } as const,
        })),
      ...unreached.notJudged,
    ];
    const asked = [
      others.length === 0 && omitted === 0
        ? 'this node knows of no other members'
        : `${alive.length} of ${others.length} other members answer`,
      ...(omitted === 0 ? [] : [`${omitted} more members were not asked: the doctor asks at most ${others.length}`]),
    ];
    // Current answers can be judged without a leader; stored state cannot.
    if (leader.kind !== 'value') {
      if (others.length === 0)
        return unknown(
          'this node lists no members while it knows no leader',
          leader.kind === 'failed' ? leader.failure : { kind: 'again' },
        );
      return judged(dead, {
        evidence: asked,
        notes: [
          ...unreached.notes,
          last.leader === ''
            ? 'heartbeats were not checked: no leader is known, and the stored ones may be old'
            : 'heartbeats were not checked: this node has stored none yet',
        ],
        notJudged,
      });
    }
    const beats = judgeHeartbeats(last, alive, host, now);
    return judged<CheckFinding['id'], never>([...dead, ...beats.findings], {
      evidence: [...asked, ...beats.evidence],
      notes: [...unreached.notes, ...beats.notes],
      notJudged: [...notJudged, ...beats.notJudged],
    });
  },
});

function livenessFinding(peer: Peer): readonly CheckFinding[] {
  const life = livenessOf(peer);
  const subject = peerName(peer);
  const address = peer.grpcAddress || (peer.raftAddress ?? '');
  const evidence = [`${subject}: ${describePeerFailure(peer)}`];
  if (life === 'silent') return [{ id: 'node_unresponsive', subject, evidence }];
  if (life === 'dead')
    return [{ id: 'node_unreachable', subject, evidence, cause: unreachableCause(peer), values: { address } }];
  return [];
}

function unreachableCause({ connect }: Peer): 'refused' | 'silent-host' | 'no-route' {
  if (connect.kind !== 'error') return 'silent-host';
  return connect.code === 'ECONNREFUSED' ? 'refused' : 'no-route';
}
