import { value } from '../../../engine/outcome.ts';
import { derive } from '../../../engine/probe.ts';
import type { ClusterStatus } from '../control/status-fact.ts';
import { type Quorum, quorum } from './quorum.ts';
import { stableStatus } from './stable-status.ts';
import { voterTarget } from './voter-target.ts';

/** Whether the nodes that answer can elect a leader. */
export type QuorumState =
  /** A leader is known, so a majority of the voters is present. */
  | { readonly kind: 'led' }
  /** Enough votes answer: something else prevents an election. */
  | { readonly kind: 'enough' }
  /** It depends on voters that could not be judged or reached, or no voter is known at all. */
  | { readonly kind: 'unclear' }
  | LostQuorum;

/** Votes are missing. Nodes are named by host name. */
export type LostQuorum = {
  readonly kind: 'lost';
  /** Voters whose votes are missing. */
  readonly silent: readonly string[];
  /** The removed node whose vote is still counted; null if no removal is the cause. */
  readonly removed: string | null;
  /** A voter that is no longer a member. */
  readonly absent: string | null;
  /**
   * Members that answer and lost their vote in a removal: among 3, 5 or 7 members every member votes
   * (docs/jaco-daemon/raft.md#dead-voter-removal).
   */
  readonly demoted: readonly string[];
  /**
   * The answering voters would be exactly enough but elect no leader, so a voter that they need must be among the
   * silent ones.
   */
  readonly shortByOne: boolean;
};

export const quorumState = derive({
  name: 'jaco.quorum-state',
  from: { settled: stableStatus, quorum },
  derive: ({ settled, quorum }) => value(quorumStateOf(settled.last, quorum)),
});

function quorumStateOf(status: ClusterStatus, quorum: Quorum): QuorumState {
  if (status.leader !== '') return { kind: 'led' };
  switch (quorum.basis) {
    case 'none':
      return stateByJoinPeers(quorum);
    case 'policy':
      return stateByPolicy(status, quorum);
    default:
      return stateByVoters(status, quorum);
  }
}

const LOST = { kind: 'lost', absent: null, demoted: [], shortByOne: false } as const;

/** The voters are known by name. */
function stateByVoters(
  status: ClusterStatus,
  { up, down, unclear, unreached, need, voiceless, removed }: Quorum,
): QuorumState {
  if (up.length >= need) return { kind: 'enough' };
  if (up.length + unclear.length + unreached.length >= need) return { kind: 'unclear' };
  const members = status.nodes.map((node) => node.hostname);
  const absent = down.find((name) => members.length > 0 && !members.includes(name)) ?? null;
  const demoted =
    voterTarget(members.length) === members.length ? voiceless.filter((name) => members.includes(name)) : [];
  const isRemoval = members.length > 0 && (absent !== null || demoted.length > 0);
  return {
    ...LOST,
    silent: down,
    removed: isRemoval ? (absent ?? removed ?? down[0] ?? null) : null,
    absent,
    demoted,
  };
}

/** Only the number of voters is known, by JACO's policy. */
function stateByPolicy(
  status: ClusterStatus,
  { up, down, unclear, unreached, count, need, removed, selfVoiceless }: Quorum,
): QuorumState {
  const undecided = unclear.length + unreached.length > 0;
  if (down.length === 0) {
    if (undecided) return { kind: 'unclear' };
    if (removed === null) return { kind: 'enough' };
    return { ...LOST, silent: [removed], removed };
  }
  const worst = count - Math.min(down.length, count);
  if (worst >= need && up.length < need && undecided) return { kind: 'unclear' };
  if (worst > need) return { kind: 'enough' };
  const members = status.nodes.length + status.omitted;
  const isRemoval = members !== 2 && selfVoiceless && count === members;
  return {
    ...LOST,
    silent: down,
    removed: isRemoval ? (down[0] ?? null) : null,
    shortByOne: worst === need,
  };
}

/** No members are listed: a restarted node whose log cannot be read knows only the nodes it joined. */
function stateByJoinPeers({ voters, down }: Quorum): QuorumState {
  if (voters.length === 0 || down.length < voters.length) return { kind: 'unclear' };
  return { ...LOST, silent: down, removed: null };
}
