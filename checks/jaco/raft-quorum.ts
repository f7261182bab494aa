import { check } from '../../src/engine/check.ts';
import { judged, pass, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { clusterStatus } from '../../src/probes/jaco/control/cluster-status.ts';
import { knownLeader } from '../../src/probes/jaco/raft/known-leader.ts';
import { leaderListsNoServers, leaderViews } from '../../src/probes/jaco/raft/leader-views.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { membership } from '../../src/probes/jaco/raft/membership.ts';
import { peerName } from '../../src/probes/jaco/raft/peer-answer.ts';
import { type PeerStatuses, peerStatuses } from '../../src/probes/jaco/raft/peer-status.ts';
import { quorum } from '../../src/probes/jaco/raft/quorum.ts';
import { quorumState } from '../../src/probes/jaco/raft/quorum-state.ts';
import { stableStatus } from '../../src/probes/jaco/raft/stable-status.ts';
import { describeSilence, judgeWithLeader } from './raft-quorum/judge-with-leader.ts';
import { lostCause, lostEvidence, lostTexts, unclearReason } from './raft-quorum/lost-quorum.ts';

/** Up to v0.2.0, a joined node never becomes a voter (docs/jaco-daemon/releases.md#known-issues). */
const FIRST_NODE_VOTES =
  'a leader is known, and it lists no voters, as v0.2.0 and earlier do: there the first node has the only vote';

export default check({
  name: 'raft-quorum',
  group: 'raft',
  where: 'anywhere',
  title: 'enough voters answer to keep a leader',
  reads: {
    cluster: clusterStatus,
    settled: stableStatus,
    peers: peerStatuses,
    quorum,
    state: quorumState,
    membership,
    host: localNode,
    leader: attempt(knownLeader),
  },
  finds: ['quorum_lost', 'node_partitioned', 'quorum_at_risk'],
  applies: ({ cluster }) => cluster.initialized || 'jacod reports that it is uninitialized',
  judge({ settled: { last }, peers, quorum, state, membership, host, leader }) {
    const because = leader.kind === 'failed' ? leader.failure : ({ kind: 'again' } as const);
    if (state.kind === 'led' && leader.kind === 'failed') return unknown(leader.failure.detail, because);
    if (state.kind === 'led' && leaderListsNoServers(last, host, peers.peers)) return pass([FIRST_NODE_VOTES]);
    if (state.kind === 'led') return judgeWithLeader(quorum, peers, last.nodes.length);
    if (membership.kind === 'member') {
      const { name, view } = leaderViews(peers.peers).find((led) => led.view.self !== null) as ReturnType<
        typeof leaderViews
      >[number];
      // The other members connect to the address that they list, even if this daemon listens elsewhere.
      const listed = view.self?.address ?? null;
      const listedAddress = listed !== null && host.raftAddress !== null && listed !== host.raftAddress ? listed : null;
      const evidence = [
        `${name} follows the leader ${view.leader} and lists ${host.hostname}${listedAddress === null ? '' : ` at ${listedAddress}`}`,
        ...(listedAddress === null ? [] : [`this host's raft address is ${host.raftAddress}`]),
        'this node knows no leader',
      ];
      const values = {
        leader_host: view.leader.replace(/:\d+$/, ''),
        raft_port: String(host.raftPort),
        ...(view.suffrages.length > 0 ? { leader_name: name } : {}),
        ...(listedAddress === null ? {} : { listed_address: listedAddress }),
      };
      const cause = listedAddress === null ? 'network' : 'other-address';
      return judged([{ id: 'node_partitioned', subject: null, evidence, cause, values, explains: ['leader'] }]);
    }
    if (membership.kind !== 'unknown') return unknown('this node is not a member that could be counted', because);

    if (state.kind === 'unclear')
      return unknown(`whether enough voters are left could not be determined: ${unclearReason(quorum)}`, because);
    if (state.kind === 'enough') return unknown('enough nodes answer to elect a leader, but none is known', because);
    const troubles = peers.peers
      .filter((peer) => state.silent.includes(peerName(peer)))
      .map((peer) => `${peerName(peer)}: ${describeSilence(peer)}`);
    const values = {
      silent: state.silent.join(', '),
      ...(state.removed === null ? {} : { removed: state.removed }),
    };
    const silentCause = lostCause(state, last);
    const cause = silentCause === 'members-silent' && noneReachable(peers) ? 'none-reachable' : silentCause;
    return judged([
      {
        id: 'quorum_lost',
        subject: null,
        ...lostTexts(cause, state, quorum),
        evidence: [...lostEvidence(state, quorum, last, host.hostname), ...troubles.slice(0, 10)],
        cause,
        values,
        explains: ['leader'],
      },
    ]);
  },
});

/** No peer answered or refused. The fault can be in the peers' network or in this host's. */
function noneReachable({ peers }: PeerStatuses): boolean {
  const away = ['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ENETDOWN', 'EHOSTDOWN'];
  return peers.every(
    ({ connect }) => connect.kind === 'no-answer' || (connect.kind === 'error' && away.includes(connect.code)),
  );
}
