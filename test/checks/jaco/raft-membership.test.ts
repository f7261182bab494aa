import { describe, expect, it } from 'vitest';
import raftMembership from '../../../checks/jaco/raft-membership.ts';
import type { LocalNode } from '../../../src/probes/jaco/raft/local-node.ts';
import { idsAndTextsArePinned, unquoted } from '../scene.ts';
import { captured, firstOf, found, inShort, judgeRaft, row } from './scenes/raft-scene.ts';

const fresh = captured('status-uninitialized');
const REST_NOT_APPLICABLE = {
  'raft-quorum': 'not-applicable',
  'raft-leader': 'not-applicable',
  'raft-voters': 'not-applicable',
  'node-liveness': 'not-applicable',
};

function uninitialized(host: Partial<LocalNode>, resume: string | null = null) {
  const lines = resume === null ? {} : { seen: true, resumeFailure: { atMs: 1_795_000_000_000, text: resume } };
  return judgeRaft({ status: fresh, host: { certificates: [], ...host }, lines });
}

describe('a daemon that answers initialized=false', () => {
  it('is fresh if there is no raft state', () => {
    const rows = uninitialized({ raftState: 'absent' });
    expect(inShort(rows)).toEqual({ 'raft-membership': 'fail cluster_uninitialized', ...REST_NOT_APPLICABLE });
    expect(unquoted(row(rows, 'raft-membership'), '/var/lib/jaco/raft/log.db')).toEqual([]);
  });

  it.each(['status-resume-failed', 'status-corrupt-log'])('failed to resume if there is some: %s', (name) => {
    expect(firstOf(judgeRaft({ status: captured(name), host: { raftState: 'present' } }))).toBe('raft_resume_failed');
  });

  it.each([
    ['raftnode.New: tcp transport: listen tcp 10.81.1.1:7001: bind: address already in use', 'port-freed'],
    ['raftnode.New: tcp transport: listen tcp 10.81.1.9:7001: bind: cannot assign requested address', 'address-gone'],
    ['raftnode.New: bolt store: invalid database', 'damaged-log'],
    ['raftnode.New: bolt store: open /var/lib/jaco/raft/log.db: permission denied', 'data-dir-unreadable'],
    ['raftnode.New: bolt store: open /srv/jaco/raft/log.db: read-only file system', 'read-only'],
    ['raftnode.New: bolt store: write: no space left on device', 'disk-full'],
    ['hostname for raft resume failed, staying uninitialized', 'no-hostname'],
    ['something else', 'unknown'],
  ])('says why: %s', (text, cause) => {
    const [finding] = found(uninitialized({ raftState: 'present' }, text), 'raft_resume_failed');
    expect(finding).toMatchObject({ cause, values: { port: '7001' } });
    expect(finding?.evidence.join(' ')).toContain(text);
  });

  it('names the holder of the raft port', () => {
    const listening = [{ protocol: 'tcp' as const, address: '0.0.0.0', port: 7001, uid: 0, pid: 7, program: 'nc' }];
    const rows = judgeRaft({ status: fresh, listening });
    expect(found(rows, 'raft_resume_failed')).toMatchObject([{ cause: 'port-busy', values: { holder: 'nc (pid 7)' } }]);
    expect(unquoted(row(rows, 'raft-membership'), '0.0.0.0:7001')).toEqual([]);
  });

  it('failed to resume according to its log alone, if the directory may not be read', () => {
    expect(
      firstOf(
        uninitialized({ raftState: 'unknown', raftStateWhy: 'denied', dataDir: null }, 'bind: address already in use'),
      ),
    ).toBe('raft_resume_failed');
  });

  it('is not judged where raft state could not be looked for', () => {
    const membership = row(
      uninitialized({ raftState: 'unknown', raftStateWhy: '/var/lib/jaco can only be read by root or jaco' }),
      'raft-membership',
    );
    expect(membership).toMatchObject({ status: 'unknown', blockedBy: null });
    expect(membership.reason).toContain('root or jaco');
  });

  it.each(['present', 'absent'] as const)(
    'is left to the data directory if the daemon may not read it (raft state %s)',
    (raftState) => {
      const rows = uninitialized({
        raftState,
        daemonShutOut: '/var/lib/jaco belongs to root, mode 700, and the daemon runs as jaco',
      });
      expect(row(rows, 'raft-membership').status).toBe('unknown');
      expect(firstOf(rows)).toBe(null);
    },
  );
});

