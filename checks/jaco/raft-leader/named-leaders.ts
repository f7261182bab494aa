import type { Finding } from '../../../src/engine/finding.ts';
import type { ClusterStatus } from '../../../src/probes/jaco/control/status-fact.ts';
import { peerName } from '../../../src/probes/jaco/raft/peer-answer.ts';
import type { PeerStatuses } from '../../../src/probes/jaco/raft/peer-status.ts';

type LeaderView = {
  readonly name: string;
  readonly leader: string;
  /** It lists raft's servers, which only a leader does. */
  readonly claims: boolean;
  readonly raftIndex: string;
  readonly initialized: boolean;
};

/** The leader that every answering node names in the last sample. */
export type NamedLeaders = {
  readonly here: string;
  readonly claimsHere: boolean;
  readonly others: readonly LeaderView[];
};

export function namedLeaders(last: ClusterStatus, { peers, localAgain }: PeerStatuses): NamedLeaders {
  const others = peers.flatMap((peer): LeaderView[] => {
    if (peer.answer.kind !== 'status' || peer.rival) return [];
    const { leader, suffrages, raftIndex, initialized } = peer.answer.view;
    return [{ name: peerName(peer), leader, claims: suffrages.length > 0, raftIndex, initialized }];
  });
  return { here: localAgain ?? last.leader, claimsHere: last.suffrages.length > 0, others };
}

/** Members that still differ in a second sample, one second after the first. */
export function leaderSplit({ here, claimsHere, others }: NamedLeaders): Finding<'leader_view_split', never> | null {
  const differing = others.filter((view) => view.leader !== here);
  if (differing.length === 0) return null;
  const describeView = ({ name, leader, raftIndex, initialized, claims }: LeaderView): string => {
    if (!initialized) return `${name} answers that it is in no cluster`;
    return leader === ''
      ? `${name} knows no leader (raft index ${raftIndex})`
      : `${name} reports ${leader}${claims ? ', itself,' : ''} as the leader (raft index ${raftIndex})`;
  };
  const evidence = [
    `this node reports ${here || 'no node'}${claimsHere ? ', itself,' : ''} as the leader`,
    ...differing.slice(0, 10).map(describeView),
  ];
  const claims = differing.filter((view) => view.claims);
  const first = others.find((view) => view.claims && view.leader === here)?.name ?? (claimsHere ? 'this node' : null);
  if (claims.length > 0 && first !== null)
    return {
      id: 'leader_view_split',
      subject: null,
      evidence,
      cause: 'two-leaders',
      values: { first, second: claims[0]?.name ?? '' },
    };
  // A daemon that has not loaded its raft state is not partitioned, so the advice is not about the network.
  const apart = differing.filter((view) => view.initialized);
  if (apart.length === 0) {
    const subject = differing.length === 1 ? (differing[0]?.name ?? null) : null;
    return { id: 'leader_view_split', subject, evidence, cause: 'not-resumed' };
  }
  const cause = apart.every((view) => view.leader === '') ? 'some-without' : 'different-leaders';
  const without = apart.map((view) => view.name).join(', ');
  return { id: 'leader_view_split', subject: null, evidence, cause, values: { without } };
}
