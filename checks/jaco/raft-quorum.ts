import { check } from '../../src/engine/check.ts';
import { judged, pass, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { clusterStatus } from '../../src/probes/jaco/cluster-status.ts';
import { knownLeader } from '../../src/probes/jaco/known-leader.ts';
import { leaderSettles } from '../../src/probes/jaco/leader-settles.ts';
import { ledViews } from '../../src/probes/jaco/led-views.ts';
import { nameOf, troubleOf } from '../../src/probes/jaco/peer-answer.ts';
import { type PeerStatuses, peerStatuses } from '../../src/probes/jaco/peer-status.ts';
import { type Quorum, quorum } from '../../src/probes/jaco/quorum.ts';
import { verdictOf } from '../../src/probes/jaco/quorum-verdict.ts';
import { raftHost } from '../../src/probes/jaco/raft-host.ts';
import { standing } from '../../src/probes/jaco/standing.ts';

export default check({
  name: 'raft-quorum',
  group: 'raft',
  where: 'anywhere',
  title: 'enough voters answer to keep a leader, and one may fail',
  reads: {
    cluster: clusterStatus,
    settled: leaderSettles,
    peers: peerStatuses,
    quorum,
    standing,
    host: raftHost,
    leader: attempt(knownLeader),
  },
  finds: ['quorum_lost', 'node_partitioned', 'quorum_at_risk'],
  applies: ({ cluster }) => cluster.initialized || 'this daemon has taken up no cluster',
  judge({ settled: { last }, peers, quorum, standing, host, leader }) {
    const failure = leader.kind === 'failed' ? { failure: leader.failure } : {};
    if (last.leader !== '' && leader.kind === 'failed') return unknown(leader.failure.detail, failure);
    if (last.leader !== '') return withLeader(quorum, peers, last.nodes.length);
    if (standing.kind === 'member') {
      const { name, view } = ledViews(peers.peers).find((led) => led.view.self !== null) as ReturnType<
        typeof ledViews
      >[number];
      const host_ = view.leader.replace(/:\d+$/, '');
      const evidence = [
        `${name} follows the leader ${view.leader} and lists ${host.hostname}`,
        'this node knows no leader',
      ];
      const leads = view.suffrages.length > 0 ? { leader_name: name } : {};
      const values = { leader_host: host_, raft_port: String(host.raftPort), ...leads };
      return judged([{ id: 'node_partitioned', subject: null, evidence, values, explains: ['leader'] }]);
    }
    if (standing.kind !== 'unknown') return unknown('this node is no member that could be counted', failure);

    const verdict = verdictOf(last, quorum);
    if (verdict.kind === 'unclear')
      return unknown(`whether enough voters are left could not be told: ${verdict.why}`, failure);
    if (verdict.kind === 'enough') return unknown('enough nodes answer to elect a leader, and none is known', failure);
    const troubles = peers.peers
      .filter((peer) => verdict.silent.includes(nameOf(peer)))
      .map((peer) => `${nameOf(peer)}: ${sayTrouble(peer)}`);
    const values = {
      silent: verdict.silent.join(', '),
      ...(verdict.removed === null ? {} : { removed: verdict.removed }),
    };
    return judged([
      {
        id: 'quorum_lost',
        subject: null,
        evidence: [...verdict.seen, ...troubles.slice(0, 10)],
        cause: verdict.cause === 'members-silent' && noneReachable(peers) ? 'none-reachable' : verdict.cause,
        values,
        explains: ['leader'],
      },
    ]);
  },
});

/** Nobody refused and nobody answered: from here that looks the same whether the others or this host lost the network. */
function noneReachable({ peers }: PeerStatuses): boolean {
  const away = ['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ENETDOWN', 'EHOSTDOWN'];
  return peers.every(
    ({ connect }) => connect.kind === 'no-answer' || (connect.kind === 'error' && away.includes(connect.code)),
  );
}

function sayTrouble(peer: PeerStatuses['peers'][number]): string {
  if (peer.answer.kind === 'failure') return troubleOf(peer);
  return peer.answer.view.initialized ? 'answers and knows no leader' : 'answers that it belongs to no cluster';
}

function withLeader(
  { basis, voters, count, need, up, down, unclear }: Quorum,
  { peers }: PeerStatuses,
  members: number,
) {
  const notes =
    members === 2
      ? [
          "two members have one voter by JACO's policy: without that node there is no leader; three survive the loss of one",
        ]
      : [];
  const notJudged = unclear
    .filter(() => basis === 'leader')
    .map((subject) => ({ subject, reason: reasonFor(subject, peers) }));
  const everybodyVotes = basis === 'leader' || count === members;
  if (down.length > 0 && everybodyVotes && count >= 3 && up.length <= need) {
    const evidence = [
      `${up.length} of ${count} voters answer (${up.join(', ')}), ${need} are needed`,
      ...peers.filter((peer) => down.includes(nameOf(peer))).map((peer) => `${nameOf(peer)}: ${sayTrouble(peer)}`),
    ];
    return judged(
      [{ id: 'quorum_at_risk', subject: null, evidence, cause: 'voter-silent', values: { silent: down.join(', ') } }],
      { notes, notJudged },
    );
  }
  if (basis === 'leader')
    return pass(
      [
        `${up.length} of ${count} voter${count === 1 ? '' : 's'} answer${count === 1 ? 's' : ''} (${voters.join(', ')}), ${need} needed`,
      ],
      { notes, notJudged },
    );
  const guess = `a leader is known, so a majority of the voters is there; ${count} of ${members} members vote by JACO's policy`;
  return pass([guess], {
    notes: [...notes, 'the leader was not heard itself, and only it lists the voters'],
    notJudged,
  });
}

function reasonFor(subject: string, peers: PeerStatuses['peers']): string {
  const peer = peers.find((one) => nameOf(one) === subject);
  return peer === undefined ? 'not asked' : troubleOf(peer);
}
