import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { clusterStatus } from '../../src/probes/jaco/control/cluster-status.ts';
import { knownLeader } from '../../src/probes/jaco/raft/known-leader.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { lifeOf, nameOf, type Peer, troubleOf } from '../../src/probes/jaco/raft/peer-answer.ts';
import { peerStatuses } from '../../src/probes/jaco/raft/peer-status.ts';
import { stableStatus } from '../../src/probes/jaco/raft/stable-status.ts';
import { judgeBeats } from './node-liveness/heartbeats.ts';
import { judgeUnreached } from './node-liveness/unreached.ts';

type Found = Finding<'node_unreachable' | 'node_unresponsive' | 'heartbeat_stale' | 'clock_skew', never>;

export default check({
  name: 'node-liveness',
  group: 'raft',
  where: 'anywhere',
  title: 'every member answers, and its heartbeat is fresh',
  reads: {
    cluster: clusterStatus,
    settled: stableStatus,
    peers: peerStatuses,
    host: localNode,
    leader: attempt(knownLeader),
  },
  finds: ['node_unreachable', 'node_unresponsive', 'heartbeat_stale', 'clock_skew'],
  applies: ({ cluster }) => cluster.initialized || 'this daemon has taken up no cluster',
  judge({ settled: { last }, peers: { peers, omitted }, host, leader }, now) {
    const others = peers.filter((peer) => !peer.rival);
    const alive = others.filter((peer) => lifeOf(peer) === 'answers').map(nameOf);
    const answering = [host.hostname, ...alive];
    const far = judgeUnreached(others, leader.kind === 'value' ? last.nodes : null, answering, now);
    const seen = [...answering, ...far.living];
    const isWhole = last.omitted === 0 && last.nodes.every(({ hostname }) => seen.includes(hostname));
    // Nobody's address where every member is seen elsewhere: a second one of a member's, or a mistyped one.
    const isNobodys = (peer: Peer): boolean => isWhole && peer.by === 'given' && peer.hostname === null;
    const dead = [...others.filter((peer) => !isNobodys(peer)).flatMap(lifeFinding), ...far.findings];
    const notJudged: NotJudged[] = [
      ...others
        .filter((peer) => isNobodys(peer) && lifeFinding(peer).length > 0)
        .map((peer) => ({
          subject: nameOf(peer),
          reason: `every member is seen elsewhere, and whose address this is nothing tells: ${troubleOf(peer)}`,
        })),
      ...others
        .filter((peer) => lifeOf(peer) === 'unclear')
        .map((peer) => ({
          subject: nameOf(peer),
          reason: `something answers at its address and is not to be taken for its daemon: ${troubleOf(peer)}`,
        })),
      ...far.notJudged,
    ];
    const asked = [
      others.length === 0 && omitted === 0
        ? 'this node knows of no other members'
        : `${alive.length} of ${others.length} other members answer`,
      ...(omitted === 0 ? [] : [`${omitted} more members were not asked: no more than ${others.length} are at a time`]),
    ];
    // What was dialled now may be said without a leader; what is stored may not.
    if (leader.kind !== 'value') {
      if (others.length === 0)
        return unknown(
          'this node lists no members while it knows no leader',
          leader.kind === 'failed' ? { failure: leader.failure } : {},
        );
      return judged(dead, {
        evidence: asked,
        notes: [
          ...far.notes,
          last.leader === ''
            ? 'heartbeats were not judged: no leader is known, and what is stored here may be old'
            : 'heartbeats were not judged: nothing is stored here yet',
        ],
        notJudged,
      });
    }
    const beats = judgeBeats(last, alive, host, now);
    return judged<Found['id'], never>([...dead, ...beats.findings], {
      evidence: [...asked, ...beats.evidence],
      notes: [...far.notes, ...beats.notes],
      notJudged: [...notJudged, ...beats.notJudged],
    });
  },
});

function lifeFinding(peer: Peer): readonly Found[] {
  const life = lifeOf(peer);
  const subject = nameOf(peer);
  const address = peer.grpcAddress || (peer.raftAddress ?? '');
  const evidence = [`${subject}: ${troubleOf(peer)}`];
  if (life === 'silent') return [{ id: 'node_unresponsive', subject, evidence, values: { address } }];
  if (life === 'dead')
    return [{ id: 'node_unreachable', subject, evidence, cause: unreachableCause(peer), values: { address } }];
  return [];
}

function unreachableCause({ connect }: Peer): 'refused' | 'silent-host' | 'no-route' {
  if (connect.kind !== 'error') return 'silent-host';
  return connect.code === 'ECONNREFUSED' ? 'refused' : 'no-route';
}
