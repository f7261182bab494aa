import { describe, expect, it } from 'vitest';
import raftVoters from '../../../checks/jaco/raft-voters.ts';
import { idsAndTextsArePinned, unquoted } from '../scene.ts';
import { captured, found, judgeRaft, row, soonAfter } from './scenes/raft-scene.ts';

const healthy = captured('status-leader-3');

describe('voter_promotion_stalled', () => {
  const kinds = (...given: ('voter' | 'nonvoter')[]) => given.map((kind, i) => ({ hostname: `jaco-${i + 1}`, kind }));
  const now = soonAfter(healthy);

  it('a vote that does not come', () => {
    const status = { ...healthy, suffrages: kinds('voter', 'nonvoter', 'nonvoter') };
    const failed = { atMs: now, text: 'jaco-2' };
    const rows = judgeRaft({ status, lines: { seen: true, addVoterFailed: failed }, now });
    expect(found(rows, 'voter_promotion_stalled')).toMatchObject([
      { subject: 'jaco-2', cause: 'add-voter-failed', values: { candidate: 'jaco-2' } },
    ]);
    expect(unquoted(row(rows, 'raft-voters'), 'jaco-1')).toEqual([]);
  });

  it('a vote that is not taken', () => {
    const two = { ...healthy, nodes: healthy.nodes.slice(0, 2), suffrages: kinds('voter', 'voter') };
    const rows = judgeRaft({
      status: two,
      lines: { seen: true, reconcilerEnded: { atMs: now, text: 'context canceled' } },
      now,
    });
    expect(found(rows, 'voter_promotion_stalled')).toMatchObject([{ subject: 'jaco-2', cause: 'loop-ended' }]);
  });

  it('not judged if the leader of v0.2.0 lists no voters, unless one vote is the intended number', () => {
    const [first] = healthy.nodes;
    const led = { ...healthy, leader: first?.address ?? '', suffrages: [] };
    const alone = row(judgeRaft({ status: { ...led, nodes: healthy.nodes.slice(0, 1) } }), 'raft-voters');
    expect(alone?.status).toBe('pass');
    expect(alone?.evidence.join()).toContain('the first node is the only voter');
    expect(row(judgeRaft({ status: { ...led, nodes: healthy.nodes.slice(0, 2) } }), 'raft-voters').status).toBe('pass');
    const three = row(judgeRaft({ status: led }), 'raft-voters');
    expect(three.status).toBe('unknown');
    expect(three.reason).toContain('v0.2.0');
  });

  it('known to a follower from its leader, and unknown without it', () => {
    const leader = { ...healthy, suffrages: kinds('voter', 'voter', 'nonvoter') };
    const status = captured('status-follower-3');
    expect(
      found(
        judgeRaft({ status, others: { 'jaco-1': leader }, lines: { ledAtMs: now } }, 'jaco-3'),
        'voter_promotion_stalled',
      ),
    ).toHaveLength(1);
    expect(row(judgeRaft({ status, others: { 'jaco-1': 'dead' } }, 'jaco-3'), 'raft-voters').status).toBe('unknown');
  });

  it('not of a dead voter, which keeps its vote', () => {
    const rows = judgeRaft(
      { status: captured('status-one-voter-dead-leader'), others: { 'jaco-1': 'dead' } },
      'jaco-2',
    );
    expect(found(rows, 'voter_promotion_stalled')).toEqual([]);
  });
});

idsAndTextsArePinned('jaco', raftVoters);
