import { describe, expect, it } from 'vitest';
import type { ClusterStatus, Member } from '../../../../src/probes/jaco/control/status-fact.ts';
import { unquoted } from '../../scene.ts';
import { captured, inShort, judgeRaft, row, soonAfter } from '../scenes/raft-scene.ts';

const ALL_WELL = {
  'raft-membership': 'pass',
  'raft-quorum': 'pass',
  'raft-leader': 'pass',
  'raft-voters': 'pass',
  'node-liveness': 'pass',
};

const JOINED = 1_795_000_000_000;
const NOW = JOINED + 600_000;

function member(i: number, given: Partial<Member> = {}): Member {
  return {
    hostname: `jaco-${i}`,
    address: `10.81.3.${i}:7001`,
    grpcAddress: `10.81.3.${i}:7000`,
    status: 'ready',
    statusReason: null,
    wireguardPubkey: '',
    joinedAtMs: JOINED,
    lastPressureAtMs: NOW - 10_000,
    ...given,
  };
}

/** The answer of jaco-1 as leader of `count` members, or as a follower of jaco-2. */
function cluster(count: number, leads = true, of: (i: number) => Partial<Member> = () => ({})): ClusterStatus {
  const nodes = Array.from({ length: count }, (_, i) => member(i + 1, of(i + 1)));
  const target = count >= 7 ? 7 : count % 2 === 1 ? count : Math.max(count - 1, 0);
  const suffrages = nodes.map(({ hostname }, i) => ({
    hostname,
    kind: i < target ? ('voter' as const) : ('nonvoter' as const),
  }));
  return {
    initialized: true,
    leader: leads ? '10.81.3.1:7001' : '10.81.3.2:7001',
    raftIndex: '100',
    nodes,
    suffrages: leads ? suffrages : [],
    omitted: 0,
  };
}

describe('clusters that are well', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 9])('%i members, seen by the leader', (count) => {
    expect(inShort(judgeRaft({ status: cluster(count), now: NOW }))).toEqual(ALL_WELL);
  });

  it.each([2, 3, 4, 5])('%i members, seen by a follower', (count) => {
    const leader = { ...cluster(count), leader: '10.81.3.2:7001' };
    expect(inShort(judgeRaft({ status: cluster(count, false), others: { 'jaco-2': leader }, now: NOW }))).toEqual(
      ALL_WELL,
    );
  });

  it.each([
    'status-leader-3',
    'status-two',
    'status-four',
    'status-five',
    'status-single',
    'status-after-dead-voter-back',
  ])('as it was captured: %s', (name) => {
    const status = captured(name);
    const leader = status.nodes.find((node) => node.address === status.leader)?.hostname;
    const rows = judgeRaft({ status, host: { startedAtMs: soonAfter(status) - 40_000 } }, leader);
    expect(inShort(rows)).toEqual(ALL_WELL);
  });

  it('a follower that has no list of servers', () => {
    const leader = captured('status-leader-3');
    expect(
      inShort(judgeRaft({ status: captured('status-follower-3'), others: { 'jaco-1': leader } }, 'jaco-3')),
    ).toEqual(ALL_WELL);
  });

  it('a member without a vote in an even cluster is noted, not found', () => {
    const rows = judgeRaft({ status: cluster(4), now: NOW });
    expect(inShort(rows)).toEqual(ALL_WELL);
    expect(row(rows, 'raft-voters').notes).toEqual([expect.stringContaining('jaco-4')]);
  });

  it('two members are noted to have one voter', () => {
    const rows = judgeRaft({ status: cluster(2), now: NOW });
    expect(inShort(rows)).toEqual(ALL_WELL);
    expect(row(rows, 'raft-quorum').notes).toHaveLength(1);
  });

  it('no cgroup v2 anywhere, and nodes that have just joined', () => {
    const silent = cluster(3, true, () => ({ lastPressureAtMs: null }));
    expect(inShort(judgeRaft({ status: silent, now: NOW }))).toEqual(ALL_WELL);
    const fresh = cluster(3, true, (i) => (i === 3 ? { joinedAtMs: NOW - 3_000, lastPressureAtMs: null } : {}));
    const joining = {
      ...fresh,
      suffrages: fresh.suffrages.map((server, i) => (i === 0 ? server : { ...server, kind: 'nonvoter' as const })),
    };
    const rows = judgeRaft({ status: joining, now: NOW });
    expect(inShort(rows)).toEqual(ALL_WELL);
    expect(unquoted(row(rows, 'raft-voters'), '3 s', '10 s')).toEqual([]);
  });

  it('a leader that took over a second ago changes votes in a moment', () => {
    const status = cluster(3);
    const stalled = {
      ...status,
      suffrages: status.suffrages.map((server, i) => (i === 2 ? { ...server, kind: 'nonvoter' as const } : server)),
    };
    expect(inShort(judgeRaft({ status: stalled, lines: { seen: true, ledAtMs: NOW - 1_000 }, now: NOW }))).toEqual(
      ALL_WELL,
    );
  });

  it('an election that was just over is a pass with a note', () => {
    const sample = (atMs: number, leader: string) => ({ atMs, leader });
    const samples = [sample(0, ''), sample(250, ''), sample(500, '10.81.3.1:7001'), sample(1000, '10.81.3.1:7001')];
    const rows = judgeRaft({ status: cluster(3), samples, now: NOW });
    expect(inShort(rows)).toEqual(ALL_WELL);
    expect(row(rows, 'raft-leader').notes[0]).toContain('0.5 s');
  });

  it('a peer that differed for a moment and agrees at the second look', () => {
    expect(inShort(judgeRaft({ status: cluster(3), localAgain: '10.81.3.1:7001', now: NOW }))).toEqual(ALL_WELL);
  });

  it('a first node that has not published its operator address yet', () => {
    const rows = judgeRaft({ status: captured('status-single'), host: { startedAtMs: null } });
    expect(row(rows, 'raft-leader')).toMatchObject({ status: 'pass', findings: [] });
    expect(row(rows, 'raft-leader').notes).toHaveLength(1);
  });

  it('own clock and intervals: stale right after a start is a note', () => {
    const status = cluster(3, true, (i) => (i === 1 ? { lastPressureAtMs: NOW - 120_000 } : {}));
    const rows = judgeRaft({ status, host: { startedAtMs: NOW - 20_000 }, now: NOW });
    expect(inShort(rows)).toEqual(ALL_WELL);
    expect(row(rows, 'node-liveness').notes).toEqual([expect.stringContaining('jaco-1')]);
  });

  it('more members than are asked: voters first, the rest counted', () => {
    const rows = judgeRaft({ status: cluster(200), now: NOW });
    expect(inShort(rows)).toEqual(ALL_WELL);
    expect(unquoted(row(rows, 'node-liveness'), '135', '64')).toEqual([]);
  });
});
