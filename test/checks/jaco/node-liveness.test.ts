import { describe, expect, it } from 'vitest';
import nodeLiveness from '../../../checks/jaco/node-liveness.ts';
import type { ClusterStatus, Member } from '../../../src/probes/jaco/control/status-fact.ts';
import { idsAndTextsArePinned, unquoted } from '../scene.ts';
import { captured, found, inShort, judgeRaft, type Other, row, soonAfter } from './scenes/raft-scene.ts';

const healthy = captured('status-leader-3');
const now = soonAfter(healthy);
const changed = (hostname: string, given: Partial<Member>) => ({
  ...healthy,
  nodes: healthy.nodes.map((node) => (hostname === node.hostname || hostname === '*' ? { ...node, ...given } : node)),
});

describe('members that do not answer', () => {
  it.each([
    ['dead', 'node_unreachable', { cause: 'refused', values: { address: '10.81.3.3:7000' } }],
    ['gone', 'node_unreachable', { cause: 'silent-host', values: { address: '10.81.3.3:7000' } }],
    ['frozen', 'node_unresponsive', {}],
  ] as const)('%s', (other, id, details) => {
    const rows = judgeRaft({ status: healthy, others: { 'jaco-3': other } });
    const evidence = [expect.stringMatching(/^jaco-3: /)];
    expect(found(rows, id)).toEqual([{ id, subject: 'jaco-3', evidence, ...details }]);
    expect(found(rows, 'heartbeat_stale')).toEqual([]);
  });

  it('one whose address is answered by another server is not judged', () => {
    const liveness = row(judgeRaft({ status: healthy, others: { 'jaco-3': 'web' } }), 'node-liveness');
    expect(liveness).toMatchObject({ status: 'unknown', findings: [] });
    expect(liveness.notJudged).toMatchObject([{ subject: 'jaco-3' }]);
  });

  it('judged and unjudged ones are in one row', () => {
    const liveness = row(
      judgeRaft({ status: healthy, others: { 'jaco-2': 'dead', 'jaco-3': 'web' } }),
      'node-liveness',
    );
    expect(liveness.status).toBe('fail');
    expect(liveness.notJudged).toHaveLength(1);
  });

  it('whose address does not resolve: nothing is reported to answer there', () => {
    const notJudged = (other: 'unnamed' | 'unsure' | 'web') =>
      row(judgeRaft({ status: healthy, others: { 'jaco-2': other } }), 'node-liveness').notJudged[0]?.reason;
    expect(notJudged('unnamed')).toMatch(/^its address could not be asked: unnamed at /);
    expect(notJudged('unsure')).toMatch(/^its address could not be asked: /);
    expect(notJudged('web')).toMatch(/^what answers at its address is not its daemon: /);
  });

  it('one without a published address is asked at its raft host', () => {
    const status = changed('jaco-2', { grpcAddress: '' });
    expect(found(judgeRaft({ status, others: { 'jaco-2': 'dead' } }), 'node_unreachable')).toHaveLength(1);
    expect(row(judgeRaft({ status, others: { 'jaco-2': 'unsure' } }), 'node-liveness')).toMatchObject({
      status: 'unknown',
      findings: [],
    });
  });
});

describe('heartbeats', () => {
  it('of members that answer and are three intervals old', () => {
    const rows = judgeRaft({
      status: changed('jaco-2', { joinedAtMs: now - 900_000, lastPressureAtMs: now - 91_000 }),
      now,
    });
    expect(inShort(rows)['node-liveness']).toBe('warn heartbeat_stale');
    expect(found(rows, 'heartbeat_stale')[0]).toMatchObject({ subject: 'jaco-2' });
    const just = judgeRaft({
      status: changed('jaco-2', { joinedAtMs: now - 900_000, lastPressureAtMs: now - 89_000 }),
      now,
    });
    expect(found(just, 'heartbeat_stale')).toEqual([]);
  });

  it('as captured: paused and cut nodes are not judged by their stamps, a node without cgroup v2 is noted', () => {
    const status = captured('status-heartbeats-mixed');
    const rows = judgeRaft(
      {
        status,
        host: { heartbeatMs: 5_000 },
        others: { 'jaco-3': 'frozen', 'jaco-4': 'gone' },
        now: 1_795_247_995_000,
      },
      'jaco-1',
    );
    expect(found(rows, 'heartbeat_stale')).toEqual([]);
    expect(found(rows, 'node_unresponsive')).toMatchObject([{ subject: 'jaco-3' }]);
    expect(found(rows, 'node_unreachable')).toMatchObject([{ subject: 'jaco-4' }]);
    expect(row(rows, 'node-liveness').notes[0]).toContain('jaco-5');
  });

  it('of members with the default interval, while it was made shorter here', () => {
    const status = changed('jaco-2', { joinedAtMs: now - 900_000, lastPressureAtMs: now - 25_000 });
    const host = { heartbeatMs: 5_000, startedAtMs: now - 600_000 };
    expect(found(judgeRaft({ status, host, now }), 'heartbeat_stale')).toEqual([]);
    const old = changed('jaco-2', { joinedAtMs: now - 900_000, lastPressureAtMs: now - 95_000 });
    const stale = found(judgeRaft({ status: old, host, now }), 'heartbeat_stale');
    expect(stale).toMatchObject([{ subject: 'jaco-2' }]);
    expect(stale[0]?.evidence.join(' ')).toContain('node_status_interval');
    const own = changed('jaco-1', { joinedAtMs: now - 900_000, lastPressureAtMs: now - 25_000 });
    expect(found(judgeRaft({ status: own, host, now }), 'heartbeat_stale')).toMatchObject([{ subject: 'jaco-1' }]);
  });

  it('all old at once, the leader own one too: there was no leader until just now', () => {
    const rows = judgeRaft({ status: healthy, now: now + 120_000 });
    expect(row(rows, 'node-liveness')).toMatchObject({ status: 'pass', findings: [] });
    expect(row(rows, 'node-liveness').notes).toHaveLength(1);
  });

  it('of this node itself, long after its start', () => {
    const status = changed('jaco-1', { joinedAtMs: now - 900_000, lastPressureAtMs: now - 120_000 });
    const rows = judgeRaft({ status, host: { startedAtMs: now - 600_000 }, now });
    expect(found(rows, 'heartbeat_stale')).toMatchObject([{ subject: 'jaco-1', cause: 'collector' }]);
  });

  it('are fresh again after recovery', () => {
    const status = captured('status-heartbeats-recovered');
    const newest = Math.max(...status.nodes.map((node) => node.lastPressureAtMs ?? 0));
    expect(row(judgeRaft({ status, host: { heartbeatMs: 5_000 }, now: newest + 1_000 }), 'node-liveness').status).toBe(
      'pass',
    );
  });
});

