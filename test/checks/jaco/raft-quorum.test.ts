import { describe, expect, it } from 'vitest';
import raftQuorum from '../../../checks/jaco/raft-quorum.ts';
import { idsAndTextsArePinned, unquoted } from '../scene.ts';
import { captured, firstOf, found, inShort, judgeRaft, type Other, row, soonAfter } from './scenes/raft-scene.ts';

const three = captured('status-no-quorum');
const BLOCKED = {
  'raft-membership': 'blocked quorum_lost',
  'raft-leader': 'blocked quorum_lost',
  'raft-voters': 'blocked quorum_lost',
};
const server = (i: number, voter = true) => ({ hostname: `jaco-${i}`, address: `10.81.3.${i}:7001`, voter });

it('a dead follower of a leader of v0.2.0 takes no vote away: it never had one', () => {
  const healthy = captured('status-leader-3');
  const status = { ...healthy, leader: healthy.nodes[0]?.address ?? '', suffrages: [] };
  const quorum = row(judgeRaft({ status, others: { 'jaco-2': 'dead' } }), 'raft-quorum');
  expect(quorum).toMatchObject({ status: 'pass', findings: [], notes: [] });
  expect(quorum.evidence.join()).toContain('v0.2.0');
});

describe('quorum_lost', () => {
  it.each(['dead', 'frozen', 'gone'] as const)('two of three %s', (other) => {
    const rows = judgeRaft({ status: three, others: { 'jaco-1': other, 'jaco-2': other } }, 'jaco-3');
    expect(firstOf(rows)).toBe('quorum_lost');
    expect(inShort(rows)).toMatchObject({ 'raft-quorum': 'fail quorum_lost', ...BLOCKED });
    expect(found(rows, 'quorum_lost')[0]).toMatchObject({
      // If no peer even refuses, this host may be the partitioned one, so its own network comes first.
      cause: other === 'gone' ? 'none-reachable' : 'members-silent',
      values: { silent: 'jaco-1, jaco-2' },
    });
  });

  it('two members, the voter dead: the survivor cannot elect itself', () => {
    const status = { ...captured('status-two'), leader: '', suffrages: [] };
    const rows = judgeRaft({ status, others: { 'jaco-1': 'dead' } }, 'jaco-2');
    expect(found(rows, 'quorum_lost')).toMatchObject([{ cause: 'lone-survivor', values: { silent: 'jaco-1' } }]);
    expect(found(rows, 'node_unreachable')).toHaveLength(1);
  });

  it('a node restarted without a majority, by whom it joined', () => {
    const status = captured('status-no-quorum-restarted');
    const rows = judgeRaft(
      { status, host: { joinPeers: ['10.81.3.1:7001'] }, others: { '10.81.3.1:7001': 'dead' } },
      'jaco-3',
    );
    expect(found(rows, 'quorum_lost')).toMatchObject([
      { cause: 'restarted-empty', values: { silent: '10.81.3.1:7001' } },
    ]);
  });

  it('a node restarted without a majority, by the configuration it opened', () => {
    const status = captured('status-no-quorum-restarted');
    const configuration = { atMs: 1, servers: [server(1), server(2), server(3)] };
    const rows = judgeRaft(
      {
        status,
        host: { raftAddress: '10.81.3.3:7001' },
        lines: { seen: true, configuration },
        others: { 'jaco-1': 'dead', 'jaco-2': 'gone' },
      },
      'jaco-3',
    );
    expect(found(rows, 'quorum_lost')).toMatchObject([
      { cause: 'restarted-empty', values: { silent: 'jaco-1, jaco-2' } },
    ]);
    expect(unquoted(row(rows, 'raft-quorum'), 'jaco-1', 'jaco-2', 'jaco-3')).toEqual([]);
    expect(found(rows, 'node_unreachable').map((finding) => finding.subject)).toEqual(['jaco-1', 'jaco-2']);
  });

  describe('a dead third member was removed, and both others answer', () => {
    const n1 = captured('status-dead-voter-removed-quorum-gone-n1');
    const now = soonAfter(n1);
    const others = { 'jaco-2': captured('status-dead-voter-removed-quorum-gone-n2'), 'jaco-3': 'dead' } as const;

    it('unchanged while the dead one is still listed: raft asks only for its vote', () => {
      const candidacy = { atMs: now - 2_000, voters: ['jaco-1', 'jaco-3'], need: 2 };
      const rows = judgeRaft({ status: n1, others, lines: { seen: true, candidacy }, now });
      expect(found(rows, 'quorum_lost')).toMatchObject([
        { cause: 'member-removed', values: { silent: 'jaco-3', removed: 'jaco-3' } },
      ]);
      expect(unquoted(row(rows, 'raft-quorum'), 'jaco-2')).toEqual([]);
      expect(inShort(rows)).toMatchObject(BLOCKED);
    });

    it('from the node that lost its vote', () => {
      const rows = judgeRaft(
        {
          status: n1,
          others: { 'jaco-1': n1, 'jaco-3': 'dead' },
          lines: { seen: true, voicelessAtMs: now - 5_000 },
          now,
        },
        'jaco-2',
      );
      expect(found(rows, 'quorum_lost')).toMatchObject([{ cause: 'member-removed', values: { removed: 'jaco-3' } }]);
    });

    it('without a journal to prove it', () => {
      const rows = judgeRaft({ status: n1, others, now });
      expect(found(rows, 'quorum_lost')).toMatchObject([{ cause: 'members-silent', values: { silent: 'jaco-3' } }]);
    });

    const listed = { ...n1, nodes: n1.nodes.filter((node) => node.hostname !== 'jaco-3') };

    it('and is no longer listed: the audit log shows it', () => {
      const removal = { removal: { hostname: 'jaco-3', atMs: now - 60_000 } };
      const rows = judgeRaft({ status: listed, others, removal, now });
      expect(found(rows, 'quorum_lost')).toMatchObject([{ cause: 'member-removed', values: { removed: 'jaco-3' } }]);
    });

    it('and is no longer listed: raft names an absent server', () => {
      const candidacy = { atMs: now - 2_000, voters: ['jaco-1', 'jaco-3'], need: 2 };
      const rows = judgeRaft({ status: listed, others, lines: { seen: true, candidacy }, now });
      expect(found(rows, 'quorum_lost')).toMatchObject([{ cause: 'member-removed', values: { removed: 'jaco-3' } }]);
    });

    it('and nothing shows it: no_leader', () => {
      const rows = judgeRaft({ status: listed, others, now });
      expect(inShort(rows)).toMatchObject({ 'raft-quorum': 'blocked no_leader', 'raft-leader': 'fail no_leader' });
    });

    it('but of a name that was never a member, or is one again', () => {
      const rows = judgeRaft({ status: listed, others, removal: { removal: { hostname: 'jaco-2', atMs: null } }, now });
      expect(firstOf(rows)).toBe('no_leader');
    });
  });

  it('a peer that lost its raft state has no vote', () => {
    const rows = judgeRaft(
      { status: three, others: { 'jaco-1': 'dead', 'jaco-2': captured('status-uninitialized') } },
      'jaco-3',
    );
    expect(firstOf(rows)).toBe('quorum_lost');
    expect(found(rows, 'quorum_lost')).toMatchObject([
      { cause: 'members-silent', values: { silent: 'jaco-1, jaco-2' } },
    ]);
    expect(unquoted(row(rows, 'raft-quorum'), 'jaco-2')).toEqual([]);
  });

  it('is not reported from lines of an earlier election', () => {
    const now = soonAfter(three);
    const candidacy = { atMs: now - 3_600_000, voters: ['jaco-3', 'jaco-9'], need: 2 };
    const rows = judgeRaft({ status: three, lines: { seen: true, candidacy }, now }, 'jaco-3');
    expect(firstOf(rows)).toBe('no_leader');
  });

  it('is not reported if enough voters answer, with a dead member or not', () => {
    const five = { ...captured('status-five'), leader: '', suffrages: [] };
    const rows = judgeRaft({ status: five, others: { 'jaco-5': 'dead' } });
    expect(inShort(rows)).toMatchObject({
      'raft-quorum': 'blocked no_leader',
      'raft-leader': 'fail no_leader',
      'node-liveness': 'fail node_unreachable',
    });
  });

  it('is not reported if it depends on a node that could not be judged', () => {
    const rows = judgeRaft({ status: three, others: { 'jaco-1': 'web', 'jaco-2': 'web' } }, 'jaco-3');
    expect(row(rows, 'raft-quorum')).toMatchObject({ status: 'blocked', blockedBy: 'no_leader' });
    expect(row(rows, 'raft-quorum').reason).toContain('jaco-1, jaco-2');
  });
});

