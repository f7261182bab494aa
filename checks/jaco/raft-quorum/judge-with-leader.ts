import { type Cause, type Judgement, judged, pass } from '../../../src/engine/finding.ts';
import { describePeerFailure, peerName } from '../../../src/probes/jaco/raft/peer-answer.ts';
import type { PeerStatuses } from '../../../src/probes/jaco/raft/peer-status.ts';
import type { Quorum } from '../../../src/probes/jaco/raft/quorum.ts';

type FindingId = 'quorum_at_risk';

/** The state of one member that gives no answer or knows no leader. */
export function describeSilence(peer: PeerStatuses['peers'][number]): string {
  if (peer.answer.kind === 'failure') return describePeerFailure(peer);
  return peer.answer.view.initialized ? 'answers and knows no leader' : 'answers that it is in no cluster';
}

/** The quorum while a leader is known: which of its voters are missing. */
export function judgeWithLeader(
  { basis, voters, count, need, up, down, unclear, unreached }: Quorum,
  { peers }: PeerStatuses,
  members: number,
): Judgement<FindingId, never> {
  const notes = [
    ...(members === 2
      ? [
          basis === 'leader' && voters.length === 1
            ? `${voters[0]} is the only voter of these two members: if it fails, no leader can be elected. Join a third member.`
            : 'JACO gives two members one voter: if that node fails, no leader can be elected. Join a third member.',
        ]
      : []),
    ...(unreached.length === 0
      ? []
      : [
          `${unreached.join(', ')} ${unreached.length === 1 ? 'is' : 'are'} unreachable from here at the listed address; its vote is not affected by that`,
        ]),
  ];
  const notJudged = unclear
    .filter(() => basis === 'leader')
    .map((subject) => ({
      subject,
      reason: silenceReason(subject, peers),
      next: { kind: 'on-node', node: subject } as const,
    }));
  const everybodyVotes = basis === 'leader' || count === members;
  // A known leader proves that a majority is up. Fewer answers show a fault of this host's network, not of the voters.
  if (down.length > 0 && everybodyVotes && up.length < need)
    return judged<FindingId, never>([], {
      evidence: [`a leader is known, so at least ${need} of ${count} voters are up`],
      notes,
      notJudged: [...new Set([...down, ...unclear])].map((subject) => ({
        subject,
        reason: `its operator port does not answer this host, but ${up.length} of ${count} voters could not elect a leader: ${silenceReason(subject, peers)}`,
        next: { kind: 'on-node', node: subject },
      })),
    });
  if (down.length > 0 && everybodyVotes && count >= 3 && up.length === need) {
    const evidence = [
      `${up.length} of ${count} voters answer (${up.join(', ')}), and ${need} are needed: if one more fails, no leader can be elected`,
      ...peers
        .filter((peer) => down.includes(peerName(peer)))
        .map((peer) => `${peerName(peer)}: ${describeSilence(peer)}`),
    ];
    return judged(
      [
        {
          id: 'quorum_at_risk',
          subject: null,
          evidence,
          cause: riskCause(down, peers),
          values: { silent: down.join(', ') },
        },
      ],
      { notes, notJudged },
    );
  }
  if (basis === 'leader')
    return pass(
      [
        `${up.length} of ${count} voter${count === 1 ? '' : 's'} answer${count === 1 ? 's' : ''} (${voters.join(', ')}), ${need} needed`,
      ],
      { notes, notJudged },
    );
  const summary = `a leader is known, so a majority of the voters is up; JACO makes ${count} of ${members} members voters`;
  return pass([summary], {
    notes: [...notes, 'the leader itself did not answer, and only it lists the voters'],
    notJudged,
  });
}

/** The cause for the missing voters. If they differ, or nothing is known about one, its host comes first. */
function riskCause(down: readonly string[], peers: PeerStatuses['peers']): Cause<'quorum_at_risk'> {
  const kinds = new Set(
    down.map((name): Cause<'quorum_at_risk'> => {
      const peer = peers.find((one) => peerName(one) === name);
      if (peer === undefined) return 'voter-silent';
      if (peer.answer.kind === 'status') return peer.answer.view.initialized ? 'voter-cut-off' : 'voter-stuck';
      return peer.answer.why === 'silent' ? 'voter-stuck' : 'voter-silent';
    }),
  );
  return kinds.size === 1 ? ([...kinds][0] ?? 'voter-silent') : 'voter-silent';
}

function silenceReason(subject: string, peers: PeerStatuses['peers']): string {
  const peer = peers.find((one) => peerName(one) === subject);
  return peer === undefined ? 'not asked' : describePeerFailure(peer);
}