describe('clocks', () => {
  it('a peer in the future, of 1970 and of 2100', () => {
    const ahead = judgeRaft({ status: changed('jaco-2', { lastPressureAtMs: now + 120_000 }), now });
    expect(found(ahead, 'clock_skew')).toMatchObject([
      { subject: 'jaco-2', values: { skew: expect.stringMatching(/^120 s /) } },
    ]);
    expect(
      found(judgeRaft({ status: changed('jaco-2', { lastPressureAtMs: 4_102_444_800_000 }), now }), 'clock_skew'),
    ).toHaveLength(1);
    const past = judgeRaft({ status: changed('jaco-2', { lastPressureAtMs: 0 }), now });
    expect(inShort(past)['node-liveness']).toBe('warn clock_skew');
  });

  it('this host, where all others agree against it', () => {
    const rows = judgeRaft({ status: changed('*', { lastPressureAtMs: now }), now: now - 3_600_000 });
    expect(found(rows, 'clock_skew')).toMatchObject([
      { subject: 'jaco-1', values: { skew: expect.stringContaining('3600 s') } },
    ]);
  });

  it('a few seconds are not a skew', () => {
    expect(
      found(judgeRaft({ status: changed('jaco-2', { lastPressureAtMs: now + 3_000 }), now }), 'clock_skew'),
    ).toEqual([]);
  });
});

describe('asked from outside, at the address the cluster lists', () => {
  const three = captured('status-leader-3');
  const aged = (ageMs: number) => {
    const now = soonAfter(three);
    const nodes = three.nodes.map((node) => ({
      ...node,
      lastPressureAtMs: node.hostname === 'jaco-3' ? now - ageMs : now - 5_000,
    }));
    return { status: { ...three, nodes }, now };
  };
  const seen = (other: Other, ageMs: number, status?: ClusterStatus) =>
    row(
      judgeRaft(
        {
          ...aged(ageMs),
          ...(status === undefined ? {} : { status }),
          host: { vantage: 'outside' },
          others: { 'jaco-3': other },
        },
        'jaco-1',
      ),
      'node-liveness',
    );

  it('a silent address is not a fault while the heartbeat is fresh', () => {
    const found = seen('gone', 20_000);
    expect(found.status).toBe('pass');
    expect(unquoted(found, 'jaco-3', '20 s')).toEqual([]);
  });

  it('with a heartbeat of some minutes it is unknown: the configured interval is not visible', () => {
    const found = seen('gone', 300_000);
    expect([found.status, found.notJudged.map(({ subject }) => subject)]).toEqual(['unknown', ['jaco-3']]);
  });

  it('with a heartbeat older than any interval allows it is dead', () => {
    expect(seen('gone', 1_200_000).findings).toMatchObject([
      { id: 'node_unreachable', subject: 'jaco-3', cause: 'silent-host' },
    ]);
  });

  it('a port that refuses is not passed over, however fresh the heartbeat: it may have died just now', () => {
    expect(seen('dead', 20_000).status).toBe('unknown');
    expect(seen('dead', 90_000).findings).toMatchObject([{ id: 'node_unreachable', cause: 'refused' }]);
  });

  it('without a leader a port that refuses is dead, and a silent one is not judged', () => {
    const status = { ...three, leader: '', suffrages: [] };
    expect(seen('dead', 1_000, status).findings).toMatchObject([{ id: 'node_unreachable' }]);
    expect(seen('gone', 1_000, status)).toMatchObject({ findings: [], notJudged: [{ subject: 'jaco-3' }] });
  });

  it('quorum is not reported at risk for an address that is unreachable from here', () => {
    const rows = judgeRaft(
      { ...aged(20_000), host: { vantage: 'outside' }, others: { 'jaco-2': 'gone', 'jaco-3': 'gone' } },
      'jaco-1',
    );
    expect(row(rows, 'raft-quorum')).toMatchObject({
      status: 'pass',
      notes: [expect.stringContaining('jaco-2, jaco-3')],
    });
  });
});

idsAndTextsArePinned('jaco', nodeLiveness);
