import { check } from '../../src/engine/check.ts';
import { judged, pass, unknown, unknownBecause } from '../../src/engine/finding.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { listeners } from '../../src/probes/host/listeners.ts';
import { mismatches } from '../../src/probes/jaco/control/view-mismatch.ts';
import { raftLines } from '../../src/probes/jaco/journal/raft-lines.ts';
import { knownLeader } from '../../src/probes/jaco/raft/known-leader.ts';
import { authoritativeView, leaderViews } from '../../src/probes/jaco/raft/leader-views.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { membership } from '../../src/probes/jaco/raft/membership.ts';
import { peerStatuses } from '../../src/probes/jaco/raft/peer-status.ts';
import { stableStatus } from '../../src/probes/jaco/raft/stable-status.ts';
import { judgeUninitialized, judgeUninitializedRemote } from './raft-membership/judge-uninitialized.ts';
import { membershipFinding, mismatchOf } from './raft-membership/membership-finding.ts';

export default check({
  name: 'raft-membership',
  group: 'raft',
  where: 'anywhere',
  title: 'this node is a member of its cluster',
  reads: {
    settled: stableStatus,
    host: localNode,
    lines: raftLines,
    peers: attempt(peerStatuses),
    membership: attempt(membership),
    leader: attempt(knownLeader),
    listeners: attempt(listeners),
  },
  finds: [
    'raft_resume_failed',
    'hostname_changed',
    'cluster_uninitialized',
    'node_not_member',
    'membership_mismatch',
    'hostname_taken',
  ],
  judge({ settled: { last }, host, lines, peers, membership: outcome, leader, listeners }) {
    if (!last.initialized)
      return host.vantage === 'outside'
        ? judgeUninitializedRemote(host, leaderViews(factOf(peers)?.peers ?? []))
        : judgeUninitialized(host, lines, listeners.kind === 'value' ? listeners.value.listeners : null);
    if (peers.kind === 'failed')
      return unknown(`the other nodes could not be asked: ${peers.failure.detail}`, peers.failure);
    if (outcome.kind !== 'value' || peers.kind !== 'value')
      return unknown('the other nodes could not be asked', { kind: 'again' });
    const membership = outcome.value;
    const view = authoritativeView(last, mismatches(last), leaderViews(peers.value.peers));
    const own = membershipFinding(membership, host);
    const others = (view?.mismatches ?? []).filter(
      ({ member }) => membership.kind !== 'outside-raft' || member !== host.hostname,
    );
    const findings = [...(own === null ? [] : [own]), ...others.map(mismatchOf)];
    if (findings.length > 0) return judged(findings);
    if (membership.kind === 'member') {
      const listed = last.nodes.find((node) => node.hostname === host.hostname)?.address ?? null;
      const moved = listed !== null && host.raftAddress !== null && listed !== host.raftAddress;
      const notes = moved
        ? [
            `${host.hostname} is listed at ${listed}, where no daemon answers, but its raft address is ${host.raftAddress}: after a restart the other members cannot reach it`,
          ]
        : [];
      return pass([`${host.hostname} is one of ${membership.members} member${membership.members === 1 ? '' : 's'}`], {
        notes,
      });
    }
    if (leader.kind === 'failed' && last.leader !== '') return unknownBecause(leader);
    if (!host.named && last.leader !== '')
      return unknown(
        `${host.hostname} follows ${last.leader}, and neither its certificate nor its address shows which member it is`,
        { kind: 'on-node', node: null },
      );
    const reason =
      'neither this node nor any node it could ask knows a leader, so no list of members is known to be current';
    return unknown(reason, leader.kind === 'failed' ? leader.failure : { kind: 'again' });
  },
});
