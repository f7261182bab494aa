import { factOf, notApplicable, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { dataDir } from '../daemon/data-dir.ts';
import { jacodProcess } from '../daemon/jacod-process.ts';
import { firewallLines } from '../journal/firewall-lines.ts';
import { knownLeader } from '../raft/known-leader.ts';
import { localNode } from '../raft/local-node.ts';
import { stableStatus } from '../raft/stable-status.ts';
import { RECONCILE_MS, RECONCILE_SLACK_MS } from '../timing.ts';

/** Whether the daemon maintains its table, and since when. */
export type IsolationExpected = {
  /**
   * `compares` its table every 30 s; or does not, because it is not running, knows no leader or found no nft at its
   * start; or it could not be determined whether it is running.
   */
  readonly daemon: 'compares' | 'not-running' | 'no-leader' | 'no-nft' | 'unknown';
  /** When its first comparison must be over, in ms since the epoch; null if its start time is unknown. */
  readonly firstByMs: number | null;
};

/** A host that belongs to no cluster has no rules of JACO, and needs none. */
export const isolationExpected = derive({
  name: 'jaco.isolation-expected',
  where: 'node',
  from: {
    settled: attempt(stableStatus),
    leader: attempt(knownLeader),
    host: localNode,
    data: attempt(dataDir),
    process: attempt(jacodProcess),
    lines: firewallLines,
  },
  derive({ settled, leader, host, data, process, lines }) {
    const status = factOf(settled)?.last ?? null;
    if (status !== null && !status.initialized)
      return notApplicable('jacod reports that it is uninitialized, so it writes no rules');
    if (status === null && host.raftState === 'absent')
      return notApplicable('this host has no raft state, so it is in no cluster');
    // Without the daemon's status and its data directory, it is unknown whether there are networks to isolate.
    if (status === null && data.kind === 'failed') return data;
    const main = factOf(process)?.main;
    const own = status?.nodes.find(({ hostname }) => hostname === host.hostname);
    // The first comparison, right after raft opens, finds no leader. The one that counts is a period later
    // (docs/jaco-daemon/isolation.md#firewall-loop).
    const startedMs = Math.max(main?.startedAtMs ?? 0, own?.joinedAtMs ?? 0);
    return value<IsolationExpected>({
      daemon: daemonOf(main, lines.skippedAtMs !== null, settled.kind === 'value' && leader.kind !== 'value'),
      firstByMs: main?.startedAtMs == null ? null : startedMs + RECONCILE_MS + RECONCILE_SLACK_MS,
    });
  },
});

function daemonOf(main: object | null | undefined, skipped: boolean, leaderless: boolean): IsolationExpected['daemon'] {
  if (main === undefined) return 'unknown';
  if (main === null) return 'not-running';
  if (skipped) return 'no-nft';
  return leaderless ? 'no-leader' : 'compares';
}
