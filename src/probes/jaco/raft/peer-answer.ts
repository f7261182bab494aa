import type { ThinStatus } from '../../../wire/decode-thin-status.ts';
import type { CallResult } from '../../io/grpc/grpc.ts';
import { type ConnectResult, describeConnect, isLocalShortage } from '../../io/try-connect.ts';
import { type PeerAnswer, thinViewOf } from '../control/peer-view.ts';
import type { PeerTarget } from './peer-targets.ts';

export type Peer = PeerTarget & {
  /** A connect of the doctor, to the raft port if the operator port was guessed. */
  readonly connect: ConnectResult;
  /** The fault of its certificate; null if there is none, or if the certificate was not verified. */
  readonly tlsFault: string | null;
  readonly answer: PeerAnswer;
};

/**
 * The state of a peer. `dead`: the connect was refused, had no route or was not answered. `silent`: connected, but no
 * answer came. `unclear`: something answers that may not be its daemon, or its address is a guess. `unreached`: from
 * outside, the address that the cluster lists cannot be reached, which says nothing about the node.
 */
export type Liveness = 'answers' | 'silent' | 'dead' | 'unclear' | 'unreached';

export function livenessOf(peer: Pick<Peer, 'answer' | 'connect' | 'guessed' | 'by'>): Liveness {
  const life = observedLiveness(peer);
  return life === 'dead' && peer.by === 'listed' ? 'unreached' : life;
}

/** The host is up and nothing listens. This is stronger evidence than silence, which a firewall also causes. */
export function isRefused({ connect }: Pick<Peer, 'connect'>): boolean {
  return connect.kind === 'error' && connect.code === 'ECONNREFUSED';
}

function observedLiveness({ answer, connect, guessed }: Pick<Peer, 'answer' | 'connect' | 'guessed'>): Liveness {
  if (answer.kind === 'status') return 'answers';
  // Its raft port accepts connections, and so does the guessed operator port, but that sends nothing: the daemon is
  // frozen.
  if (guessed && connect.kind === 'connected') return answer.why === 'silent' ? 'silent' : 'unclear';
  if (guessed) return isGone(connect) ? 'dead' : 'unclear';
  if (answer.why === 'silent') return 'silent';
  if (answer.phase !== 'connect') return 'unclear';
  return ['refused', 'absent', 'timeout'].includes(answer.why) ? 'dead' : 'unclear';
}

/** Whether something accepted a connection at the address that was asked. */
export function acceptedConnection({
  answer,
  connect,
  guessed,
}: Pick<Peer, 'answer' | 'connect' | 'guessed'>): boolean {
  if (guessed) return connect.kind === 'connected';
  return answer.kind === 'status' || !['resolve', 'connect'].includes(answer.phase);
}

function isGone(connect: ConnectResult): boolean {
  return (
    connect.kind === 'no-answer' ||
    (connect.kind === 'error' && connect.code !== 'EINVAL' && !isLocalShortage(connect.code))
  );
}

/** Why a peer does not answer, for evidence. */
export function describePeerFailure(peer: Peer): string {
  const { answer, connect, guessed, raftAddress } = peer;
  if (answer.kind === 'status') return 'answers';
  if (guessed && connect.kind !== 'connected') return describeConnect(`its raft port ${raftAddress}`, connect);
  if (answer.phase === 'connect' && connect.kind !== 'connected') return describeConnect(peer.grpcAddress, connect);
  // The texts of the transport have no subject.
  return answer.detail.replace(/^connected, then no /, `${peer.grpcAddress} accepted the connection, but sent no `);
}

/** The name of the peer in a sentence. */
export function peerName({
  hostname,
  raftAddress,
  grpcAddress,
}: Pick<PeerTarget, 'hostname' | 'raftAddress' | 'grpcAddress'>): string {
  return hostname ?? raftAddress ?? grpcAddress;
}

export function answerOf(
  called: CallResult<ThinStatus>,
  verified: boolean,
  hostname: string,
  raftAddress: string | null,
): PeerAnswer {
  if (called.kind === 'failure') return { kind: 'failure', ...called.failure };
  return { kind: 'status', verified, view: thinViewOf(called.response, hostname, raftAddress) };
}
