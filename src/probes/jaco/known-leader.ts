import { failed, value } from '../../engine/outcome.ts';
import { derive } from '../../engine/probe.ts';
import { leaderSettles } from './leader-settles.ts';

/** The leader as this node knows it. Name and operator address are null where no member has the leader's raft address. */
export type KnownLeader = {
  readonly address: string;
  readonly hostname: string | null;
  readonly grpcAddress: string | null;
};

/**
 * Refuses where this node knows no leader, whatever its peers know: what it has stored is then old, or empty since a
 * restart, and it calls good tokens unknown (live C1.1). Whoever reads stored state rests on this.
 */
export const knownLeader = derive({
  name: 'jaco.known-leader',
  from: { settled: leaderSettles },
  derive({ settled: { last } }) {
    if (!last.initialized)
      return failed('withheld', 'leader', 'this daemon has taken up no cluster, so nothing stored here can be judged');
    if (last.leader === '')
      return failed('withheld', 'leader', 'this node knows no leader, so what it has stored may be old or empty');
    if (last.nodes.length === 0) return failed('withheld', 'leader', 'this node has a leader and no state of its own');
    const leader = last.nodes.find((node) => node.address === last.leader);
    return value<KnownLeader>({
      address: last.leader,
      hostname: leader?.hostname ?? null,
      grpcAddress: leader?.grpcAddress || null,
    });
  },
});