describe('node_partitioned', () => {
  it('a peer with a leader lists this node, which has none', () => {
    const majority = captured('status-majority-while-one-cut');
    const status = captured('status-minority-cut-leader');
    const rows = judgeRaft(
      { status, others: { 'jaco-2': majority, 'jaco-3': { ...majority, suffrages: [] } } },
      'jaco-1',
    );
    expect(inShort(rows)).toMatchObject({
      'raft-membership': 'pass',
      'raft-quorum': 'fail node_partitioned',
      'raft-leader': 'blocked node_partitioned',
    });
    expect(found(rows, 'node_partitioned')[0]).toMatchObject({
      values: { raft_port: '7001', leader_host: majority.leader.split(':')[0] },
    });
  });

  it('because the others look for it where another machine took its name: no firewall is to blame', () => {
    const majority = captured('status-majority-while-one-cut');
    const status = captured('status-minority-cut-leader');
    const rows = judgeRaft(
      { status, host: { raftAddress: '10.81.3.9:7001' }, others: { 'jaco-2': majority, 'jaco-3': 'dead' } },
      'jaco-1',
    );
    const listed = majority.nodes.find((node) => node.hostname === 'jaco-1')?.address;
    expect(found(rows, 'node_partitioned')[0]).toMatchObject({
      cause: 'other-address',
      values: { listed_address: listed },
    });
  });

  it('a restarted one, too, by whom it joined', () => {
    const leader = captured('status-leader-3');
    const rows = judgeRaft(
      {
        status: captured('status-no-quorum-restarted'),
        host: { joinPeers: ['10.81.3.1:7001'] },
        others: { '10.81.3.1:7001': leader },
      },
      'jaco-3',
    );
    expect(firstOf(rows)).toBe('node_partitioned');
  });

  it('cannot be distinguished from a lost quorum if no peer answers', () => {
    const rows = judgeRaft(
      { status: captured('status-follower-cut'), others: { 'jaco-1': 'gone', 'jaco-2': 'gone' } },
      'jaco-3',
    );
    expect(firstOf(rows)).toBe('quorum_lost');
  });
});

