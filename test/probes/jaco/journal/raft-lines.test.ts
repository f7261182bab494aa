import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../../src/probes/jaco/journal/journal.ts';
import { NO_RAFT_LINES, readRaftLines } from '../../../../src/probes/jaco/journal/raft-lines.ts';

/** A line of raft's own logger, written by three real nodes. */
function raw(atMs: number, text: string): JournalEntry {
  return {
    atMs,
    priority: 6,
    subsystem: null,
    message: `2026-11-21T12:41:35.049Z ${text}`,
    error: null,
    fields: {},
    raw: true,
    pid: 7,
    invocation: 'a',
  };
}

function own(
  atMs: number,
  subsystem: string,
  message: string,
  error: string | null = null,
  fields: Record<string, string> = {},
): JournalEntry {
  return { atMs, priority: 4, subsystem, message, error, fields, raw: false, pid: 7, invocation: 'a' };
}

const start = own(1, 'jacod', 'starting');
const opened = raw(
  2,
  '[INFO] raft: initial configuration: index=18 servers="[{Suffrage:Voter ID:jaco-1 Address:10.78.0.1:7001} {Suffrage:Nonvoter ID:jaco-2 Address:10.78.0.2:7001} {Suffrage:Voter ID:jaco-3 Address:10.78.0.3:7001}]"',
);
const candidacy = [
  '[INFO] raft: entering candidate state: node="Node at 10.78.0.1:7001 [Candidate]" term=4',
  '[DEBUG] raft: pre-voting for self: term=4 id=jaco-1',
  '[DEBUG] raft: asking for pre-vote: term=4 from=jaco-3 address=10.78.0.3:7001',
  '[DEBUG] raft: calculated votes needed: needed=2 term=4',
  '[DEBUG] raft: pre-vote received: from=jaco-1 term=4 tally=0',
  '[ERROR] raft: failed to make requestVote RPC: target="{Voter jaco-3 10.78.0.3:7001}" error="dial tcp 10.78.0.3:7001: connect: connection refused" term=4',
].map((text, i) => raw(10 + i, text));

describe("raft's lines", () => {
  it('show the configuration that was opened', () => {
    expect(readRaftLines([start, opened]).configuration).toEqual({
      atMs: 2,
      servers: [
        { hostname: 'jaco-1', address: '10.78.0.1:7001', voter: true },
        { hostname: 'jaco-2', address: '10.78.0.2:7001', voter: false },
        { hostname: 'jaco-3', address: '10.78.0.3:7001', voter: true },
      ],
    });
    expect(
      readRaftLines([start, raw(2, '[INFO] raft: initial configuration: index=0 servers=[]')]).configuration,
    ).toBeNull();
    expect(readRaftLines([start, { ...opened, message: opened.message.slice(0, 120) }]).configuration).toBeNull();
  });

  it('show who has a vote, once all lines of a candidacy are present', () => {
    expect(readRaftLines([start, ...candidacy]).candidacy).toEqual({ atMs: 10, voters: ['jaco-1', 'jaco-3'], need: 2 });
    expect(readRaftLines([start, ...candidacy.slice(0, 3)]).candidacy).toBeNull();
    // If lines were dropped by the rate limit, fewer nodes are asked than the needed votes imply.
    expect(readRaftLines([start, ...candidacy.filter((_, i) => i !== 2)]).candidacy).toBeNull();
    expect(readRaftLines([start, ...candidacy, ...candidacy.slice(0, 2)]).candidacy).toMatchObject({ atMs: 10 });
  });

  it('show a node without a vote, a leader and a full disk', () => {
    const lines = readRaftLines([
      start,
      raw(
        3,
        '[WARN]  raft: heartbeat timeout reached, not part of a stable configuration or a non-voter, not triggering a leader election',
      ),
      raw(4, '[INFO]  raft: entering leader state: leader="Node at 10.78.0.1:7001 [Leader]"'),
      raw(5, '[ERROR] raft: failed to commit logs: error="write /var/lib/jaco/raft/log.db: no space left on device"'),
    ]);
    expect(lines).toMatchObject({ voicelessAtMs: 3, ledAtMs: 4, noSpaceAtMs: 5 });
  });

  it("and JACO's own show why it did not resume, and why votes do not change", () => {
    const busy = 'raftnode.New: tcp transport: listen tcp 10.81.1.1:7001: bind: address already in use';
    const lines = readRaftLines([
      start,
      own(2, 'jacod', 'auto-resume OpenRaft failed, staying uninitialized', busy),
      own(3, 'raft/membership', 'AddVoter failed; will retry next tick', 'timeout', { ID: 'jaco-2' }),
      own(4, 'raft/membership', 'DemoteVoter failed; will retry next tick', 'timeout'),
      own(5, 'daemon/grpc', 'raft/membership.Reconciler.Run exited', 'context canceled'),
      own(6, 'raft', 'raft leadership acquired'),
    ]);
    expect(lines).toMatchObject({
      resumeFailure: { atMs: 2, text: busy },
      addVoterFailed: { text: 'jaco-2' },
      demoteFailed: { text: 'timeout' },
      reconcilerEnded: { text: 'context canceled' },
      ledAtMs: 6,
    });
    expect(
      readRaftLines([own(2, 'jacod', 'hostname for raft resume failed, staying uninitialized')]).resumeFailure?.text,
    ).toContain('hostname');
  });

  it('of an earlier start are forgotten', () => {
    expect(readRaftLines([start, opened, ...candidacy, start])).toEqual({ ...NO_RAFT_LINES, seen: true });
  });
});