describe('a renamed host', () => {
  it('alone: no leader and an empty list', () => {
    const status = captured('status-renamed-host');
    const rows = judgeRaft({ status, host: { certificates: ['jaco-1'] } }, 'renamed-host');
    expect(inShort(rows)).toEqual({
      'raft-membership': 'fail hostname_changed',
      'raft-quorum': 'blocked hostname_changed',
      'raft-leader': 'blocked hostname_changed',
      'raft-voters': 'blocked hostname_changed',
      'node-liveness': 'blocked hostname_changed',
    });
    expect(found(rows, 'hostname_changed')[0]).toMatchObject({ values: { old_hostname: 'jaco-1' } });
  });

  it('among three, while it still follows', () => {
    const status = captured('status-renamed-in-three');
    const rows = judgeRaft({ status, host: { certificates: ['jaco-3'], raftAddress: '10.81.16.3:7001' } }, 'renamed-3');
    expect(inShort(rows)).toMatchObject({ 'raft-membership': 'fail hostname_changed', 'raft-leader': 'pass' });
    expect(found(rows, 'heartbeat_stale')).toEqual([]);
  });

  it('is recognised by its address if certificates may not be listed', () => {
    const status = captured('status-renamed-in-three');
    const rows = judgeRaft({ status, host: { certificates: null, raftAddress: '10.81.16.3:7001' } }, 'renamed-3');
    expect(found(rows, 'hostname_changed')[0]).toMatchObject({ values: { old_hostname: 'jaco-3' } });
  });

  it('is recognised by its leader if nothing else is visible', () => {
    const rows = judgeRaft(
      { status: captured('status-renamed-in-three'), host: { certificates: null, raftAddress: null } },
      'renamed-3',
    );
    expect(firstOf(rows)).toBe('hostname_changed');
  });

  it('is not a host whose certificate was lost', () => {
    const rows = judgeRaft({ status: captured('status-leader-3'), host: { certificates: [] } });
    expect(firstOf(rows)).toBe(null);
  });
});

describe('a removed node whose daemon continues to run', () => {
  const cluster = captured('status-leader-removed-self-newleader');
  const led = { ...cluster, suffrages: [], nodes: cluster.nodes };

  it('with its old list', () => {
    const rows = judgeRaft(
      {
        status: captured('status-removed-node'),
        others: { 'jaco-1': led, 'jaco-2': led, 'jaco-3': led, 'jaco-5': 'dead' },
      },
      'jaco-4',
    );
    expect(inShort(rows)).toMatchObject({
      'raft-membership': 'fail node_not_member',
      'raft-quorum': 'blocked node_not_member',
      'raft-leader': 'blocked node_not_member',
    });
    expect(found(rows, 'node_not_member')[0]?.cause).toBe('removed');
  });

  it('names the leader that this node does not know, so that the steps that ask it can be printed', () => {
    const leader = cluster.nodes.find((node) => node.address === cluster.leader);
    const name = leader?.hostname ?? '';
    const suffrages = cluster.nodes.map(({ hostname }) => ({ hostname, kind: 'voter' as const }));
    const rows = judgeRaft(
      {
        status: captured('status-removed-node'),
        others: { 'jaco-1': led, 'jaco-2': led, 'jaco-3': led, 'jaco-5': 'dead', [name]: { ...led, suffrages } },
      },
      'jaco-4',
    );
    expect(found(rows, 'node_not_member')[0]?.values).toEqual({ leader_name: name, leader_grpc: leader?.grpcAddress });
  });

  it('after a restart, by whom it joined', () => {
    const status = captured('status-removed-node-restarted');
    const rows = judgeRaft(
      {
        status,
        host: { joinPeers: ['10.81.5.1:7001'], raftAddress: '10.81.5.4:7001' },
        others: { '10.81.5.1:7001': led },
      },
      'jaco-4',
    );
    expect(firstOf(rows)).toBe('node_not_member');
  });

  it('is not reported if no peer knows a leader', () => {
    const status = captured('status-removed-node-restarted');
    const rows = judgeRaft(
      { status, host: { joinPeers: ['10.81.5.1:7001'] }, others: { '10.81.5.1:7001': { ...led, leader: '' } } },
      'jaco-4',
    );
    expect(found(rows, 'node_not_member')).toEqual([]);
  });
});

