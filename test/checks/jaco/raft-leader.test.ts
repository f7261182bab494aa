import { describe, expect, it } from 'vitest';
import raftLeader from '../../../checks/jaco/raft-leader.ts';
import type { ClusterStatus } from '../../../src/probes/jaco/control/status-fact.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { captured, firstOf, found, inShort, judgeRaft, row, soonAfter } from './scenes/raft-scene.ts';

const healthy = captured('status-leader-3');
const leaderless = { ...healthy, leader: '', suffrages: [] };
const with_ = (given: Partial<ClusterStatus>): ClusterStatus => ({ ...healthy, suffrages: [], ...given });

describe('no_leader', () => {
  it('every member answers and none knows a leader', () => {
    const samples = Array.from({ length: 13 }, (_, i) => ({ atMs: i * 250, leader: '' }));
    const rows = judgeRaft({ status: leaderless, samples });
    expect(inShort(rows)).toEqual({
      'raft-membership': 'blocked no_leader',
      'raft-quorum': 'blocked no_leader',
      'raft-leader': 'fail no_leader',
      'raft-voters': 'blocked no_leader',
      'node-liveness': 'pass',
    });
    expect(found(rows, 'no_leader')).toMatchObject([{ cause: 'all-answer' }]);
    expect(unquoted(row(rows, 'raft-leader'), '13', '3.0 s', 'jaco-2, jaco-3')).toEqual([]);
  });

  it('leaders that change repeatedly on a full disk', () => {
    const samples = ['', '10.81.3.1:7001', '', ''].map((leader, i) => ({
      atMs: i * 250,
      leader,
      raftIndex: '45',
      members: 3,
    }));
    const rows = judgeRaft({ status: leaderless, samples, lines: { seen: true, noSpaceAtMs: 1_795_247_000_000 } });
    expect(inShort(rows)).toMatchObject({ 'raft-leader': 'fail no_leader' });
    expect(unquoted(row(rows, 'raft-leader'), '2026-11-21T07:43:20Z')).toEqual([]);
  });

  it('is not reported for a follower whose leader has not sent entries since its start', () => {
    const status = { ...captured('status-no-quorum-restarted'), leader: '10.81.3.1:7001' };
    const now = 1_795_000_000_000;
    const rows = judgeRaft({ status, now, host: { startedAtMs: now - 4_000 } }, 'jaco-3');
    expect(firstOf(rows)).toBeNull();
    expect(brief(row(rows, 'raft-quorum'))).toBe('unknown');
    expect(unquoted(row(rows, 'raft-quorum'), '4 s', '10 s')).toEqual([]);
    const later = judgeRaft({ status, now, host: { startedAtMs: now - 60_000 } }, 'jaco-3');
    expect(brief(row(later, 'raft-quorum'))).toBe('unknown');
    expect(unquoted(row(later, 'raft-quorum'), '10.81.3.1:7001')).toEqual([]);
  });

  it('a restarted node about which nothing else is known', () => {
    const rows = judgeRaft({ status: captured('status-no-quorum-restarted') }, 'jaco-3');
    expect(found(rows, 'no_leader')).toMatchObject([{ cause: 'restarted-empty' }]);
    expect(inShort(rows)).toMatchObject({ 'raft-quorum': 'blocked no_leader', 'node-liveness': 'blocked no_leader' });
  });

  it('heartbeats are not judged then', () => {
    const rows = judgeRaft({ status: leaderless, now: soonAfter(healthy) + 86_400_000 });
    expect(row(rows, 'node-liveness')).toMatchObject({ status: 'pass', findings: [] });
    expect(row(rows, 'node-liveness').notes).toHaveLength(1);
  });
});

describe('leader_view_split', () => {
  it('two that both claim to be the leader', () => {
    const rival = { ...healthy, leader: '10.81.3.2:7001' };
    const rows = judgeRaft({ status: healthy, others: { 'jaco-2': rival }, localAgain: healthy.leader });
    expect(found(rows, 'leader_view_split')).toMatchObject([{ cause: 'two-leaders', values: { second: 'jaco-2' } }]);
  });

  it('a follower of another leader, and one that knows none', () => {
    const other = judgeRaft({
      status: healthy,
      others: { 'jaco-2': with_({ leader: '10.81.3.3:7001' }) },
      localAgain: healthy.leader,
    });
    expect(found(other, 'leader_view_split')).toMatchObject([
      { cause: 'different-leaders', values: { without: 'jaco-2' } },
    ]);
    const none = judgeRaft({
      status: healthy,
      others: { 'jaco-2': with_({ leader: '' }) },
      localAgain: healthy.leader,
    });
    expect(found(none, 'leader_view_split')).toMatchObject([{ cause: 'some-without', values: { without: 'jaco-2' } }]);
    expect(inShort(none)).toMatchObject({ 'raft-quorum': 'warn quorum_at_risk' });
  });

  it('a listed member that belongs to no cluster', () => {
    const rows = judgeRaft({
      status: healthy,
      others: { 'jaco-3': captured('status-resume-failed') },
      localAgain: healthy.leader,
    });
    expect(found(rows, 'leader_view_split')).toMatchObject([{ cause: 'not-resumed', subject: 'jaco-3' }]);
  });

  it('not where this node has moved on by the second look', () => {
    const moved = with_({ leader: '10.81.3.2:7001' });
    const rows = judgeRaft({
      status: healthy,
      others: { 'jaco-2': moved, 'jaco-3': moved },
      localAgain: '10.81.3.2:7001',
    });
    expect(found(rows, 'leader_view_split')).toEqual([]);
  });
});

describe('leader_address_unknown', () => {
  it('cluster_addr changed after init', () => {
    const rows = judgeRaft({
      status: captured('status-cluster-addr-changed'),
      host: { raftAddress: '10.81.1.202:7001', grpcAddress: '10.81.1.1:7000' },
    });
    expect(firstOf(rows)).toBe('leader_address_unknown');
    expect(found(rows, 'hostname_taken')).toEqual([]);
    expect(found(rows, 'leader_address_unknown')).toMatchObject([
      { cause: 'no-matching-node', values: { leader_name: 'jaco-1', listed_address: '10.81.1.1:7001' } },
    ]);
  });

  it('the leader has published no operator address to its followers', () => {
    const nodes = healthy.nodes.map((node) => (node.hostname === 'jaco-1' ? { ...node, grpcAddress: '' } : node));
    const rows = judgeRaft({ status: { ...healthy, nodes } });
    expect(found(rows, 'leader_address_unknown')).toMatchObject([{ subject: 'jaco-1', cause: 'empty-address' }]);
    const early = judgeRaft({ status: { ...healthy, nodes }, now: (nodes[0]?.joinedAtMs ?? 0) + 2_000 });
    expect(found(early, 'leader_address_unknown')).toEqual([]);
  });
});

idsAndTextsArePinned('jaco', raftLeader);
