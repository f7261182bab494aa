import { failed, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { FOLLOWER_FEED_MS } from '../timing.ts';
import { localNode } from './local-node.ts';
import { stableStatus } from './stable-status.ts';

/** The leader that this node knows. Name and operator address are null if no member has the leader's raft address. */
export type KnownLeader = {
  readonly address: string;
  readonly hostname: string | null;
  readonly grpcAddress: string | null;
};

/**
 * Refuses if this node knows no leader, even if its peers do. Its stored state is then old, or empty since a restart,
 * and it reports valid tokens as unknown (docs/jaco-daemon/raft.md#no-quorum). All probes of stored state depend on
 * this.
 */
export const knownLeader = derive({
  name: 'jaco.known-leader',
  from: { settled: stableStatus, host: attempt(localNode) },
  derive({ settled: { last }, host }, now) {
    if (!last.initialized) {
      // With raft state on disk, the daemon has joined a cluster, but could not read or open that state.
      const reason =
        host.kind === 'value' && host.value.raftState === 'present'
          ? 'not checked, because jacod did not open its raft state'
          : 'jacod reports that it is uninitialized, so it has no stored state to judge';
      return failed('withheld', 'leader', reason);
    }
    if (last.leader === '')
      return failed('withheld', 'leader', 'this node knows no leader, so its stored state may be old or empty', null, {
        kind: 'again',
      });
    if (last.nodes.length === 0) {
      const startedAtMs = host.kind === 'value' ? host.value.startedAtMs : null;
      const age = startedAtMs === null ? Number.POSITIVE_INFINITY : now - startedAtMs;
      const normal =
        age >= 0 && age < FOLLOWER_FEED_MS
          ? `: it was started ${Math.round(age / 1000)} s ago, and a leader takes up to 10 s to update a node that was down; check again after that`
          : '';
      return failed('withheld', 'leader', `this node follows ${last.leader} but has no state yet${normal}`, null, {
        kind: 'again',
      });
    }
    const leader = last.nodes.find((node) => node.address === last.leader);
    return value<KnownLeader>({
      address: last.leader,
      hostname: leader?.hostname ?? null,
      grpcAddress: leader?.grpcAddress || null,
    });
  },
});