describe('the two lists of a leader', () => {
  it('a node that raft does not know, after a leader removed itself', () => {
    const status = captured('status-leader-removed-self-newleader');
    const rows = judgeRaft({ status });
    expect(found(rows, 'membership_mismatch')).toMatchObject([
      { subject: 'jaco-2', cause: 'node-without-raft', values: { member: 'jaco-2' } },
    ]);
  });

  it('seen from that node', () => {
    const status = captured('status-leader-removed-self-oldleader');
    const leader = captured('status-leader-removed-self-newleader');
    const rows = judgeRaft({ status, others: { 'jaco-1': leader, 'jaco-3': { ...leader, suffrages: [] } } }, 'jaco-2');
    expect(inShort(rows)).toMatchObject({
      'raft-membership': 'fail membership_mismatch',
      'raft-quorum': 'blocked membership_mismatch',
      'raft-leader': 'blocked membership_mismatch',
    });
  });

  it('a server of raft without a node, reported by a follower from its leader', () => {
    const leader = captured('status-leader-3');
    const half = { ...leader, suffrages: [...leader.suffrages, { hostname: 'jaco-9', kind: 'nonvoter' as const }] };
    const rows = judgeRaft({ status: captured('status-follower-3'), others: { 'jaco-1': half } }, 'jaco-3');
    expect(found(rows, 'membership_mismatch')).toMatchObject([{ subject: 'jaco-9', cause: 'raft-without-node' }]);
  });
});

describe('two machines of one name', () => {
  it('the newcomer: a leader and no state', () => {
    const cluster = captured('status-duplicate-hostname');
    const rows = judgeRaft(
      {
        status: captured('status-duplicate-hostname-newcomer'),
        host: { raftAddress: '10.81.15.4:7001', joinPeers: ['10.81.15.1:7001'] },
        others: { '10.81.15.1:7001': cluster },
      },
      'jaco-3',
    );
    expect(inShort(rows)).toMatchObject({
      'raft-membership': 'fail hostname_taken',
      'raft-quorum': 'blocked hostname_taken',
      'raft-voters': 'blocked hostname_taken',
    });
    expect(found(rows, 'hostname_taken')[0]).toMatchObject({ values: { other_address: '10.81.15.4:7001' } });
  });

  it('the first: its name is at another address, where a daemon answers', () => {
    const scene = {
      status: captured('status-duplicate-hostname-victim'),
      host: { raftAddress: '10.81.15.3:7001', grpcAddress: '10.81.15.3:7000' },
      others: {
        'jaco-1': captured('status-duplicate-hostname'),
        'jaco-3': captured('status-duplicate-hostname-newcomer'),
      },
    };
    const rows = judgeRaft(scene, 'jaco-3');
    expect(firstOf(rows)).toBe('hostname_taken');
    expect(found(rows, 'leader_view_split')).toEqual([]);
    expect(firstOf(judgeRaft({ ...scene, others: { ...scene.others, 'jaco-3': 'dead' } }, 'jaco-3'))).not.toBe(
      'hostname_taken',
    );
  });
});

idsAndTextsArePinned('jaco', raftMembership);