describe('quorum_at_risk', () => {
  it.each(['status-one-voter-dead-leader', 'status-one-voter-dead-follower'])(
    'one dead of three voters: %s',
    (name) => {
      const status = captured(name);
      const leader = status.nodes.find((node) => node.address === status.leader)?.hostname ?? '';
      const me =
        status.suffrages.length > 0 ? leader : (['jaco-1', 'jaco-2', 'jaco-3'].find((one) => one !== leader) ?? '');
      const dead = ['jaco-1', 'jaco-2', 'jaco-3'].find((one) => one !== leader && one !== me) ?? '';
      const others = { [dead]: 'dead' as const, [leader]: captured('status-one-voter-dead-leader') };
      const rows = judgeRaft({ status, others }, me);
      expect(inShort(rows)).toMatchObject({
        'raft-membership': 'pass',
        'raft-quorum': 'warn quorum_at_risk',
        'raft-leader': 'pass',
        'raft-voters': 'pass',
      });
      expect(found(rows, 'quorum_at_risk')[0]).toMatchObject({ cause: 'voter-silent', values: { silent: dead } });
    },
  );

  it('is not reported for voters that only this node cannot reach: without them there would be no leader', () => {
    const status = captured('status-one-voter-dead-follower');
    const leader = status.nodes.find((node) => node.address === status.leader)?.hostname ?? '';
    const [me = '', third = ''] = ['jaco-1', 'jaco-2', 'jaco-3'].filter((one) => one !== leader);
    const rows = judgeRaft({ status, others: { [leader]: 'gone', [third]: 'gone' } }, me);
    expect(inShort(rows)).toMatchObject({ 'raft-quorum': 'unknown' });
    expect(found(rows, 'node_unreachable')).toHaveLength(2);
    expect(row(rows, 'raft-quorum')?.notJudged.map(({ subject }) => subject)).toEqual([leader, third].sort());
  });

  it('does not advise to start a daemon that is running', () => {
    const status = captured('status-one-voter-dead-leader');
    const leader = status.nodes.find((node) => node.address === status.leader)?.hostname ?? '';
    const ill = status.nodes.find((node) => node.hostname !== leader)?.hostname ?? '';
    const causeWith = (other: Other) =>
      found(judgeRaft({ status, others: { [ill]: other } }, leader), 'quorum_at_risk')[0]?.cause;
    expect(causeWith('frozen')).toBe('voter-stuck');
    expect(causeWith(captured('status-uninitialized'))).toBe('voter-stuck');
    expect(causeWith({ ...status, leader: '', suffrages: [] })).toBe('voter-cut-off');
  });

  it('is not one dead of five', () => {
    const status = captured('status-five');
    const leader = status.nodes.find((node) => node.address === status.leader)?.hostname ?? '';
    const dead = status.nodes.find((node) => node.hostname !== leader)?.hostname ?? '';
    expect(inShort(judgeRaft({ status, others: { [dead]: 'dead' } }, leader))).toMatchObject({
      'raft-quorum': 'pass',
      'node-liveness': 'fail node_unreachable',
    });
  });

  it('is not a dead member without a vote', () => {
    const status = captured('status-four');
    const leader = status.nodes.find((node) => node.address === status.leader)?.hostname ?? '';
    expect(inShort(judgeRaft({ status, others: { 'jaco-4': 'dead' } }, leader))).toMatchObject({
      'raft-quorum': 'pass',
    });
  });

  it('is reported for two dead of five, the leader silent', () => {
    const five = captured('status-five');
    const leader = five.nodes.find((node) => node.address === five.leader)?.hostname ?? '';
    const me = five.nodes.find((node) => node.hostname !== leader)?.hostname ?? '';
    const dead = five.nodes.find((node) => node.hostname !== leader && node.hostname !== me)?.hostname ?? '';
    const rows = judgeRaft({ status: { ...five, suffrages: [] }, others: { [leader]: 'frozen', [dead]: 'dead' } }, me);
    expect(row(rows, 'raft-quorum').status).toBe('warn');
    expect(row(rows, 'raft-voters')).toMatchObject({ status: 'unknown' });
  });
});

idsAndTextsArePinned('jaco', raftQuorum);
